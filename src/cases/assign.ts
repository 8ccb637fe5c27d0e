import type { Case } from '../model/case.ts'
import { findPeople } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext } from './context.ts'
import type { Actor } from './inverse.ts'
import { setCase } from './set-case.ts'
import { tell } from './tell.ts'

/**
 * Gives a case to an agent, or to nobody. From then on the assignee alone hears of its comments, and is told so by mail unless
 * they took it themselves.
 */
export async function assign(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  actor: Actor,
  to: { id: string; name: string } | null,
): Promise<boolean> {
  const [before] = it.assigneeId ? await findPeople(tx, [it.assigneeId]) : []
  const changed = await setCase(tx, ctx, it, actor, {
    what: 'assignee',
    before: { assignee_id: it.assigneeId },
    after: { assignee_id: to?.id ?? null },
    shown: [before?.name ?? null, to?.name ?? null],
  })
  if (changed && to) await tell(tx, ctx, { ...it, assigneeId: to.id }, actor.id, { kind: 'assigned', by: actor.name })
  return changed
}
