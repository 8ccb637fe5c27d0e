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

/** Where Message-IDs lead, in the order of `messageIds`; anybody may have copied them. */
export async function leadsOfMessageIds(
  db: Kysely<Tables>,
  messageIds: readonly string[],
): Promise<{ messageId: string; caseId: string; movedFrom: string | null }[]> {
  if (messageIds.length === 0) return []
  const rows = await db
    .selectFrom('message_ids')
    .select(['message_id', 'case_id', 'moved_from'])
    .where('message_id', 'in', [...messageIds])
    .execute()
  const found = messageIds.flatMap((id) => rows.filter((row) => row.message_id === id))
  return found.map((row) => ({ messageId: row.message_id, caseId: row.case_id, movedFrom: row.moved_from }))
}

/** The ids of the cases that Message-IDs lead to, in the order of `messageIds`, each once. */
export async function casesOfMessageIds(db: Kysely<Tables>, messageIds: readonly string[]): Promise<string[]> {
  return [...new Set((await leadsOfMessageIds(db, messageIds)).map((lead) => lead.caseId))]
}
