import type { Db } from './schema.ts'

/** Where a comment is; `commentId` null: it is the case's description. */
export interface Home {
  caseId: string
  commentId: string | null
}

/** Gives a comment another case and place in it. */
export async function rehomeComment(db: Db, commentId: string, caseId: string, position: number): Promise<void> {
  await db.updateTable('comments').set({ case_id: caseId, position }).where('id', '=', commentId).execute()
}

/** The place behind the last comment of a case. */
export async function nextPosition(db: Db, caseId: string): Promise<number> {
  const row = await db
    .selectFrom('comments')
    .select((eb) => eb.fn.max('position').as('last'))
    .where('case_id', '=', caseId)
    .executeTakeFirst()
  return Number(row?.last ?? 0) + 1
}

/** Attachments of a comment (or of a description) become those of another. */
export async function rehomeAttachments(db: Db, from: Home, to: Home): Promise<void> {
  await db
    .updateTable('attachments')
    .set({ case_id: to.caseId, comment_id: to.commentId })
    .where('case_id', '=', from.caseId)
    .where('comment_id', from.commentId === null ? 'is' : '=', from.commentId)
    .execute()
}

/** Mails about a comment, sent and due, become mails about the other; nothing is sent because of it. */
export async function rehomeNotices(db: Db, from: Home, to: Home): Promise<void> {
  if (from.commentId === null) return
  await db
    .updateTable('outbox')
    .set({ case_id: to.caseId, comment_id: to.commentId })
    .where('case_id', '=', from.caseId)
    .where('comment_id', '=', from.commentId)
    .execute()
}

/**
 * The Message-ID of a comment leads to its new case from now on. `movedFrom`: the case whose reply addresses are in the
 * mails about it; null where it comes home.
 */
export async function rehomeMessageIds(db: Db, from: Home, to: Home, movedFrom: string | null): Promise<void> {
  const ids = await db
    .selectFrom('message_ids')
    .select('message_id')
    .where('case_id', '=', from.caseId)
    .where('comment_id', from.commentId === null ? 'is' : '=', from.commentId)
    .execute()
  for (const { message_id: id } of ids) {
    // The same mail may have reached the other case by itself: its own row there stays.
    await db.deleteFrom('message_ids').where('message_id', '=', id).where('case_id', '=', to.caseId).execute()
    await db
      .updateTable('message_ids')
      .set({ case_id: to.caseId, comment_id: to.commentId, moved_from: movedFrom })
      .where('message_id', '=', id)
      .where('case_id', '=', from.caseId)
      .execute()
  }
}

/** A held comment is held in its new case. */
export async function rehomeHold(db: Db, commentId: string, caseId: string): Promise<void> {
  await db.updateTable('holds').set({ case_id: caseId }).where('id', '=', commentId).execute()
}

/** The case and the comment that the mail which brought them is filed under. */
export async function rehomeMail(db: Db, mailId: string, to: Home): Promise<void> {
  await db.updateTable('mails').set({ case_id: to.caseId, comment_id: to.commentId }).where('id', '=', mailId).execute()
}
