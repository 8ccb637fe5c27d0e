import type { CommentRow } from '../store/comments.ts'
import {
  type Home,
  nextPosition,
  rehomeAttachments,
  rehomeComment,
  rehomeHold,
  rehomeMail,
  rehomeMessageIds,
  rehomeNotices,
} from '../store/rehome.ts'
import type { Db } from '../store/schema.ts'

/**
 * Everything that belongs to a comment goes with it: attachments, the mails about it, the mail that brought it, and its
 * Message-ID, so that later answers follow. `movedFrom`: the case whose key its mails carry, or null where it comes home.
 */
export async function takeAlong(
  tx: Db,
  comment: CommentRow,
  from: Home,
  to: Home,
  movedFrom: string | null,
): Promise<void> {
  await rehomeAttachments(tx, from, to)
  await rehomeNotices(tx, from, to)
  await rehomeMessageIds(tx, from, to, movedFrom)
  if (comment.mail_id) await rehomeMail(tx, comment.mail_id, to)
}

/** Puts a comment behind the last one of another case, with all that belongs to it. Its new position comes back. */
export async function sendHome(
  tx: Db,
  comment: CommentRow,
  toCaseId: string,
  movedFrom: string | null,
): Promise<number> {
  const position = await nextPosition(tx, toCaseId)
  await rehomeComment(tx, comment.id, toCaseId, position)
  await takeAlong(
    tx,
    comment,
    { caseId: comment.case_id, commentId: comment.id },
    { caseId: toCaseId, commentId: comment.id },
    movedFrom,
  )
  await rehomeHold(tx, comment.id, toCaseId)
  return position
}
