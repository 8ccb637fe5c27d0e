import { Secret, TOTP } from 'otpauth'
import { isoTime } from '../core/world.ts'
import { deleteFactor, findFactor, spendStep, writeFactor } from '../store/accounts/factors.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext } from './context.ts'
import { seal, unseal } from './seal.ts'

/** RFC 6238 with what every app knows: SHA-1, six digits, 30 seconds. One step to either side, for clocks that are off. */
const STEP = 30
const DRIFT = 1
/** Bytes; RFC 4226, 4 asks for 160 bits. */
const SECRET_BYTES = 20

export interface TotpSetup {
  /** Base32 in groups of four, to be typed. */
  typed: string
  /** otpauth://… for the QR code. */
  uri: string
}

/** Begins to set up a code app; it counts once a code of it was shown (confirmTotp). Begun anew, the secret is another. */
export async function beginTotp(
  tx: Db,
  ctx: AccountContext,
  who: { personId: string; address: string; issuer: string },
): Promise<TotpSetup> {
  const secret = new Secret({ buffer: new Uint8Array(ctx.world.secret(SECRET_BYTES)).buffer })
  await writeFactor(tx, {
    person_id: who.personId,
    kind: 'totp',
    secret: seal(ctx.world, ctx.policy.secrets, `totp ${who.personId}`, secret.base32),
    created_at: isoTime(ctx.world.now()),
    confirmed_at: null,
    last_step: null,
  })
  return setupOf(secret, who)
}

function setupOf(secret: Secret, { address, issuer }: { address: string; issuer: string }): TotpSetup {
  const app = new TOTP({ issuer, label: address, algorithm: 'SHA1', digits: 6, period: STEP, secret })
  return { typed: secret.base32.replace(/.{4}(?=.)/g, '$& '), uri: app.toString() }
}

/** The setup that was begun and not confirmed, to show it again; null where there is none. */
export async function pendingTotp(
  db: Db,
  ctx: AccountContext,
  who: { personId: string; address: string; issuer: string },
): Promise<TotpSetup | null> {
  const factor = await findFactor(db, who.personId, 'totp')
  if (!factor || factor.confirmed_at !== null) return null
  return setupOf(Secret.fromBase32(unseal(ctx.policy.secrets, `totp ${who.personId}`, factor.secret)), who)
}

/** Turns the code app on by a first code of it. Says whether the code was right. */
export async function confirmTotp(tx: Db, ctx: AccountContext, personId: string, code: string): Promise<boolean> {
  const factor = await findFactor(tx, personId, 'totp')
  if (!factor || factor.confirmed_at !== null || !(await useCode(tx, ctx, factor, code))) return false
  const used = await findFactor(tx, personId, 'totp')
  await writeFactor(tx, { ...factor, last_step: used?.last_step ?? null, confirmed_at: isoTime(ctx.world.now()) })
  return true
}

/** Whether a code of the person's app is right now, and was not used before (RFC 6238, 5.2). */
export async function checkTotp(tx: Db, ctx: AccountContext, personId: string, code: string): Promise<boolean> {
  const factor = await findFactor(tx, personId, 'totp')
  return factor !== null && factor.confirmed_at !== null && (await useCode(tx, ctx, factor, code))
}

/** Whether an app was set up at all. */
export async function removeTotp(tx: Db, personId: string): Promise<boolean> {
  return await deleteFactor(tx, personId, 'totp')
}

async function useCode(
  tx: Db,
  ctx: AccountContext,
  factor: { person_id: string; secret: string },
  typed: string,
): Promise<boolean> {
  const code = typed.replace(/\s/g, '')
  if (!/^\d{6}$/.test(code)) return false
  const secret = Secret.fromBase32(unseal(ctx.policy.secrets, `totp ${factor.person_id}`, factor.secret))
  const now = ctx.world.now()
  const off = new TOTP({ algorithm: 'SHA1', digits: 6, period: STEP, secret }).validate({
    token: code,
    timestamp: now,
    window: DRIFT,
  })
  if (off === null) return false
  return await spendStep(tx, factor.person_id, Math.floor(now / 1_000 / STEP) + off)
}
