import type { Language } from '../model/language.ts'
import { findAccount } from '../store/accounts/accounts.ts'
import type { Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext } from './context.ts'
import { LINK_LIFE, makeLink } from './links.ts'
import { writeAccountMail } from './mails.ts'
import { isOpen } from './people.ts'
import { record } from './record.ts'

const HOUR = 3_600_000

/**
 * An agent helps somebody who cannot get in: a mail to set a new password, or to make an account where they have none yet. It
 * goes to the person's own address and to nobody else, and no second factor is passed over. Which mail it was comes back;
 * null where the account is disabled, and none was written. `actor` and `about` (a case) are for the security log.
 */
export async function helpBackIn(
  tx: Db,
  ctx: AccountContext,
  person: Person,
  { actor, about, language }: { actor: string; about: string; language: Language },
): Promise<'reset-password' | 'welcome' | null> {
  const account = await findAccount(tx, person.id)
  if (account?.disabled_at) return null
  const { address, name } = person
  const [kind, purpose] = isOpen(account)
    ? (['reset-password', 'reset-password'] as const)
    : (['welcome', 'create-password'] as const)
  const data = purpose === 'create-password' ? { name, language: person.language ?? language } : {}
  const url = await makeLink(tx, ctx, { purpose, personId: person.id, address, data })
  const to = { ...person, language: person.language ?? language }
  await writeAccountMail(tx, ctx, to, { kind, url, hours: LINK_LIFE[purpose] / HOUR }, false)
  await record(tx, ctx, { personId: person.id, visit: null, actor }, 'reset-asked', about)
  return kind
}
