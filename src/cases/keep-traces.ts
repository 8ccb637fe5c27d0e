import { isoTime } from '../core/world.ts'
import type { Judgement } from '../decision/decision.ts'
import type { Message } from '../message/message.ts'
import { type ScanVerdict, withheldBecause } from '../model/scan.ts'
import { rememberMessageId } from '../store/message-ids.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext, MailboxPolicy } from './context.ts'
import { keepAttachments } from './keep-attachments.ts'

export interface JudgedMail {
  mailId: string
  mailbox: MailboxPolicy
  message: Message
  judgement: Judgement
  scan?: ScanVerdict | null
}

/** Its attachments, and its Message-ID, by which later mails find the case. */
export async function keepTraces(
  tx: Db,
  ctx: CaseContext,
  mail: JudgedMail,
  caseId: string,
  commentId: string | null,
): Promise<void> {
  const withheld = withheldBecause(mail.scan ?? null)
  await keepAttachments(tx, ctx, mail.message.attachments, { mailId: mail.mailId, caseId, commentId, withheld })
  const { messageId } = mail.message
  if (messageId) await rememberMessageId(tx, messageId, caseId, commentId, isoTime(ctx.world.now()))
}
