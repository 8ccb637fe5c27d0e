import type { Case } from '../model/case.ts'
import type { ReceiptLine } from '../model/notice.ts'
import { findPeople, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { logChanges } from './change.ts'
import type { CaseContext } from './context.ts'

/**
 * #reset: the customer gets a mail to set a new password, or to make an account where they have none. Nobody ever gets a
 * password, and the agent never sees the link. What was sent is for the agent's receipt.
 */
export async function helpBackIn(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  agent: Person,
  personId: string,
): Promise<ReceiptLine> {
  const [person] = await findPeople(tx, [personId])
  if (!person) throw new Error(`the order names person ${personId}, who does not exist`)
  const by = { actor: agent.name, about: `case #${it.number}`, language: it.language }
  const sent = await ctx.accounts?.helpBackIn(tx, person, by)
  // Both were looked at when the order was judged, in this transaction.
  if (!sent) throw new Error(`the order is to help person ${personId} into an account, and there is none to get into`)
  await logChanges(tx, ctx, it.id, agent.name, [{ what: 'account', to: sent }])
  return { key: sent, value: person.address }
}
