import type { Case } from '../model/case.ts'
import { type CommentRow, findComment } from '../store/comments.ts'
import type { Db } from '../store/schema.ts'
import { logChanges } from './change.ts'
import type { CaseContext } from './context.ts'
import { type Actor, rememberUndo } from './inverse.ts'
import { sendHome } from './rehome.ts'

/**
 * Moves a comment to another case, behind its last comment. Both change logs say so, no customer is told, and mails that
 * answer the comment follow it. Its author becomes no participant there: whom an agent wants to have in, #cc lets in.
 */
export async function moveComment(
  tx: Db,
  ctx: CaseContext,
  from: Case,
  to: Case,
  actor: Actor,
  commentId: string,
): Promise<void> {
  const comment = await requireComment(tx, from.id, commentId)
  const position = await sendHome(tx, comment, to.id, from.id)
  await logChanges(tx, ctx, from.id, actor.name, [
    { what: 'moved', from: place(comment.position), to: `#${to.number}` },
  ])
  await logChanges(tx, ctx, to.id, actor.name, [{ what: 'moved', from: `#${from.number}`, to: place(position) }])
  await rememberUndo(tx, ctx, from.id, actor, { kind: 'move', commentId, from: from.id, to: to.id }, to.id)
}

/** A comment that is in a case; anything else is a mistake of the caller's. */
export async function requireComment(tx: Db, caseId: string, commentId: string): Promise<CommentRow> {
  const comment = await findComment(tx, commentId)
  if (comment?.case_id !== caseId) throw new Error(`comment ${commentId} is not in case ${caseId}`)
  return comment
}

/** How the change log names a comment. */
export function place(position: number): string {
  return `comment ${position}`
}
