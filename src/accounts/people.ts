import { isoTime } from '../core/world.ts'
import { normaliseAddress } from '../model/address.ts'
import type { Language } from '../model/language.ts'
import type { SendingMailbox } from '../notify/context.ts'
import { type AccountRow, findAccount, insertAccount } from '../store/accounts/accounts.ts'
import { findPeople, findPersonByAddress, insertPerson, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext } from './context.ts'

/** Somebody with what is known of their account. */
export interface Known {
  person: Person
  account: AccountRow | null
}

/** Whoever has an address as their primary one; null where nobody does. An address that somebody gave up opens nothing. */
export async function findKnown(db: Db, address: string): Promise<Known | null> {
  const wanted = normaliseAddress(address)
  const person = await findPersonByAddress(db, wanted)
  if (!person || person.address !== wanted) return null
  return { person, account: await findAccount(db, person.id) }
}

/**
 * Whoever once had an address and has another one now. Whoever reads mail at the old one may be anybody by now: no link that
 * goes there opens their account.
 */
export async function findFormerHolder(db: Db, address: string): Promise<Person | null> {
  const wanted = normaliseAddress(address)
  const person = await findPersonByAddress(db, wanted)
  return person && person.address !== wanted ? person : null
}

export async function findKnownById(db: Db, personId: string): Promise<Known | null> {
  const [person] = await findPeople(db, [personId])
  return person ? { person, account: await findAccount(db, person.id) } : null
}

/** Whether somebody can come in by this account: its address was proven, and nobody has disabled it. */
export function isOpen(account: AccountRow | null): account is AccountRow {
  return account !== null && account.activated_at !== null && account.disabled_at === null
}

/** The person of an address, made where there is none; with an account that waits to be activated. */
export async function ensureAccount(
  tx: Db,
  ctx: AccountContext,
  who: { address: string; name: string; language: Language | null },
): Promise<Known> {
  const at = isoTime(ctx.world.now())
  const address = normaliseAddress(who.address)
  const known = await findPersonByAddress(tx, address)
  const person: Person = known ?? {
    id: ctx.world.id(),
    kind: 'contact',
    name: who.name,
    address,
    language: who.language,
  }
  if (!known) await insertPerson(tx, { ...person, createdAt: at })
  await insertAccount(tx, person.id, at)
  return { person, account: await findAccount(tx, person.id) }
}

/** The mailbox that mails about accounts leave from: the first one. */
export function accountMailbox({ policy }: AccountContext): SendingMailbox {
  const [mailbox] = policy.mailboxes
  if (!mailbox) throw new Error('there is no mailbox in the configuration')
  return mailbox
}

/** Whether an address is one of our own mailboxes: it has no account, and mail to it would come back as a case. */
export function isOwnAddress({ policy }: AccountContext, address: string): boolean {
  return policy.mailboxes.some((mailbox) => mailbox.address === normaliseAddress(address))
}
