import { describeError, PosthornError } from '../core/errors.ts'
import { isoTime } from '../core/world.ts'
import { decide } from '../decision/rules.ts'
import type { Message } from '../message/message.ts'
import {
  countFailedAttempt,
  findMailByIdentity,
  insertMail,
  type MailRow,
  updateMail,
  writeLedger,
} from '../store/mails.ts'
import type { Db } from '../store/schema.ts'
import { type Applied, applyDecision } from './apply-decision.ts'
import { type CaseContext, mailboxNamed } from './context.ts'
import { gatherFacts } from './gather-facts.ts'
import type { ParsedMail, Receipt } from './parsed-mail.ts'
import { quarantine } from './quarantine.ts'
import { liftForSender, logLifted } from './suppress.ts'

/**
 * The spine: takes mails into the ledger, gathers facts, decides and applies, all of a batch in one transaction and in the
 * order given (an answer may follow its question in the same batch). A batch that fails is tried mail by mail, so that one
 * mail's fault is its own: that mail is counted, and quarantined after `attempts`. A failure of the store itself throws.
 */
export async function receive(ctx: CaseContext, mails: ParsedMail[], attempts: number): Promise<Receipt[]> {
  try {
    return await ctx.store.transaction(async (tx) => await takeAll(tx, ctx, mails))
  } catch (error) {
    if (isStoreFailure(error)) throw error
    const [only] = mails
    if (mails.length === 1 && only) return [await countFailure(ctx, only, attempts, error)]
    const receipts: Receipt[] = []
    for (const mail of mails) receipts.push(...(await receive(ctx, [mail], attempts)))
    return receipts
  }
}

async function takeAll(tx: Db, ctx: CaseContext, mails: ParsedMail[]): Promise<Receipt[]> {
  const receipts: Receipt[] = []
  for (const mail of mails) receipts.push(await takeOne(tx, ctx, mail))
  return receipts
}

async function takeOne(tx: Db, ctx: CaseContext, mail: ParsedMail): Promise<Receipt> {
  const before = await findMailByIdentity(tx, mail.identity)
  if (before) return await takeAgain(tx, ctx, mail, before)
  const mailId = ctx.world.id()
  await ctx.store.blobs.put(tx, mail.rawSha256, mail.size, mail.raw)
  const applied =
    mail.parsed.kind === 'message'
      ? await judge(tx, ctx, mailId, mail, mail.parsed.message)
      : await quarantine(tx, ctx, mail, mail.parsed.why)
  await insertMail(tx, mailRow(ctx, mailId, mail, applied))
  await writeLedger(tx, mail.place, ledgerOf(ctx, mailId, applied.status))
  return {
    uid: mail.place.uid,
    outcome: 'taken',
    decision: applied.decision,
    reason: applied.reason,
    caseId: applied.caseId,
  }
}

/** The same mail under another UID, UIDVALIDITY or in another mailbox: it is in the ledger, and nothing else happens. */
async function takeAgain(tx: Db, ctx: CaseContext, mail: ParsedMail, before: MailRow): Promise<Receipt> {
  await writeLedger(tx, mail.place, ledgerOf(ctx, before.id, before.status))
  return {
    uid: mail.place.uid,
    outcome: 'taken',
    decision: 'duplicate',
    reason: 'this mail was taken in before',
    caseId: before.case_id,
  }
}

async function judge(tx: Db, ctx: CaseContext, mailId: string, mail: ParsedMail, message: Message): Promise<Applied> {
  const mailbox = mailboxNamed(ctx.policy, mail.place.mailbox)
  const scan = mail.scan ?? null
  const judgement = decide(
    message,
    await gatherFacts(tx, ctx.policy, mailbox, message, {
      now: ctx.world.now(),
      ownCheck: mail.ownCheck ?? null,
      scan,
    }),
  )
  const lifted = await liftForSender(tx, message, judgement)
  const applied = await applyDecision(tx, ctx, { mailId, mailbox, message, judgement, scan })
  if (lifted && applied.caseId) await logLifted(tx, ctx, applied.caseId, message.from?.name ?? 'the sender')
  return applied
}

/** Replaces what is known of a quarantined mail, when it could be read at last. */
export async function receiveAgain(ctx: CaseContext, mail: ParsedMail, before: MailRow): Promise<Applied> {
  const { parsed } = mail
  if (parsed.kind === 'unreadable')
    throw new PosthornError('unreadable', `the mail ${before.id} is still unreadable: ${parsed.why}`, {
      temporary: false,
    })
  return await ctx.store.transaction(async (tx) => {
    const applied = await judge(tx, ctx, before.id, mail, parsed.message)
    const { message_id, subject, from_address, status, decision, reason, case_id, comment_id } = mailRow(
      ctx,
      before.id,
      mail,
      applied,
    )
    await updateMail(tx, before.id, {
      message_id,
      subject,
      from_address,
      status,
      decision,
      reason,
      case_id,
      comment_id,
    })
    return applied
  })
}

async function countFailure(ctx: CaseContext, mail: ParsedMail, attempts: number, error: unknown): Promise<Receipt> {
  const why = describeError(error)
  return await ctx.store.transaction(async (tx) => {
    const failed = await countFailedAttempt(tx, mail.place, why, isoTime(ctx.world.now()))
    if (failed < attempts)
      return { uid: mail.place.uid, outcome: 'retry', decision: 'retry', reason: why, caseId: null }
    return await takeOne(tx, ctx, { ...mail, parsed: { kind: 'unreadable', why } })
  })
}

const STORE_FAILURES = new Set(['connection', 'busy', 'disk-full'])

function isStoreFailure(error: unknown): boolean {
  return error instanceof PosthornError && STORE_FAILURES.has(error.code)
}

function ledgerOf(ctx: CaseContext, mailId: string, status: MailRow['status']) {
  return { mail_id: mailId, status, attempts: 1, last_error: null, taken_at: isoTime(ctx.world.now()) } as const
}

function mailRow(ctx: CaseContext, id: string, mail: ParsedMail, applied: Applied): MailRow {
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
