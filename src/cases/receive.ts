import { describeError, PosthornError } from '../core/errors.ts'
import { isoTime } from '../core/world.ts'
import {
  countFailedAttempt,
  findMailsByIdentity,
  insertMail,
  type LedgerEntry,
  type MailRow,
  writeLedger,
} from '../store/mails.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext } from './context.ts'
import { judge } from './judge.ts'
import { entryOf, mailRow, receiptOf } from './mail-rows.ts'
import type { ParsedMail, Receipt } from './parsed-mail.ts'
import { quarantine } from './quarantine.ts'

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
    if (mails.length === 1 && only) return await countFailure(ctx, only, attempts, error)
    const receipts: Receipt[] = []
    for (const mail of mails) receipts.push(...(await receive(ctx, [mail], attempts)))
    return receipts
  }
}

async function takeAll(tx: Db, ctx: CaseContext, mails: ParsedMail[]): Promise<Receipt[]> {
  const known = await findMailsByIdentity(
    tx,
    mails.map((mail) => mail.identity),
  )
  const receipts: Receipt[] = []
  const entries: LedgerEntry[] = []
  for (const mail of mails) {
    const before = known.get(mail.identity)
    const row = before ?? (await takeOne(tx, ctx, mail))
    known.set(mail.identity, row)
    entries.push(entryOf(ctx, mail, row))
    receipts.push(receiptOf(mail, row, before !== undefined))
  }
  await writeLedger(tx, entries)
  return receipts
}

/** A mail that was never seen: judged and carried out, or quarantined. Its row comes back. */
async function takeOne(tx: Db, ctx: CaseContext, mail: ParsedMail): Promise<MailRow> {
  const mailId = ctx.world.id()
  await ctx.store.blobs.put(tx, mail.rawSha256, mail.size, mail.raw)
  const applied =
    mail.parsed.kind === 'message'
      ? await judge(tx, ctx, mailId, mail, mail.parsed.message)
      : await quarantine(tx, ctx, mail, mail.parsed.why)
  const row = mailRow(ctx, mailId, mail, applied)
  await insertMail(tx, row)
  return row
}

async function countFailure(ctx: CaseContext, mail: ParsedMail, attempts: number, error: unknown): Promise<Receipt[]> {
  const why = describeError(error)
  return await ctx.store.transaction(async (tx) => {
    const failed = await countFailedAttempt(tx, mail.place, why, isoTime(ctx.world.now()))
    if (failed < attempts)
      return [{ uid: mail.place.uid, outcome: 'retry', decision: 'retry', reason: why, caseId: null }]
    return await takeAll(tx, ctx, [{ ...mail, parsed: { kind: 'unreadable', why } }])
  })
}

const STORE_FAILURES = new Set(['connection', 'busy', 'disk-full'])

function isStoreFailure(error: unknown): boolean {
  return error instanceof PosthornError && STORE_FAILURES.has(error.code)
}
