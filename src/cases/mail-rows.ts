import { isoTime } from '../core/world.ts'
import type { LedgerEntry, MailRow } from '../store/mails.ts'
import type { Applied } from './apply-decision.ts'
import type { CaseContext } from './context.ts'
import type { ParsedMail, Receipt } from './parsed-mail.ts'

/** The row of a mail: what it is and what became of it. */
export function mailRow(ctx: CaseContext, id: string, mail: ParsedMail, applied: Applied): MailRow {
  const message = mail.parsed.kind === 'message' ? mail.parsed.message : null
  return {
    id,
    identity: mail.identity,
    raw_sha256: mail.rawSha256,
    size: mail.size,
    message_id: message?.messageId ?? null,
    subject: message?.subject.slice(0, 1_000) ?? '',
    from_address: message?.from?.address ?? null,
    status: applied.status,
    decision: applied.decision,
    reason: applied.reason,
    case_id: applied.caseId,
    comment_id: applied.commentId,
    taken_at: isoTime(ctx.world.now()),
  }
}

/** What the ledger says of the place that a mail was taken from. */
export function entryOf(ctx: CaseContext, { place }: ParsedMail, { id, status }: MailRow): LedgerEntry {
  return { ...place, mail_id: id, status, attempts: 1, last_error: null, taken_at: isoTime(ctx.world.now()) }
}

/** The same mail under another UID, UIDVALIDITY or in another mailbox is in the ledger, and nothing else happens. */
export function receiptOf({ place: { uid } }: ParsedMail, row: MailRow, again: boolean): Receipt {
  if (again)
    return {
      uid,
      outcome: 'taken',
      decision: 'duplicate',
      reason: 'this mail was taken in before',
      caseId: row.case_id,
    }
  return { uid, outcome: 'taken', decision: row.decision, reason: row.reason, caseId: row.case_id }
}
