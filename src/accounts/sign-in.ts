import { normaliseAddress } from '../model/address.ts'
import { findAccountByAddress } from '../store/accounts/accounts.ts'
import type { AccountContext, Visit } from './context.ts'
import { type Entered, enter } from './enter.ts'
import { knownBrowser } from './known-browser.ts'
import { openLink, useLink } from './links.ts'
import { findKnown, findKnownById, isOpen } from './people.ts'
import { record } from './record.ts'
import { raiseSession, type Session } from './sessions.ts'
import { noteSuccess, takeTurn } from './throttle.ts'

export type SignedIn =
  | ({ kind: 'in' } & Entered)
  /** A wrong password and an unknown address look the same. `wait`: milliseconds before the next try. */
  | { kind: 'wrong'; wait: number }
  /** The password was not looked at: too many tries came before. */
  | { kind: 'wait'; wait: number }

/** Signs in by address and password. Takes as long for an address that nobody has. */
export async function signIn(
  ctx: AccountContext,
  wish: { address: string; password: string; deviceToken: unknown; browserToken: string | null },
  visit: Visit,
): Promise<SignedIn> {
  const { db } = ctx.store
  const address = normaliseAddress(wish.address)
  const browser = knownBrowser(ctx.policy.secrets, address, wish.browserToken)
  const attempt = { what: 'password', address, network: visit.network, browser }
  const { wait, next } = await ctx.store.transaction(async (tx) => await takeTurn(tx, ctx, attempt))
  if (wait > 0) return { kind: 'wait', wait }
  const account = await findAccountByAddress(db, address)
  const hash = isOpen(account) ? account.password_hash : null
  const right = await ctx.hasher.verify(hash, wish.password)
  return await ctx.store.transaction(async (tx) => {
    const known = right ? await findKnown(tx, address) : null
    // Nor where it was changed or disabled while the password was looked at.
    if (!known || !isOpen(known.account) || known.account.password_hash !== hash) {
      // The same rows are written for an address that nobody has.
      await record(tx, ctx, { personId: account?.person_id ?? null, visit }, 'sign-in-failed')
      return { kind: 'wrong', wait: next }
    }
    await noteSuccess(tx, attempt)
    const { person, account: now } = known
    const who = { person, account: now, way: 'password', visit, deviceToken: wish.deviceToken } as const
    return { kind: 'in', ...(await enter(tx, ctx, who)) }
  })
}

export type LinkUsed = ({ kind: 'in' } & Entered) | { kind: 'link'; state: 'expired' | 'spent' | 'unknown' }

/** Signs in by a link that was sent to the address. A second factor is still asked for. */
export async function signInByLink(
  ctx: AccountContext,
  wish: { token: unknown; deviceToken: unknown },
  visit: Visit,
): Promise<LinkUsed> {
  return await ctx.store.transaction(async (tx) => {
    const link = await openLink(tx, ctx, ['sign-in'], wish.token)
    const known = link?.personId ? await findKnownById(tx, link.personId) : null
    if (!link || !known || !isOpen(known.account)) return { kind: 'link', state: 'unknown' }
    if (link.state !== 'open') return { kind: 'link', state: link.state }
    // A link that was sent to an address which is no longer theirs opens nothing.
    if (known.person.address !== link.address || !(await useLink(tx, ctx, link)))
      return { kind: 'link', state: 'spent' }
    const who = {
      person: known.person,
      account: known.account,
      way: 'link',
      visit,
      deviceToken: wish.deviceToken,
    } as const
    return { kind: 'in', ...(await enter(tx, ctx, who)) }
  })
}

/** Somebody who is signed in proves themselves anew by their password, before a sensitive change. Throttled as signing in is. */
export async function proveAgain(
  ctx: AccountContext,
  session: Session,
  address: string,
  password: string,
  visit: Visit,
): Promise<SignedIn> {
  const attempt = { what: 'password', address, network: visit.network, browser: session.id }
  const { wait, next } = await ctx.store.transaction(async (tx) => await takeTurn(tx, ctx, attempt))
  if (wait > 0) return { kind: 'wait', wait }
  const known = await findKnownById(ctx.store.db, session.personId)
  const right = await ctx.hasher.verify(known?.account?.password_hash ?? null, password)
  return await ctx.store.transaction(async (tx) => {
    if (right) {
      await noteSuccess(tx, attempt)
      return { kind: 'in', ...(await raiseSession(tx, ctx, session, { stage: 'full', way: 'password' })) }
    }
    await record(tx, ctx, { personId: session.personId, visit }, 'sign-in-failed')
    return { kind: 'wrong', wait: next }
  })
}
