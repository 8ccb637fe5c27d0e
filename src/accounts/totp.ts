import { Secret, TOTP } from 'otpauth'
import { isoTime } from '../core/world.ts'
import { findChallengeOf, insertChallenge, takeChallenge } from '../store/accounts/challenges.ts'
import { deleteFactor, findFactor, spendStep, writeFactor } from '../store/accounts/factors.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext } from './context.ts'
import { seal, unseal } from './seal.ts'
import type { Session } from './sessions.ts'

/** RFC 6238 with what every app knows: SHA-1, six digits, 30 seconds. One step to either side, for clocks that are off. */
const STEP = 30
const DRIFT = 1
/** Bytes; RFC 4226, 4 asks for 160 bits. */
const SECRET_BYTES = 20
/** Milliseconds that a setup may take. */
const SETUP_LIFE = 30 * 60_000

export interface TotpSetup {
  /** Base32 in groups of four, to be typed. */
  typed: string
  /** otpauth://… for the QR code. */
  uri: string
}

/** How an app names the account. */
export interface TotpLabel {
  address: string
  issuer: string
}

/**
 * Begins to set up a code app, in this session alone; it counts once a code of it was shown (confirmTotp), and until then one
 * that was there before stays good. Begun anew, the secret is another.
 */
export async function beginTotp(tx: Db, ctx: AccountContext, session: Session): Promise<void> {
  const secret = new Secret({ buffer: new Uint8Array(ctx.world.secret(SECRET_BYTES)).buffer })
  const sealed = seal(ctx.world, ctx.policy.secrets, placeOf(session.personId), secret.base32)
  const now = ctx.world.now()
  await insertChallenge(tx, {
    id: ctx.world.id(),
    kind: setupKind(session),
    person_id: session.personId,
    data: JSON.stringify({ sealed }),
    tries: 0,
    created_at: isoTime(now),
    expires_at: isoTime(now + SETUP_LIFE),
  })
}

/** The setup that was begun and not confirmed, to show it; null where there is none. */
export async function pendingTotp(
  db: Db,
  ctx: AccountContext,
  session: Session,
  { address, issuer }: TotpLabel,
): Promise<TotpSetup | null> {
  const pending = await findPending(db, ctx, session)
  if (!pending) return null
  const secret = secretOf(ctx, session.personId, pending.sealed)
  const app = new TOTP({ issuer, label: address, algorithm: 'SHA1', digits: 6, period: STEP, secret })
  return { typed: secret.base32.replace(/.{4}(?=.)/g, '$& '), uri: app.toString() }
}

/** Turns the code app on by a first code of it, in the place of one before. Says whether the code was right. */
export async function confirmTotp(tx: Db, ctx: AccountContext, session: Session, code: string): Promise<boolean> {
  const pending = await findPending(tx, ctx, session)
  const step = pending && stepOf(ctx, secretOf(ctx, session.personId, pending.sealed), code)
  if (!pending || step === null || !(await takeChallenge(tx, pending.id))) return false
  const at = isoTime(ctx.world.now())
  await writeFactor(tx, {
    person_id: session.personId,
    kind: 'totp',
    secret: pending.sealed,
    created_at: at,
    confirmed_at: at,
    // The code that it was turned on by is no code any more.
    last_step: step,
  })
  return true
}

/** Whether a code of the person's app is right now, and was not used before (RFC 6238, 5.2). */
export async function checkTotp(tx: Db, ctx: AccountContext, personId: string, code: string): Promise<boolean> {
  const factor = await findFactor(tx, personId, 'totp')
  if (!factor || factor.confirmed_at === null) return false
  const step = stepOf(ctx, secretOf(ctx, personId, factor.secret), code)
  return step !== null && (await spendStep(tx, personId, step))
}

/** Whether an app was set up at all. */
export async function removeTotp(tx: Db, personId: string): Promise<boolean> {
  return await deleteFactor(tx, personId, 'totp')
}

/** The time step that a code is of, among those that are taken now; null where it is of none. */
function stepOf(ctx: Pick<AccountContext, 'world'>, secret: Secret, typed: string): number | null {
  const token = typed.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const timestamp = ctx.world.now()
  const app = new TOTP({ algorithm: 'SHA1', digits: 6, period: STEP, secret })
  const off = app.validate({ token, timestamp, window: DRIFT })
  return off === null ? null : Math.floor(timestamp / 1_000 / STEP) + off
}

async function findPending(
  db: Db,
  { world }: AccountContext,
  session: Session,
): Promise<{ id: string; sealed: string } | null> {
  const row = await findChallengeOf(db, setupKind(session), session.personId, isoTime(world.now()))
  return row && { id: row.id, sealed: (JSON.parse(row.data) as { sealed: string }).sealed }
}

function secretOf({ policy }: AccountContext, personId: string, sealed: string): Secret {
  return Secret.fromBase32(unseal(policy.secrets, placeOf(personId), sealed))
}

function placeOf(personId: string): string {
  return `totp ${personId}`
}

function setupKind({ id }: Session): string {
  return `totp ${id}`
}
