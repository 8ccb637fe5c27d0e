import type { Insertable, Kysely, Selectable } from 'kysely'
import type { AttachmentTable, Tables } from './schema.ts'

export type AttachmentRow = Selectable<AttachmentTable>

export async function insertAttachments(db: Kysely<Tables>, rows: Insertable<AttachmentTable>[]): Promise<void> {
  if (rows.length > 0) await db.insertInto('attachments').values(rows).execute()
}

/** All attachments of a case, in the order of their mails; comment_id is null for those of the opening mail. */
export async function listAttachments(db: Kysely<Tables>, caseId: string): Promise<AttachmentRow[]> {
  return await db
    .selectFrom('attachments')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('mail_id')
    .orderBy('position')
    .execute()
}
