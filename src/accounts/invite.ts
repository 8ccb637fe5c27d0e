import { isoTime } from '../core/world.ts'
import { nameOf, normaliseAddress } from '../model/address.ts'
import type { Language } from '../model/language.ts'
import { findAccount } from '../store/accounts/accounts.ts'
import { spendLinksOf } from '../store/accounts/links.ts'
import { findPersonByAddress, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { reasonsAgainst } from '../store/suppressions.ts'
import type { AccountContext } from './context.ts'
import { LINK_LIFE, makeLink } from './links.ts'
import { writeAccountMail } from './mails.ts'
import { ensureAccount, isOpen, isOwnAddress } from './people.ts'
import { record } from './record.ts'

const HOUR = 3_600_000

export interface Invitation {
  address: string
  /** For somebody nobody knows yet; null: what stands before the '@'. Whoever is known keeps theirs. */
  name: string | null
  /** The same; null: the mailbox's. */
  language: Language | null
  /** Who the mail says has invited them. */
  inviter: string | null
  /** Whether somebody may be made a person by it. */
  mayBeNew: boolean
  /** Who did it, for the security log. */
  actor: string
}

export type Invited =
  | { kind: 'invited'; person: Person; isNew: boolean; hours: number }
  /** They have an account that they can use already. */
  | { kind: 'open'; person: Person }
  | { kind: 'disabled'; person: Person }
  /** Nobody is known by the address, and nobody was to be made. */
  | { kind: 'unknown' }
  /** It is the address of one of our mailboxes. */
  | { kind: 'own' }
  /** No mail is sent there, and why. */
  | { kind: 'suppressed'; reason: string }

/**
 * Makes an account that waits for its owner and writes the mail to activate it. Whoever is known from their mails stays the
 * same person, with their cases. An older invitation of theirs opens nothing any more.
 */
export async function invite(tx: Db, ctx: AccountContext, wish: Invitation): Promise<Invited> {
  const address = normaliseAddress(wish.address)
  if (isOwnAddress(ctx, address)) return { kind: 'own' }
  const known = await findPersonByAddress(tx, address)
  if (!known && !wish.mayBeNew) return { kind: 'unknown' }
  const account = known && (await findAccount(tx, known.id))
  if (known && account?.disabled_at) return { kind: 'disabled', person: known }
  if (known && isOpen(account)) return { kind: 'open', person: known }
  const to = known?.address ?? address
  const reason = (await reasonsAgainst(tx, [to])).get(to)
  if (reason !== undefined) return { kind: 'suppressed', reason }
  const name = wish.name ?? nameOf({ name: null, address })
  const { person } = await ensureAccount(tx, ctx, { address: to, name, language: wish.language })
  const hours = await sendInvitation(tx, ctx, person, wish)
  return { kind: 'invited', person, isNew: known === null, hours }
}

/** How many hours its link works comes back. */
async function sendInvitation(tx: Db, ctx: AccountContext, person: Person, wish: Invitation): Promise<number> {
  await spendLinksOf(tx, person.id, ['activate', 'create-password'], isoTime(ctx.world.now()))
  const data = { name: person.name, language: person.language ?? '' }
  const url = await makeLink(tx, ctx, { purpose: 'activate', personId: person.id, address: person.address, data })
  const hours = LINK_LIFE.activate / HOUR
  await writeAccountMail(tx, ctx, person, { kind: 'activate-account', url, hours, inviter: wish.inviter }, false)
  await record(tx, ctx, { personId: person.id, visit: null, actor: wish.actor }, 'invited', wish.inviter ?? '')
  return hours
}
