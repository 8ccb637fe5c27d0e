import { generateRegistrationOptions, type PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'
import { isoBase64URL } from '@simplewebauthn/server/helpers'
import { isoTime } from '../core/world.ts'
import type { Factor } from '../model/notice.ts'
import { pageUrl } from '../model/thread-key.ts'
import { deletePasskey, insertPasskey, listPasskeys, updatePasskeyName } from '../store/accounts/passkeys.ts'
import { countWaysIn, holdAccount } from '../store/accounts/ways-in.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import { ALGORITHMS, checkMade, type MadePasskey, split } from './made-passkey.ts'
import { writeAccountMail } from './mails.ts'
import { CHALLENGE_LIFE, makeChallenge, passkeyPlace, spendChallenge, userHandle } from './passkey-challenge.ts'
import { findKnownById, type Known } from './people.ts'
import { record } from './record.ts'
import { isProven, type Session } from './sessions.ts'
import { hashToken } from './tokens.ts'

/** One person has no more devices than this. */
const MOST_PASSKEYS = 20
const MOST_NAME = 60

export interface Passkey {
  /** Names it among its owner's, in paths and forms. */
  key: string
  id: string
  name: string
  /** ISO 8601 UTC. */
  createdAt: string
  lastUsedAt: string | null
}

export async function passkeysOf(db: Db, personId: string): Promise<Passkey[]> {
  return (await listPasskeys(db, personId)).map((row) => ({
    key: hashToken(row.id).slice(0, 22),
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }))
}

export type PasskeyBegun =
  | { kind: 'options'; options: PublicKeyCredentialCreationOptionsJSON }
  | { kind: 'unproven' | 'impossible' | 'many' }

/** What a browser needs to make a passkey for somebody who is signed in and has proven themselves lately. */
export async function beginPasskey(
  ctx: AccountContext,
  session: Session,
  { browser, brand }: { browser: string; brand: string },
): Promise<PasskeyBegun> {
  const place = passkeyPlace(ctx.policy.portalUrl)
  const known = await findKnownById(ctx.store.db, session.personId)
  if (!isProven(ctx, session) || !known) return { kind: 'unproven' }
  if (!place) return { kind: 'impossible' }
  const { person } = known
  const passkeys = await listPasskeys(ctx.store.db, person.id)
  if (passkeys.length >= MOST_PASSKEYS) return { kind: 'many' }
  const challenge = await makeChallenge(ctx, { browser, personId: person.id })
  const options = await generateRegistrationOptions({
    rpID: place.host,
    rpName: brand,
    userID: userHandle(person.id),
    userName: person.address,
    userDisplayName: person.name || person.address,
    challenge: isoBase64URL.toBuffer(challenge),
    timeout: CHALLENGE_LIFE,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: passkeys.map(({ id, transports }) => ({ id, transports: split(transports) })),
  })
  return { kind: 'options', options }
}

export type PasskeyAdded =
  | { kind: 'added' }
  /** late: the challenge is over or was answered. refused: it is no good answer. taken: somebody has this passkey. */
  | { kind: 'unproven' | 'impossible' | 'late' | 'refused' | 'taken' }

/** Keeps a passkey that a browser has made, under the person's own name for it, and tells them by mail. */
export async function addPasskey(
  ctx: AccountContext,
  session: Session,
  wish: { made: MadePasskey; browser: string; name: string },
  visit: Visit,
): Promise<PasskeyAdded> {
  const { personId } = session
  if (!isProven(ctx, session)) return { kind: 'unproven' }
  const challenge = await spendChallenge(ctx, wish.made.clientData, { browser: wish.browser, personId })
  if (challenge === null) return { kind: 'late' }
  const checked = await checkMade(ctx, wish.made, challenge)
  if ('refused' in checked) {
    await record(ctx.store.db, ctx, { personId, visit }, 'passkey-refused', checked.refused)
    return { kind: 'refused' }
  }
  const name = nameOf(wish.name, visit)
  const row = { ...checked, person_id: personId, name, created_at: isoTime(ctx.world.now()), last_used_at: null }
  return await ctx.store.transaction(async (tx) => {
    const known = await findKnownById(tx, personId)
    if (!known) return { kind: 'unproven' }
    if (!(await insertPasskey(tx, row))) return { kind: 'taken' }
    await record(tx, ctx, { personId, visit }, 'passkey-added', name)
    await tell(tx, ctx, known, 'second-factor-on')
    return { kind: 'added' }
  })
}

function nameOf(wanted: string, visit: Visit): string {
  return [...wanted.trim()].slice(0, MOST_NAME).join('') || visit.device || '—'
}

/** Says whether it is theirs. */
export async function renamePasskey(
  ctx: AccountContext,
  session: Session,
  { key, name }: { key: string; name: string },
  visit: Visit,
): Promise<boolean> {
  const passkey = (await passkeysOf(ctx.store.db, session.personId)).find((it) => it.key === key)
  if (passkey) await updatePasskeyName(ctx.store.db, session.personId, passkey.id, nameOf(name, visit))
  return passkey !== undefined
}

/** last: it is the last way in, and stays. */
export type PasskeyRemoved = 'removed' | 'unproven' | 'unknown' | 'last'

/** Takes a passkey away from somebody who has proven themselves lately, and tells them by mail; never their last way in. */
export async function removePasskey(
  ctx: AccountContext,
  session: Session,
  key: string,
  visit: Visit,
): Promise<PasskeyRemoved> {
  if (!isProven(ctx, session)) return 'unproven'
  const { personId } = session
  return await ctx.store.transaction(async (tx) => {
    await holdAccount(tx, personId)
    const known = await findKnownById(tx, personId)
    const passkey = (await passkeysOf(tx, personId)).find((it) => it.key === key)
    if (!known || !passkey) return 'unknown'
    if ((await countWaysIn(tx, personId)) < 2) return 'last'
    await deletePasskey(tx, personId, passkey.id)
    await record(tx, ctx, { personId, visit }, 'passkey-removed', passkey.name)
    await tell(tx, ctx, known, 'second-factor-off')
    return 'removed'
  })
}

async function tell(
  tx: Db,
  ctx: AccountContext,
  { person }: Known,
  kind: 'second-factor-on' | 'second-factor-off',
): Promise<void> {
  const factor: Factor = 'passkey'
  const securityUrl = pageUrl(ctx.policy.portalUrl, 'account')
  await writeAccountMail(tx, ctx, person, { kind, factor, securityUrl }, false)
}
