import type { NoteBounce } from '../decision/decision.ts'
import type { BouncedRecipient, Message } from '../message/message.ts'
import { findCase } from '../store/cases.ts'
import { markBounced } from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import { addComment } from './add-comment.ts'
import type { CaseContext } from './context.ts'

/**
 * A delivery report about a mail of ours: marked on the outbox row, and noted on the case for the agents to see.
 * Nobody is written to, so a report about a notice to an agent cannot start a loop. Its comment's id comes back.
 */
export async function noteBounce(
  tx: Db,
  ctx: CaseContext,
  mail: { mailId: string; message: Message },
  decision: NoteBounce,
): Promise<string | null> {
  const recipients = mail.message.bounce?.recipients ?? []
  const failed = recipients.find((it) => it.action === 'failed')
  if (failed) await markBounced(tx, decision.row, diagnosticOf(failed))
  const it = decision.caseId ? await findCase(tx, decision.caseId) : null
  if (!it) return null
  return await addComment(tx, ctx, it, {
    author: { id: null, name: 'posthorn', address: '' },
    role: 'system',
    visibility: 'internal',
    channel: 'mail',
    text: recipients.map((it) => `${it.address}: ${it.action}, ${diagnosticOf(it)}`).join('\n'),
    quoted: '',
    signature: '',
    messageId: mail.message.messageId,
    mailId: mail.mailId,
    commands: [],
    heldBecause: null,
    tellPeople: false,
  })
}

function diagnosticOf(recipient: BouncedRecipient): string {
  return [recipient.status, recipient.diagnostic].filter((part) => part).join(' ') || 'no reason was given'
}
