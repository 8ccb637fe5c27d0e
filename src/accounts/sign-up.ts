import { normaliseAddress } from '../model/address.ts'
import type { Language } from '../model/language.ts'
import { pageUrl } from '../model/thread-key.ts'
import type { Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import { LINK_LIFE, makeLink } from './links.ts'
import { writeAccountMail } from './mails.ts'
import { findFormerHolder, findKnown, isOpen, isOwnAddress, type Known } from './people.ts'
import { record } from './record.ts'

export interface SignUp {
  name: string
  address: string
  /** Of the page that they signed up on. */
  language: Language
}

const HOUR = 3_600_000
const MINUTE = 60_000

/**
 * Somebody wants an account. Whoever is new gets a mail to create a password with; whoever has one is told so, with ways in.
 * Nothing comes back: the page says the same to everybody (whoever calls this answers before it is done, so that time tells
 * nothing either). Nobody is made a person before the address is proven.
 */
export async function signUp(ctx: AccountContext, wish: SignUp, visit: Visit): Promise<void> {
  if (isOwnAddress(ctx, wish.address)) return
  await ctx.store.transaction(async (tx) => {
    const known = await findKnown(tx, wish.address)
    if (known?.account?.disabled_at) return
    const former = await findFormerHolder(tx, wish.address)
    if (former) return await tellThatItExists(tx, ctx, former)
    if (known && isOpen(known.account)) await tellThatItExists(tx, ctx, known.person)
    else await welcome(tx, ctx, wish, known)
    if (known) await record(tx, ctx, { personId: known.person.id, visit }, 'signed-up')
  })
}

/** At the address that the account has now, whichever of theirs was typed. */
async function tellThatItExists(tx: Db, ctx: AccountContext, person: Person): Promise<void> {
  const resetUrl = await makeLink(tx, ctx, { purpose: 'reset-password', personId: person.id, address: person.address })
  const signInUrl = pageUrl(ctx.policy.portalUrl, 'sign-in')
  await writeAccountMail(tx, ctx, person, { kind: 'account-exists', signInUrl, resetUrl }, true)
}

/** Also for somebody who is known from their mails alone: the same person, once the address is proven. */
export async function welcome(tx: Db, ctx: AccountContext, wish: SignUp, known: Known | null): Promise<void> {
  const { name, language } = wish
  const address = normaliseAddress(wish.address)
  const personId = known?.person.id ?? null
  const link = { purpose: 'create-password', personId, address, data: { name, language } } as const
  const url = await makeLink(tx, ctx, link)
  // The name that somebody typed is not put into a mail to an address that may be another's.
  const to = { id: personId, kind: known?.person.kind ?? 'contact', name: known?.person.name ?? null, address }
  const hours = LINK_LIFE['create-password'] / HOUR
  await writeAccountMail(tx, ctx, { ...to, language }, { kind: 'welcome', url, hours }, true)
}

/** Which of the two ways in somebody without their password asks for. */
export type WayBack = 'reset' | 'link'

/**
 * Somebody cannot get in: a link to set a new password, or one to sign in with once. Neither takes the place of the second
 * factor. Nothing comes back, as with signUp. Who has no account gets no mail, but whoever never finished signing up does.
 */
export async function askWayBack(
  ctx: AccountContext,
  wish: { address: string; way: WayBack; language: Language },
  visit: Visit,
): Promise<void> {
  await ctx.store.transaction(async (tx) => {
    const known = await findKnown(tx, wish.address)
    if (!known?.account || known.account.disabled_at) return
    const { person } = known
    if (!isOpen(known.account))
      return await welcome(tx, ctx, { name: person.name, address: person.address, language: wish.language }, known)
    await sendWayBack(tx, ctx, person, wish.way)
    await record(tx, ctx, { personId: person.id, visit }, wish.way === 'reset' ? 'reset-asked' : 'link-asked')
  })
}

async function sendWayBack(tx: Db, ctx: AccountContext, person: Person, way: WayBack): Promise<void> {
  const purpose = way === 'reset' ? 'reset-password' : 'sign-in'
  const url = await makeLink(tx, ctx, { purpose, personId: person.id, address: person.address })
  const life = LINK_LIFE[purpose]
  const mail =
    way === 'reset'
      ? ({ kind: 'reset-password', url, hours: life / HOUR } as const)
      : ({ kind: 'sign-in-link', url, minutes: life / MINUTE } as const)
  await writeAccountMail(tx, ctx, person, mail, true)
}
