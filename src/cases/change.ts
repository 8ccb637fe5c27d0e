import { isoTime } from '../core/world.ts'
import { insertChanges } from '../store/change-log.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext } from './context.ts'

/** One change of a case, for its change log. Values are short: a status, a name, the number of a case, a comment's position. */
export interface Change {
  what:
    | 'opened'
    | 'status'
    | 'assignee'
    | 'comment'
    | 'note'
    | 'held'
    | 'solution'
    | 'delivery'
    | 'follow-up'
    | 'replayed'
    | 'priority'
    | 'product'
    | 'category'
    | 'contact'
    | 'tags'
    | 'participant'
    | 'not-reopened'
    | 'merged'
    | 'split'
    | 'moved'
    | 'account'
    | 'undone'
  from?: string | null
  to?: string | null
}

/** Writes changes into the case's change log, in the caller's transaction. `actor` is a person's name, or 'posthorn'. */
export async function logChanges(
  tx: Db,
  ctx: CaseContext,
  caseId: string,
  actor: string,
  changes: Change[],
): Promise<void> {
  const at = isoTime(ctx.world.now())
  const rows = changes.map((change) => ({
    id: ctx.world.id(),
    case_id: caseId,
    created_at: at,
    actor,
    what: change.what,
    from_value: change.from ?? null,
    to_value: change.to ?? null,
  }))
  await insertChanges(tx, rows)
}
