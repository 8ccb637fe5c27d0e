import type { CheckOptions } from './authentication/check.ts'
import { ownCheck } from './authentication/own-check.ts'
import { type CaseContext, mailboxNamed } from './cases/context.ts'
import type { Receipt as CaseReceipt, ParsedMail } from './cases/parsed-mail.ts'
import { receive } from './cases/receive.ts'
import { reportTooLarge } from './cases/too-large.ts'
import type { ClamdConfig } from './config/config.ts'
import type { Log } from './core/log.ts'
import { isoTime } from './core/world.ts'
import type { Intake, RawMail, Receipt } from './mailbox/intake.ts'
import type { ParserPool } from './message/pool.ts'
import type { ScanVerdict } from './model/scan.ts'
import { scanMail } from './scan/clamd.ts'
import { listLedger, markAcknowledged, writeFolder } from './store/mails.ts'

export interface IntakeDeps {
  ctx: CaseContext
  pool: ParserPool
  log: Log
  limits: { attempts: number; mailSize: number }
  /** Asks the DNS about senders; the machine's own servers unless given. */
  resolver?: CheckOptions['resolver'] | undefined
  /** Where the malware check is; null for none. */
  clamd: ClamdConfig | null
  /** Called after each commit: there may be something to send. */
  committed(): void
}

/** What a mailbox hands its mails to: parsed in parallel off the main thread, taken in by the order of their UIDs. */
export function makeIntake(deps: IntakeDeps): Intake {
  const { ctx } = deps
  const { db } = ctx.store
  return {
    async known(mailbox, uidValidity) {
      const rows = await listLedger(db, mailbox, uidValidity)
      return new Set(rows.filter((row) => row.status !== 'failed').map((row) => row.uid))
    },
    async receive(batch) {
      const mails = await Promise.all(batch.map(async (mail) => await parse(deps, mail)))
      const receipts = await receive(ctx, mails, deps.limits.attempts)
      logReceipts(deps.log, batch, receipts)
      deps.committed()
      return receipts.map(({ uid, outcome }): Receipt => ({ uid, outcome }))
    },
    async tooLarge(mailbox, uidValidity, uid, size, header) {
      const parsed = await deps.pool.parse({ bytes: header })
      const message = parsed.kind === 'ok' ? parsed.message : null
      await reportTooLarge(ctx, { place: { mailbox, uidValidity, uid }, size, limit: deps.limits.mailSize, message })
      deps.log.warn(
        { mailbox, uid, size, limit: deps.limits.mailSize },
        'a mail is over the size limit: it stays on the server, the agents are told',
      )
      deps.committed()
    },
    async toAcknowledge(mailbox, uidValidity) {
      const rows = await listLedger(db, mailbox, uidValidity)
      return rows
        .filter((row) => row.acknowledged_at === null && (row.status === 'done' || row.status === 'quarantined'))
        .map((row) => row.uid)
    },
    async acknowledged(mailbox, uidValidity, uids) {
      await markAcknowledged(db, mailbox, uidValidity, uids, isoTime(ctx.world.now()))
    },
    async looked(mailbox, uidValidity, onServer) {
      await writeFolder(db, mailbox, uidValidity, onServer, isoTime(ctx.world.now()))
    },
  }
}

/** A mail that kills its parser is given a second try; after that it is unreadable. */
async function parse(deps: IntakeDeps, mail: RawMail): Promise<ParsedMail> {
  const [first, scan] = await Promise.all([deps.pool.parse(mail.source), scanOf(deps, mail)])
  const outcome = first.kind === 'ok' ? first : await deps.pool.parse(mail.source)
  const { mailbox, uidValidity, uid } = mail
  const { identity, rawSha256, size } = outcome
  const taken = { place: { mailbox, uidValidity, uid }, identity, rawSha256, size, raw: mail.source, scan }
  if (outcome.kind !== 'ok')
    return { ...taken, parsed: { kind: 'unreadable', why: `${outcome.why}: ${outcome.detail}` } }
  const { message } = outcome
  // Here and not with the other facts: nothing awaits the network in a transaction.
  const checked = await ownCheck(mailboxNamed(deps.ctx.policy, mailbox), { source: mail.source, message }, deps)
  return { ...taken, parsed: { kind: 'message', message }, ownCheck: checked }
}

/** A mail whose check cannot be made is taken in all the same, without its attachments being sent on. */
async function scanOf({ clamd, log }: IntakeDeps, { mailbox, uid, source }: RawMail): Promise<ScanVerdict | null> {
  if (!clamd) return null
  const verdict = await scanMail(clamd, source)
  if (verdict.kind === 'infected')
    log.warn({ mailbox, uid, malware: verdict.name }, 'malware was found in a mail: it is held')
  if (verdict.kind === 'unknown')
    log.error(
      { mailbox, uid, why: verdict.why },
      'the malware check could not be made: its attachments are not sent on',
    )
  return verdict
}

function logReceipts(log: Log, batch: RawMail[], receipts: CaseReceipt[]): void {
  const mailbox = batch[0]?.mailbox
  for (const { uid, outcome, decision, reason } of receipts) {
    const line = { mailbox, uid, decision, reason }
    if (outcome === 'retry') log.error(line, 'a mail could not be taken in; it is tried again')
    else if (decision === 'quarantine') log.error(line, 'a mail is quarantined: it could not be read')
    else log.info(line, 'a mail was taken in')
  }
}
