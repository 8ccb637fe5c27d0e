import { isoTime } from '../core/world.ts'
import type { Case } from '../model/case.ts'
import type { CaseChange } from '../store/cases.ts'
import type { CommentRow } from '../store/comments.ts'
import type { Db } from '../store/schema.ts'
import { insertUndo, type UndoRow } from '../store/undo-log.ts'
import type { CaseContext } from './context.ts'

/** Who does something to a case: an agent, or the command line (id null). */
export interface Actor {
  id: string | null
  name: string
}

/** What takes a verb back, as the undo log keeps it. */
export type Inverse =
  | { kind: 'set'; what: string; before: CaseChange; after: CaseChange }
  | { kind: 'tags'; added: string[]; removed: string[] }
  | { kind: 'participants'; added: string[] }
  | { kind: 'move'; commentId: string; from: string; to: string }
  | { kind: 'split'; comment: CommentRow; newCase: string; hold: 'held' | 'noted' | 'refused' | null }
  | MergeInverse

export interface MergeInverse {
  kind: 'merge'
  from: string
  into: string
  /** The comment that the description became. */
  description: string
  comments: string[]
  participants: string[]
  status: Case['status']
}

/** How long an agent can take something back, in milliseconds. */
export const UNDO_WITHIN = 24 * 60 * 60 * 1_000

/** Remembers how to take back what was just done, in the same transaction. */
export async function rememberUndo(
  tx: Db,
  ctx: CaseContext,
  caseId: string,
  actor: Actor,
  inverse: Inverse,
  otherCaseId: string | null = null,
): Promise<void> {
  await insertUndo(tx, {
    id: ctx.world.id(),
    case_id: caseId,
    other_case_id: otherCaseId,
    agent_id: actor.id,
    what: inverse.kind === 'set' ? inverse.what : inverse.kind,
    inverse: JSON.stringify(inverse),
    created_at: isoTime(ctx.world.now()),
  })
}

/** Written by rememberUndo alone, so its shape is known. */
export function readInverse(row: UndoRow): Inverse {
  return JSON.parse(row.inverse) as Inverse
}
