import type { Complaint } from '../message.ts'
import type { MeaningfulPart, Parsed } from '../parsed.ts'
import { addressIn } from './addresses-in.ts'
import { messageIdIn } from './returned-mail.ts'

const REPORT = 'message/feedback-report'
const RETURNED = /^(?:message\/(?:rfc822|global|rfc822-headers)|text\/(?:rfc822-headers|rfc822))$/
const HEADERS_LIMIT = 64 * 1024

/**
 * A recipient's complaint about a mail of ours: a feedback report (ARF, RFC 5965), or Microsoft's JMRP, which attaches the
 * mail and says the rest in a header. Null where the mail is neither.
 * The recipient is who complained, if the provider tells; feedbackType is lower case ('abuse', 'fraud', 'not-spam' …).
 */
export function readComplaint(parsed: Parsed): Complaint | null {
  const report = parsed.parts.find((part) => part.contentType === REPORT)
  const returned = parsed.parts.find((part) => RETURNED.test(part.contentType)) ?? null
  if (report) return fromReport(report, returned)
  return fromJunkReport(parsed, returned)
}

function fromReport(report: MeaningfulPart, returned: MeaningfulPart | null): Complaint | null {
  const type = field(report.text, 'Feedback-Type')
  if (!type) return null
  const recipient =
    field(report.text, 'Original-Rcpt-To') ??
    field(report.text, 'Removal-Recipient') ??
    field(report.text, 'X-HmXmrOriginalRecipient') ??
    recipientOf(returned)
  return {
    feedbackType: type.toLowerCase(),
    recipient: recipient === null ? null : (addressIn(recipient)?.toLowerCase() ?? null),
    originalMessageId: messageIdIn(headersOf(returned)) ?? messageIdIn(report.text),
  }
}

/** Microsoft's Junk Mail Reporting Program writes no feedback-report: it names the recipient in a header of the mail. */
function fromJunkReport(parsed: Parsed, returned: MeaningfulPart | null): Complaint | null {
  const headers = headersOf(returned)
  const named = headers === null ? null : field(headers, 'X-HmXmrOriginalRecipient')
  const sender = parsed.from?.address ?? ''
  if (!named && !/^staff@hotmail\.com$|^jmrp@|^junk@office365\.microsoft\.com$/.test(sender)) return null
  if (returned === null) return null
  const recipient = named ?? recipientOf(returned)
  return {
    feedbackType: 'abuse',
    recipient: recipient === null ? null : (addressIn(recipient)?.toLowerCase() ?? null),
    originalMessageId: messageIdIn(headers),
  }
}

/** The mail that was complained of tells whom it was for, where the provider has not blacked it out. */
function recipientOf(returned: MeaningfulPart | null): string | null {
  const headers = headersOf(returned)
  if (headers === null) return null
  return field(headers, 'X-HmXmrOriginalRecipient') ?? field(headers, 'Delivered-To') ?? field(headers, 'To')
}

function headersOf(part: MeaningfulPart | null): string | null {
  if (part === null) return null
  const text = part.text.slice(0, HEADERS_LIMIT)
  const end = text.indexOf('\n\n')
  return end < 0 ? text : text.slice(0, end)
}

/** The first value of a field, unfolded; null where it is absent or empty. */
function field(text: string, name: string): string | null {
  const wanted = `${name.toLowerCase()}:`
  let value: string | null = null
  for (const line of text.split('\n')) {
    if (value !== null) {
      if (!/^[ \t]/.test(line)) break
      value += ` ${line.trim()}`
    } else if (line.toLowerCase().startsWith(wanted)) value = line.slice(wanted.length).trim()
  }
  return value || null
}
