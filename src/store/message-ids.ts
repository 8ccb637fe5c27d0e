import type { Kysely } from 'kysely'
import type { Tables } from './schema.ts'

/** Remembers that a Message-ID leads to a case. Twice is once. */
export async function rememberMessageId(
  db: Kysely<Tables>,
  messageId: string,
  caseId: string,
  commentId: string | null,
  at: string,
): Promise<void> {
  await db
    .insertInto('message_ids')
    .values({ message_id: messageId, case_id: caseId, comment_id: commentId, created_at: at, moved_from: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Where a Message-ID leads. */
export interface Lead {
  messageId: string
  caseId: string
  /** null: the mail opened the case. */
  commentId: string | null
  /** The case that its comment was moved or split from. */
  movedFrom: string | null
}

/** Where Message-IDs lead, in the order of `messageIds`; anybody may have copied them. */
export async function leadsOfMessageIds(db: Kysely<Tables>, messageIds: readonly string[]): Promise<Lead[]> {
  if (messageIds.length === 0) return []
  const rows = await db
    .selectFrom('message_ids')
    .selectAll()
    .where('message_id', 'in', [...messageIds])
    .execute()
  const found = messageIds.flatMap((id) => rows.filter((row) => row.message_id === id))
  return found.map((row) => ({
    messageId: row.message_id,
    caseId: row.case_id,
    commentId: row.comment_id,
    movedFrom: row.moved_from,
  }))
}

/** The subjects of the mails that brought comments, by comment. */
export async function subjectsOfComments(
  db: Kysely<Tables>,
  commentIds: readonly string[],
): Promise<Map<string, string>> {
  if (commentIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('comments')
    .innerJoin('mails', 'mails.id', 'comments.mail_id')
    .select(['comments.id', 'mails.subject'])
    .where('comments.id', 'in', [...commentIds])
    .execute()
  return new Map(rows.map((row) => [row.id, row.subject]))
}
