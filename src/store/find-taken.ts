import type { Db } from './schema.ts'

/** Mails with one of these Message-IDs that were taken in since an id was made (World.id): a range of the primary key. */
export async function findTakenSince(
  db: Db,
  sinceId: string,
  messageIds: readonly string[],
): Promise<{ messageId: string; rawSha256: string }[]> {
  const rows = await db
    .selectFrom('mails')
    .select(['message_id', 'raw_sha256'])
    .where('id', '>=', sinceId)
    .where('message_id', 'in', [...messageIds])
    .execute()
  return rows.map((row) => ({ messageId: row.message_id ?? '', rawSha256: row.raw_sha256 }))
}
