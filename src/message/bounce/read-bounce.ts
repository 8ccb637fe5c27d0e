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
import { opensAsReport, outcomeOf, signsOf } from './signs.ts'

/**
 * What a mail system says became of a mail, one row per recipient; null where the mail is no such report.
 * RFC 3464 reports first, then the wordings of mailers that write none (formats/). A person who quotes a report,
 * and an auto-reply, give null. `text` is the mail's whole readable text.
 */
export function readBounce(parsed: Parsed, text: string): Bounce | null {
  const notice = noticeOf(parsed, text)
  const rows = rowsOf(notice)
  if (rows === null) return null
  const outcome = outcomeOf(notice)
  const words = wordsOf(notice)
  const recipients = rows.map((row) => judge(row, row.action ?? outcome, words))
  return { recipients: worstOfEach(recipients), originalMessageId: originalMessageId(notice) }
}

/** Null where the mail is no report; an empty list where it is one that names no recipient. */
function rowsOf(notice: Notice): Row[] | null {
  const signs = signsOf(notice)
  const system = signs.system || signs.headers
  const reported = notice.reports.flatMap(readDeliveryStatus)
  if (reported.length > 0 && (system || signs.subject)) return withDiagnostics(reported, notice)
  const opens = opensAsReport(notice)
  if (!system && (!opens || isPersons(notice))) return null
  if (!signs.daemon && !signs.subject && !signs.headers && !opens) return null
  const rows = fromText(notice)
  if (rows.length > 0) return withDiagnostics(rows, notice)
  const told = toldByHeaders(notice)
  if (told.length > 0) return told
  const guessed = system ? loneAddress(notice) : null
  if (guessed) return [{ address: guessed, action: null, status: null, diagnostic: null }]
  return Number(system) + Number(signs.subject) + Number(opens) >= 2 && system ? [] : null
}

/** The first wording that finds a recipient. */
function fromText(notice: Notice): Row[] {
  for (const format of FORMATS) {
    const rows = readTextFormat(format, notice)
    if (rows.length > 0) return rows
  }
  return []
}

/** Libraries and servers that sign themselves as clients do. */
const PROGRAM = /\b(?:cdo|internet mail service|phpmailer|exchange|script|server)\b/i
const CLIENT_HEADERS = ['user-agent', 'x-mailer', 'thread-index', 'x-ms-has-attach']

/** Somebody who answers, forwards or quotes a report, or whose mailbox answers by itself. */
function isPersons(notice: Notice): boolean {
  if (notice.lines.slice(0, 30).some((line) => /[?？](?:\s|$)/.test(line))) return true
  if (CLIENT_HEADERS.some((name) => notice.header(name) !== null && !PROGRAM.test(notice.header(name) ?? '')))
    return true
  return notice.parsed.inReplyTo.length > 0 || /^auto-replied/i.test(notice.header('auto-submitted') ?? '')
}

/** X-Failed-Recipients (Exim), or the recipient within the address that the report came to (VERP). */
function toldByHeaders(notice: Notice): Row[] {
  const failed = addressesIn(notice.header('x-failed-recipients') ?? '')
  const { to, deliveredTo } = notice.parsed
  const verp = [...deliveredTo, ...to.map(({ address }) => address)].flatMap((address) => {
    const match = /[+-]([^\s+=@]{1,64})=([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})@/i.exec(address.slice(0, 400))
    return match ? [`${match[1]}@${match[2]}`] : []
  })
  const addresses = failed.length > 0 ? failed : verp.slice(0, 1)
  return addresses.map((address) => ({ address, action: null, status: null, diagnostic: null }))
}

/** The only address that the report speaks of, or else the only recipient of the mail that came back. */
function loneAddress(notice: Notice): string | null {
  const ours = new Set([notice.sender, ...notice.parsed.to.map(({ address }) => address), ...notice.parsed.deliveredTo])
  const named = distinct(addressesIn(notice.lines.slice(0, 200).join('\n'))).filter(
    (address) => !ours.has(address) && !HELPER.test(address),
  )
  if (named.length === 1) return named[0] ?? null
  const to = /^To[ \t]{0,3}:(.{0,1000})/im.exec(notice.returned?.slice(0, 64_000) ?? '')?.[1] ?? ''
  const recipients = distinct(addressesIn(to)).filter((address) => !ours.has(address))
  return named.length === 0 && recipients.length === 1 ? (recipients[0] ?? null) : null
}

/** Whom a report tells people to turn to. */
const HELPER = /^(?:postmaster|abuse|support|help(?:desk)?|admin(?:istrator)?|info|webmaster|mailer-daemon|noc)@/

function distinct(addresses: string[]): string[] {
  return [...new Set(addresses.map((address) => address.toLowerCase()))]
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

/** Of the mail that came back; else in the words, the reports, the headers of the report itself. */
function originalMessageId(notice: Notice): string | null {
  const places = [notice.returned, notice.lines.join('\n'), ...notice.reports, ...notice.receipts]
  for (const place of places) {
    const id = messageIdIn(place)
    if (id) return id
  }
  return notice.parsed.inReplyTo[0] ?? null
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
