import { isoTime } from '../core/world.ts'
import type { IdentityChange } from '../model/notice.ts'
import { pageUrl } from '../model/thread-key.ts'
import type { AccountRow } from '../store/accounts/accounts.ts'
import { takeChallenge } from '../store/accounts/challenges.ts'
import {
  deleteIdentity,
  type IdentityRow,
  insertIdentity,
  listHolders,
  listIdentities,
  noteIdentityUse,
} from '../store/accounts/identities.ts'
import { countWaysIn, holdAccount } from '../store/accounts/ways-in.ts'
import { findVerified, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import { type Entered, enter } from './enter.ts'
import { keepIdentity, keptIdentity, type VisitWish } from './identity-visit.ts'
import { writeAccountMail } from './mails.ts'
import { findKnownById, isOpen } from './people.ts'
import type { ProvenIdentity } from './proven-identity.ts'
import type { Providers } from './providers.ts'
import { record } from './record.ts'
import { isProven, type Session } from './sessions.ts'
import { hashToken } from './tokens.ts'

/** Somebody whose account can be signed in to. */
export interface OpenAccount {
  person: Person
  account: AccountRow
}

export type Arrived =
  | ({ kind: 'in' } & Entered)
  /** The person must say what is to be done: whatNow. The token is for the browser's cookie. */
  | { kind: 'ask'; token: string }
  /** All accounts that it opens were disabled. */
  | { kind: 'closed' }

/**
 * Somebody has come back from a provider that vouches for them. Whose one account the identity opens is signed in, as far as
 * one factor goes. An address that the provider tells opens nothing: it may be anybody's.
 */
export async function arrive(
  ctx: AccountContext,
  identity: ProvenIdentity,
  { wish, deviceToken }: { wish: VisitWish; deviceToken: unknown },
  visit: Visit,
): Promise<Arrived> {
  return await ctx.store.transaction(async (tx) => {
    const holders = await listHolders(tx, identity)
    const open = await openAccounts(tx, holders)
    const [only] = open
    if (wish.wants === 'enter' && holders.length > 0 && !only) return { kind: 'closed' }
    if (wish.wants === 'enter' && only && open.length === 1)
      return { kind: 'in', ...(await enterBy(tx, ctx, identity, only, { deviceToken, visit })) }
    return { kind: 'ask', token: await keepIdentity(tx, ctx, { ...wish, identity }) }
  })
}

async function openAccounts(db: Db, personIds: readonly string[]): Promise<OpenAccount[]> {
  const open: OpenAccount[] = []
  for (const id of personIds) {
    const known = await findKnownById(db, id)
    if (known && isOpen(known.account)) open.push({ person: known.person, account: known.account })
  }
  return open
}

async function enterBy(
  tx: Db,
  ctx: AccountContext,
  identity: ProvenIdentity,
  who: OpenAccount,
  { deviceToken, visit }: { deviceToken: unknown; visit: Visit },
): Promise<Entered> {
  const used = { label: identity.label, last_used_at: isoTime(ctx.world.now()) }
  await noteIdentityUse(tx, identity, who.person.id, used)
  return await enter(tx, ctx, { ...who, way: 'identity', strong: identity.strong, visit, deviceToken })
}

/** What there is to decide about the identity that a browser has kept. */
export type WhatNow =
  /** There is none (any more), or it was to be linked to an account that nobody is signed in to. */
  | { kind: 'over' }
  /** It opens several accounts. */
  | { kind: 'choose'; identity: ProvenIdentity; accounts: OpenAccount[] }
  /** It opens none, and nobody is signed in. */
  | { kind: 'unknown'; identity: ProvenIdentity; to: string }
  /** It can be linked to the account that is signed in. `others`: what it opens already. */
  | { kind: 'link'; identity: ProvenIdentity; others: OpenAccount[] }
  /** It opens the account that is signed in. */
  | { kind: 'linked'; identity: ProvenIdentity }

/** Decides nothing, and changes nothing. */
export async function whatNow(ctx: AccountContext, token: unknown, session: Session | null): Promise<WhatNow> {
  const { db } = ctx.store
  const kept = await keptIdentity(db, ctx, token)
  if (!kept) return { kind: 'over' }
  const { identity, wants, personId, to } = kept.data
  const accounts = await openAccounts(db, await listHolders(db, identity))
  if (wants === 'enter' && accounts.length > 1) return { kind: 'choose', identity, accounts }
  const own = session?.stage === 'full' ? session.personId : null
  if (own === null) return wants === 'enter' ? { kind: 'unknown', identity, to } : { kind: 'over' }
  if (wants === 'link' && personId !== own) return { kind: 'over' }
  if (accounts.some(({ person }) => person.id === own)) return { kind: 'linked', identity }
  return { kind: 'link', identity, others: accounts }
}

/** Signs in to one of several accounts that the kept identity opens; null where it does not (any more). */
export async function chooseAccount(
  ctx: AccountContext,
  { token, personId, deviceToken }: { token: unknown; personId: string; deviceToken: unknown },
  visit: Visit,
): Promise<(Entered & { to: string }) | null> {
  return await ctx.store.transaction(async (tx) => {
    const kept = await keptIdentity(tx, ctx, token)
    if (kept?.data.wants !== 'enter') return null
    const { identity, to } = kept.data
    const accounts = await openAccounts(tx, await listHolders(tx, identity))
    const chosen = accounts.find(({ person }) => person.id === personId)
    if (!chosen || !(await takeChallenge(tx, kept.id))) return null
    return { ...(await enterBy(tx, ctx, identity, chosen, { deviceToken, visit })), to }
  })
}

/** over: there is nothing to link (any more). */
export type IdentityLinked = 'linked' | 'unproven' | 'over'

/** Links the kept identity to the account that is signed in, whatever others it opens. The person is told by mail. */
export async function linkIdentity(
  ctx: AccountContext,
  session: Session,
  token: unknown,
  visit: Visit,
): Promise<IdentityLinked> {
  if (!isProven(ctx, session)) return 'unproven'
  const { personId } = session
  return await ctx.store.transaction(async (tx) => {
    const kept = await keptIdentity(tx, ctx, token)
    const known = await findKnownById(tx, personId)
    if (!kept || !known || !isOpen(known.account)) return 'over'
    if (kept.data.wants === 'link' && kept.data.personId !== personId) return 'over'
    if (!(await takeChallenge(tx, kept.id))) return 'over'
    const { identity } = kept.data
    const { issuer, subject, label, providerLabel } = identity
    const row = {
      issuer,
      subject,
      label,
      person_id: personId,
      created_at: isoTime(ctx.world.now()),
      last_used_at: null,
    }
    if (!(await insertIdentity(tx, row))) return 'linked'
    await record(tx, ctx, { personId, visit }, 'identity-linked', described(identity))
    await tellOfIdentity(tx, ctx, known.person, providerLabel, 'linked')
    return 'linked'
  })
}

/** How the security log names an identity. */
export function described({ providerLabel, label }: { providerLabel: string; label: string }): string {
  return [providerLabel, label].filter((it) => it).join(': ')
}

export async function tellOfIdentity(
  tx: Db,
  ctx: AccountContext,
  to: Person,
  provider: string,
  change: IdentityChange,
): Promise<void> {
  const securityUrl = pageUrl(ctx.policy.portalUrl, 'account')
  await writeAccountMail(tx, ctx, to, { kind: 'identity-changed', change, provider, securityUrl }, false)
}

/** An identity as its owner sees it. */
export interface OwnIdentity {
  /** Names it among its owner's, in paths and forms. */
  key: string
  providerLabel: string
  label: string
  /** ISO 8601 UTC. */
  createdAt: string
  lastUsedAt: string | null
  row: IdentityRow
}

export async function identitiesOf(
  db: Db,
  { list }: Pick<Providers, 'list'>,
  personId: string,
): Promise<OwnIdentity[]> {
  return (await listIdentities(db, personId)).map((row) => ({
    key: hashToken(`${row.issuer}\n${row.subject}`),
    // Of a provider that is not in the configuration any more: its host.
    providerLabel: list.find((it) => it.issuer === row.issuer)?.label ?? new URL(row.issuer).host,
    label: row.label,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    row,
  }))
}

/** last: no other way in would remain, and it stays. */
export type IdentityUnlinked = 'unlinked' | 'unproven' | 'unknown' | 'last'

/** Takes an identity away from somebody who has proven themselves lately, and tells them by mail; never their last way in. */
export async function unlinkIdentity(
  ctx: AccountContext,
  providers: Pick<Providers, 'list'>,
  session: Session,
  key: string,
  visit: Visit,
): Promise<IdentityUnlinked> {
  if (!isProven(ctx, session)) return 'unproven'
  const { personId } = session
  return await ctx.store.transaction(async (tx) => {
    await holdAccount(tx, personId)
    const known = await findKnownById(tx, personId)
    const identity = (await identitiesOf(tx, providers, personId)).find((it) => it.key === key)
    if (!known || !identity) return 'unknown'
    if (!(await canSpareOne(tx, known.person))) return 'last'
    await deleteIdentity(tx, identity.row, personId)
    await record(tx, ctx, { personId, visit }, 'identity-unlinked', described(identity))
    await tellOfIdentity(tx, ctx, known.person, identity.providerLabel, 'unlinked')
    return 'unlinked'
  })
}

/** Whether somebody comes in without one of their ways: by another one, and by mail to an address that they were shown to read. */
export async function canSpareOne(tx: Db, person: Person): Promise<boolean> {
  return (await countWaysIn(tx, person.id)) > 1 && (await findVerified(tx, [person.address])).has(person.address)
}
