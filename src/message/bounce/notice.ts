import type { Parsed } from '../parsed.ts'
import { splitReturnedMail } from './returned-mail.ts'

/** What a reader of bounces sees of a mail. */
export interface Notice {
  /** The address of From, lower case, or the raw header where it has none ('MAILER-DAEMON'); '' where it is absent. */
  sender: string
  senderName: string
  subject: string
  /** The first value of a header (lower-case name), or null. */
  header(name: string): string | null
  /** The human-readable report without the mail that came back, trimmed at the right, at most TEXT_LIMIT characters. */
  lines: string[]
  /** The parts that hold per-recipient fields (RFC 3464), in order. */
  reports: string[]
  /** Disposition notifications (RFC 8098): servers that reject by a rule send these. */
  receipts: string[]
  /** The source, or the headers, of the mail that came back; null where the report brought none. */
  returned: string | null
  parsed: Parsed
}

/** A report says what failed at its beginning: what stands further back is the mail that came back. */
export const TEXT_LIMIT = 256 * 1024

const RETURNED_PART = /^(?:message\/(?:rfc822|global|rfc822-headers|global-headers)|text\/(?:rfc822-headers|rfc822))$/
const REPORT_PART = /^(?:message|text)\/(?:global-)?delivery-status$/
const RECEIPT = 'message/disposition-notification'
const NEVER_A_REPORT = /rfc822|disposition-notification|feedback-report|calendar/
const REPORT_FIELD = /^(?:Final-Recipient|Original-Recipient|Reporting-MTA)[ \t]?:/im

export function noticeOf(parsed: Parsed, text: string): Notice {
  const first = new Map<string, string>()
  for (const { name, value } of parsed.headers) if (!first.has(name)) first.set(name, value)
  const header = (name: string) => first.get(name) ?? null
  const readable = text.slice(0, TEXT_LIMIT)
  const { notice, returned } = splitReturnedMail(readable.split('\n').map((line) => line.trimEnd()))
  const part = parsed.parts.find((candidate) => RETURNED_PART.test(candidate.contentType))
  return {
    sender: parsed.from?.address || bareSender(header('from')),
    senderName: parsed.from?.name ?? '',
    subject: parsed.subject,
    header,
    lines: notice,
    reports: reportsOf(parsed, part?.text ?? null, readable),
    receipts: parsed.parts.filter((one) => one.contentType === RECEIPT).map((one) => one.text),
    returned: part?.text ?? returned,
    parsed,
  }
}

function bareSender(from: string | null): string {
  return (from ?? '').replace(/[<>"]/g, ' ').trim().toLowerCase()
}

/** Also a report that is labelled as something else, and one that a gateway wrapped into a message/rfc822. */
function reportsOf(parsed: Parsed, returned: string | null, readable: string): string[] {
  const labelled = parsed.parts.filter((part) => REPORT_PART.test(part.contentType)).map((part) => part.text)
  if (labelled.length > 0) return labelled
  const mislabelled = parsed.parts.filter(
    (part) => !NEVER_A_REPORT.test(part.contentType) && REPORT_FIELD.test(part.text.slice(0, 4096)),
  )
  if (mislabelled.length > 0) return mislabelled.map((part) => part.text)
  const nested = returned === null ? [] : nestedReport(returned.slice(0, TEXT_LIMIT))
  return nested.length > 0 ? nested : inlineReport(readable)
}

function nestedReport(source: string): string[] {
  const type = /^Content-Type:[ \t]{0,9}message\/(?:global-)?delivery-status/im.exec(source)
  if (!type) return []
  const body = source.indexOf('\n\n', type.index)
  if (body < 0) return []
  const end = source.indexOf('\n--', body + 2)
  return [source.slice(body + 2, end < 0 ? undefined : end)]
}

/** A report whose MIME structure was lost on the way stands in the text itself. */
function inlineReport(readable: string): string[] {
  const recipient = /^(?:Final|Original)-Recipient[ \t]?:/im.exec(readable)
  if (!recipient) return []
  const before = readable.lastIndexOf('\n\n', recipient.index)
  const rest = readable.slice(before < 0 ? 0 : before + 2)
  const end = /^(?:Return-Path|Received)[ \t]?:/im.exec(rest)
  return [rest.slice(0, end?.index)]
}
