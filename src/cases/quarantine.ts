import type { Db } from '../store/schema.ts'
import type { Applied } from './apply-decision.ts'
import { type CaseContext, mailboxNamed } from './context.ts'
import { openCase } from './open-case.ts'
import type { ParsedMail } from './parsed-mail.ts'

/** A mail that nobody could read: a case for the agents, so that it is not forgotten. Its raw source stays, to be replayed. */
export async function quarantine(tx: Db, ctx: CaseContext, mail: ParsedMail, why: string): Promise<Applied> {
  const { mailbox, uid, uidValidity } = mail.place
  const it = await openCase(tx, ctx, {
    mailbox: mailboxNamed(ctx.policy, mailbox),
    contact: null,
    title: `Unreadable mail in ${mailbox} (UID ${uid})`,
    description: `A mail could not be read: ${why}.\nIt is kept as it came (SHA-256 ${mail.rawSha256}, ${mail.size} bytes; UIDVALIDITY ${uidValidity}, UID ${uid}).\nLook at it in the mailbox, and take it in with 'posthorn mailbox replay' once the cause is mended.`,
    descriptionQuoted: '',
    language: null,
    acknowledge: false,
    followUpOf: null,
    actor: 'posthorn',
  })
  return {
    status: 'quarantined',
    decision: 'quarantine',
    reason: `it could not be read: ${why}`,
    caseId: it.id,
    commentId: null,
  }
}
