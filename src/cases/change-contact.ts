import type { Case } from '../model/case.ts'
import { findPeople } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { findOrMakeContact } from './contact.ts'
import type { CaseContext } from './context.ts'
import type { Actor } from './inverse.ts'
import { setCase } from './set-case.ts'

/**
 * Makes a case somebody else's: they hear of what comes, and may write. Whoever it belonged to before does neither any more,
 * unless they take part besides. Nothing that was said before is sent to the new contact.
 */
export async function changeContact(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  actor: Actor,
  address: string,
): Promise<boolean> {
  const to = await findOrMakeContact(tx, ctx, { name: null, address }, null)
  const [before] = await findPeople(tx, [it.contactId])
  return await setCase(tx, ctx, it, actor, {
    what: 'contact',
    before: { contact_id: it.contactId },
    after: { contact_id: to.id },
    shown: [before?.name ?? null, to.name],
  })
}
