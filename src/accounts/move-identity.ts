import { isoTime } from '../core/world.ts'
import { maskAddress } from '../model/address.ts'
import { takeChallenge } from '../store/accounts/challenges.ts'
import { deleteIdentity, insertIdentity, listHolders } from '../store/accounts/identities.ts'
import { holdAccount } from '../store/accounts/ways-in.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import { canSpareOne, described, type OpenAccount, tellOfIdentity } from './identities.ts'
import { keptIdentity } from './identity-visit.ts'
import { LINK_LIFE, makeLink, type OpenedLink, openLink, useLink } from './links.ts'
import { writeAccountMail } from './mails.ts'
import { findKnownById, isOpen } from './people.ts'
import type { ProvenIdentity } from './proven-identity.ts'
import { record } from './record.ts'
import { isProven, type Session } from './sessions.ts'
import { noteSuccess, takeTurn } from './throttle.ts'

const HOUR = 3_600_000

type Moving = Pick<ProvenIdentity, 'issuer' | 'subject' | 'label' | 'providerLabel'>

interface Move {
  identity: Moving
  from: OpenAccount
  to: OpenAccount
}

/** The kept identity, with the account that it opens (`from`) and the one that is signed in; null where that is not so. */
async function moveOf(
  db: Db,
  ctx: AccountContext,
  session: Session,
  { token, from }: { token: unknown; from: string },
): Promise<(Move & { challenge: string }) | null> {
  const kept = await keptIdentity(db, ctx, token)
  if (!kept || from === session.personId) return null
  if (kept.data.wants === 'link' && kept.data.personId !== session.personId) return null
  const { identity } = kept.data
  const move = await holders(db, identity, from, session.personId)
  return move && { ...move, challenge: kept.id }
}

async function holders(db: Db, identity: Moving, from: string, to: string): Promise<Move | null> {
  if (!(await listHolders(db, identity)).includes(from)) return null
  const [giver, taker] = [await findKnownById(db, from), await findKnownById(db, to)]
  if (!giver || !isOpen(giver.account) || !taker || !isOpen(taker.account)) return null
  return {
    identity,
    from: { person: giver.person, account: giver.account },
    to: { person: taker.person, account: taker.account },
  }
}

export type IdentityMoved =
  | { kind: 'moved'; address: string }
  /** The password of the other account was wrong, or not looked at; `wait`: milliseconds before the next try. */
  | { kind: 'wrong' | 'wait'; wait: number }
  /** last: the other account would have no way in any more. over: there is nothing to move (any more). */
  | { kind: 'unproven' | 'last' | 'over' }

/**
 * Moves the kept identity to the account that is signed in, from another one (`from`) whose password is shown. Throttled as
 * signing in is.
 */
export async function moveByPassword(
  ctx: AccountContext,
  session: Session,
  wish: { token: unknown; from: string; password: string },
  visit: Visit,
): Promise<IdentityMoved> {
  if (!isProven(ctx, session)) return { kind: 'unproven' }
  const { db } = ctx.store
  const found = await moveOf(db, ctx, session, wish)
  if (!found) return { kind: 'over' }
  const { person, account } = found.from
  const attempt = { what: 'password', address: person.address, network: visit.network }
  const { wait, next } = await ctx.store.transaction(async (tx) => await takeTurn(tx, ctx, attempt))
  if (wait > 0) return { kind: 'wait', wait }
  const right = await ctx.hasher.verify(account.password_hash, wish.password)
  return await ctx.store.transaction(async (tx) => {
    if (!right) {
      await record(tx, ctx, { personId: person.id, visit }, 'sign-in-failed')
      return { kind: 'wrong', wait: next }
    }
    await noteSuccess(tx, attempt)
    const move = await moveOf(tx, ctx, session, wish)
    if (!move) return { kind: 'over' }
    return (await transfer(tx, ctx, move, visit, () => takeChallenge(tx, move.challenge))) ?? { kind: 'over' }
  })
}

