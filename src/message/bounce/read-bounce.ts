import type { Bounce, BouncedRecipient } from '../message.ts'
import type { Parsed } from '../parsed.ts'
import { addressesIn } from './addresses-in.ts'
import { readDeliveryStatus } from './delivery-status.ts'
import { FORMATS } from './formats/all.ts'
import { readTextFormat } from './formats/format.ts'
import { judge } from './judge.ts'
import { type Notice, noticeOf } from './notice.ts'
import { messageIdIn } from './returned-mail.ts'
import type { Row } from './row.ts'
import { isDelayWarning, signsOf } from './signs.ts'

/**
 * What a mail system says became of a mail, one row per recipient; null where the mail is no such report.
 * RFC 3464 reports first, then the wordings of mailers that write none (formats/). A person who quotes a report,
 * and an auto-reply, give null. `text` is the mail's whole readable text.
 */
export function readBounce(parsed: Parsed, text: string): Bounce | null {
  const notice = noticeOf(parsed, text)
  const rows = rowsOf(notice)
  if (rows === null) return null
  const delayed = isDelayWarning(notice)
  const words = wordsOf(notice)
  const recipients = rows.map((row) => judge(row, row.action ?? (delayed ? 'delayed' : 'failed'), words))
  return { recipients: worstOfEach(recipients), originalMessageId: originalMessageId(notice) }
}

/** Null where the mail is no report; an empty list where it is one that names no recipient. */
function rowsOf(notice: Notice): Row[] | null {
  const reported = notice.reports.flatMap(readDeliveryStatus)
  const signs = signsOf(notice)
  const score = Number(signs.system) + Number(signs.subject) + Number(signs.headers)
  if (reported.length > 0 && score > 0) return withDiagnostics(reported, notice)
  if (isPersons(notice, signs.system)) return null
  if (!signs.subject && !signs.headers && !signs.system) return null
  for (const format of FORMATS) {
    const rows = readTextFormat(format, notice)
    if (rows.length > 0) return withDiagnostics(rows, notice)
  }
  const failed = addressesIn(notice.header('x-failed-recipients') ?? '')
  if (failed.length > 0) return failed.map((address) => ({ address, action: null, status: null, diagnostic: null }))
  return score >= 2 ? [] : null
}

/** Somebody who answers, forwards or quotes a report, or whose mailbox answers by itself. */
function isPersons(notice: Notice, system: boolean): boolean {
  if (system) return false
  const submitted = notice.header('auto-submitted') ?? ''
  return notice.parsed.inReplyTo.length > 0 || /^auto-replied/i.test(submitted)
}

/** Rows that came without a diagnostic get the line of the report that names their address and a code. */
function withDiagnostics(rows: Row[], notice: Notice): Row[] {
  const coded = notice.lines.filter((line) => /\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b/.test(line)).slice(0, 100)
  return rows.map((row) => {
    if (row.diagnostic && /\b[45]\d\d\b|\b[45]\.\d/.test(row.diagnostic)) return row
    const line =
      coded.find((candidate) => candidate.includes(row.address)) ?? (rows.length === 1 ? coded[0] : undefined)
    if (!line) return row
    return { ...row, diagnostic: row.diagnostic ? `${row.diagnostic} ${line.trim()}` : line.trim() }
  })
}

function wordsOf(notice: Notice): string {
  return `${notice.lines.join(' ').slice(0, 2000)} ${notice.subject.slice(0, 300)}`
}

function originalMessageId(notice: Notice): string | null {
  return messageIdIn(notice.returned) ?? messageIdIn(notice.lines.join('\n')) ?? messageIdIn(notice.reports.join('\n'))
}

const GRAVITY = ['delivered', 'relayed', 'expanded', 'delayed', 'failed']

/** One row an address: an alias with two members that fail is one recipient for whoever wrote to it. */
function worstOfEach(recipients: BouncedRecipient[]): BouncedRecipient[] {
  const byAddress = new Map<string, BouncedRecipient>()
  for (const recipient of recipients) {
    const known = byAddress.get(recipient.address)
    if (!known || GRAVITY.indexOf(recipient.action) > GRAVITY.indexOf(known.action))
      byAddress.set(recipient.address, recipient)
  }
  return [...byAddress.values()]
}
