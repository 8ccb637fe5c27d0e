import { isoTime } from '../core/world.ts'
import type { Judgement, NoteBounce } from '../decision/decision.ts'
import type { BouncedRecipient, Message } from '../message/message.ts'
import { maskAddress, normaliseAddress } from '../model/address.ts'
import { AGENT_KINDS } from '../model/notice.ts'
import { findCase } from '../store/cases.ts'
import { findOutboxRow, markBounced, type OutboxRow } from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import { suppressAddress } from '../store/suppressions.ts'
import { addComment } from './add-comment.ts'
import { logChanges } from './change.ts'
import type { CaseContext } from './context.ts'
import { tellDeliveryFailed } from './delivery-failure.ts'

/**
 * A delivery or feedback report about a mail of ours: marked on the outbox row, and noted on the case for the agents to see.
 * They are told by mail once, and only where a customer's mail failed (delivery-failure.ts): a report about an agent's notice
 * starts no other mail, so it cannot start a loop. The comment's id comes back, or null where the mail belonged to no case.
 */
export async function noteBounce(
  tx: Db,
  ctx: CaseContext,
  mail: { mailId: string; message: Message; judgement: Judgement },
  decision: NoteBounce,
): Promise<string | null> {
  const row = await findOutboxRow(tx, decision.row)
  if (!row) throw new Error(`the decision names outbox row ${decision.row}, which does not exist`)
  const why = reasonOf(mail.message, row)
  const news = decision.mark && row.status !== 'failed'
  if (decision.mark) await markBounced(tx, row.id, why, isoTime(ctx.world.now()))
  const stopped = decision.suppress && (await suppress(tx, ctx, row, why))
  const it = decision.caseId ? await findCase(tx, decision.caseId) : null
  if (!it) return null
  if (decision.mark) await logChanges(tx, ctx, it.id, 'posthorn', [deliveryChange(row, why, stopped)])
  const commentId = await addComment(tx, ctx, it, {
    author: { id: null, name: 'posthorn', address: '' },
    role: 'system',
    visibility: 'internal',
    channel: 'mail',
    text: textOf(mail, row, stopped),
    quoted: '',
    signature: '',
    messageId: mail.message.messageId,
    mailId: mail.mailId,
    commands: [],
    heldBecause: null,
    tellPeople: false,
  })
  if (news) await tellDeliveryFailed(tx, ctx, row, { why, stopped })
  return commentId
}

async function suppress(tx: Db, ctx: CaseContext, row: OutboxRow, why: string): Promise<boolean> {
  const address = normaliseAddress(row.to_address)
  return await suppressAddress(tx, { address, reason: why.slice(0, 500), at: isoTime(ctx.world.now()), row: row.id })
}

/** The change log is read by customers too: an agent goes by a masked address there. */
function deliveryChange(row: OutboxRow, why: string, stopped: boolean) {
  const to = AGENT_KINDS.has(row.kind) ? maskAddress(row.to_address) : row.to_address
  const became = `failed: ${why.replaceAll(row.to_address, to)}${stopped ? ' (no more mail is sent there)' : ''}`
  return { what: 'delivery', from: `${row.kind} to ${to}`, to: became.slice(0, 1_000) } as const
}

function textOf({ message, judgement }: { message: Message; judgement: Judgement }, row: OutboxRow, stopped: boolean) {
  const lines = (message.bounce?.recipients ?? []).map((it) => `${it.address}: ${it.action}, ${diagnosticOf(it)}`)
  if (message.complaint) lines.push(`${row.to_address}: complained of our mail (${message.complaint.feedbackType})`)
  if (lines.length === 0) lines.push(judgement.reason)
  if (stopped) {
    lines.push(
      `No more mail is sent to ${row.to_address}, until somebody writes from there or 'posthorn suppression remove ${row.to_address}' is called.`,
    )
  }
  return lines.join('\n')
}

function reasonOf({ bounce }: Message, row: OutboxRow): string {
  const failed = (bounce?.recipients ?? []).filter((it) => it.action === 'failed')
  const told = failed.find((it) => normaliseAddress(it.address) === normaliseAddress(row.to_address)) ?? failed[0]
  return told ? diagnosticOf(told) : 'no reason was given'
}

function diagnosticOf(recipient: BouncedRecipient): string {
  return [recipient.status, recipient.diagnostic].filter((part) => part).join(' ') || 'no reason was given'
}
