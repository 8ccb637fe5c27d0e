import type { Attachment } from '../message/message.ts'
import { insertAttachments } from '../store/attachments.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext } from './context.ts'

/** Keeps a mail's attachments: content once however often it arrives, one row for each time it did. */
export async function keepAttachments(
  tx: Db,
  ctx: CaseContext,
  attachments: readonly Attachment[],
  of: { mailId: string; caseId: string; commentId: string | null; withheld?: string | null },
): Promise<void> {
  for (const { content, sha256, size } of attachments) if (content) await ctx.store.blobs.put(tx, sha256, size, content)
  const rows = attachments.map((attachment, index) => ({
    id: ctx.world.id(),
    mail_id: of.mailId,
    case_id: of.caseId,
    comment_id: of.commentId,
    position: index + 1,
    filename: attachment.filename,
    content_type: attachment.contentType,
    size: attachment.size,
    sha256: attachment.sha256,
    content_id: attachment.contentId,
    inline: Number(attachment.inline),
    withheld: of.withheld ?? null,
  }))
  await insertAttachments(tx, rows)
}