/**
 * Sends a link to the other account's address, by which its owner lets the identity go. Nothing comes back: whoever calls this
 * answers before it is done.
 */
export async function askToMove(
  ctx: AccountContext,
  session: Session,
  wish: { token: unknown; from: string },
  visit: Visit,
): Promise<void> {
  if (!isProven(ctx, session)) return
  await ctx.store.transaction(async (tx) => {
    const move = await moveOf(tx, ctx, session, wish)
    if (!move || !(await takeChallenge(tx, move.challenge))) return
    const { identity, from, to } = move
    const { issuer, subject, label, providerLabel } = identity
    const { id: personId, address } = from.person
    const data = { issuer, subject, label, providerLabel, to: to.person.id }
    const url = await makeLink(tx, ctx, { purpose: 'move-identity', personId, address, data })
    const newAddress = maskAddress(to.person.address)
    const hours = LINK_LIFE['move-identity'] / HOUR
    const mail = { kind: 'identity-move', url, hours, provider: providerLabel, newAddress } as const
    await writeAccountMail(tx, ctx, from.person, mail, true)
    await record(tx, ctx, { personId, visit }, 'identity-move-asked', `${described(identity)} → ${newAddress}`)
  })
}

export type MoveLinkUsed =
  | { kind: 'moved'; address: string }
  | { kind: 'last' }
  | { kind: 'link'; state: 'expired' | 'spent' | 'unknown' }

/** The move that an open link stands for; null where one of the two accounts is not what it was. */
export async function movedByLink(db: Db, link: OpenedLink): Promise<Move | null> {
  const { issuer = '', subject = '', label = '', providerLabel = '', to = '' } = link.data
  if (link.personId === null) return null
  const move = await holders(db, { issuer, subject, label, providerLabel }, link.personId, to)
  // A link that was sent to an address which is no longer theirs moves nothing.
  return move?.from.person.address === link.address ? move : null
}

/** The owner of the other account lets the identity go, by the link in a mail. */
export async function moveByLink(ctx: AccountContext, token: unknown, visit: Visit): Promise<MoveLinkUsed> {
  return await ctx.store.transaction(async (tx) => {
    const link = await openLink(tx, ctx, ['move-identity'], token)
    if (!link) return { kind: 'link', state: 'unknown' }
    if (link.state !== 'open') return { kind: 'link', state: link.state }
    const move = await movedByLink(tx, link)
    if (!move) return { kind: 'link', state: 'spent' }
    const moved = await transfer(tx, ctx, move, visit, () => useLink(tx, ctx, link))
    return moved ?? { kind: 'link', state: 'spent' }
  })
}

/** Both people are told, and both security logs say so. null where what allows it (`spend`) was spent already. */
async function transfer(
  tx: Db,
  ctx: AccountContext,
  { identity, from, to }: Move,
  visit: Visit,
  spend: () => Promise<boolean>,
): Promise<{ kind: 'moved'; address: string } | { kind: 'last' } | null> {
  await holdAccount(tx, from.person.id)
  if (!(await canSpareOne(tx, from.person))) return { kind: 'last' }
  if (!(await spend()) || !(await deleteIdentity(tx, identity, from.person.id))) return null
  const { issuer, subject, label, providerLabel } = identity
  const at = isoTime(ctx.world.now())
  const row = { issuer, subject, label, person_id: to.person.id, created_at: at, last_used_at: null }
  await insertIdentity(tx, row)
  const [gone, come] = [maskAddress(from.person.address), maskAddress(to.person.address)]
  const away = { personId: from.person.id, visit }
  await record(tx, ctx, away, 'identity-moved-away', `${described(identity)} → ${come}`)
  await record(tx, ctx, { personId: to.person.id, visit }, 'identity-moved', `${described(identity)} ← ${gone}`)
  await tellOfIdentity(tx, ctx, from.person, providerLabel, 'moved-away')
  await tellOfIdentity(tx, ctx, to.person, providerLabel, 'moved-here')
  return { kind: 'moved', address: to.person.address }
}
