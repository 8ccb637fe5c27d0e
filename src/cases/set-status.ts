import type { Case, Status } from '../model/case.ts'
import type { CaseChange } from '../store/cases.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext } from './context.ts'
import { type Actor, rememberUndo } from './inverse.ts'
import { setCase } from './set-case.ts'
import { tell } from './tell.ts'

/**
 * Sets a case's status, because an agent says so. Says whether that changed it. Its customers hear that it was closed or
 * opened again, unless `quiet`: something else in the same mail says more.
 */
export async function setStatus(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  actor: Actor,
  to: Status,
  { quiet = false } = {},
): Promise<boolean> {
  const changed = await setCase(tx, ctx, it, actor, {
    what: 'status',
    before: { status: it.status },
    after: { status: to },
    shown: [it.status, to],
  })
  if (changed && !quiet) await tellStatus(tx, ctx, it, actor.id, to)
  return changed
}

/**
 * Tells a case's customers of a status that an agent gave it without words to them: that it is closed, or open again after it
 * was solved or closed. `it`: the case as it was before.
 */
export async function tellStatus(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  agentId: string | null,
  to: Status,
): Promise<void> {
  if (to === it.status) return
  if (to === 'closed') await tell(tx, ctx, it, agentId, { kind: 'closed' })
  const finished = it.status === 'solved' || it.status === 'closed'
  if (to === 'open' && finished) await tell(tx, ctx, it, agentId, { kind: 'reopened' })
}

/** Remembers the status and the solution that a case had before a comment or #solved changed them. */
export async function rememberStatus(tx: Db, ctx: CaseContext, actor: Actor, before: Case, after: Case): Promise<void> {
  const [was, is] = [statusOf(before), statusOf(after)]
  if (JSON.stringify(was) === JSON.stringify(is)) return
  await rememberUndo(tx, ctx, before.id, actor, { kind: 'set', what: 'status', before: was, after: is })
}

function statusOf({ status, solution }: Case): CaseChange {
  return {
    status,
    solution_text: solution?.text ?? null,
    solution_author_id: solution?.authorId ?? null,
    solution_at: solution?.at ?? null,
    solution_accepted: solution?.accepted == null ? null : Number(solution.accepted),
  }
}
