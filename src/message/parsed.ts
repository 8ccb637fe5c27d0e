import type { Attachment, MailHeader } from './message.ts'

/**
 * What the MIME layer (parse.ts) hands to the readers of a mail (reply/, forward, automatic, bounce):
 * decoded, but not yet understood. All of them are pure functions of this value.
 */
export interface Parsed extends MailHeader {
  /** The text/plain body, decoded, format=flowed joined (quote depth kept as '>' prefixes), LF line ends; null where absent. */
  plain: string | null
  /** The text/html body as it came, decoded to a string; null where absent. */
  html: string | null
  attachments: Attachment[]
  /** Small parts that carry meaning for the readers, decoded, in order: reports, nested mails, calendar invitations. */
  parts: MeaningfulPart[]
  /** The type and parameters of the outermost part, lower case: 'multipart/report', { 'report-type': 'delivery-status' }. */
  contentType: { type: string; params: Record<string, string> }
  problems: string[]
}

/** message/delivery-status, message/feedback-report, message/disposition-notification, message/rfc822, text/rfc822-headers, text/calendar … */
export interface MeaningfulPart {
  contentType: string
  /** Decoded text, at most 256 KB. For message/rfc822 the nested mail's source. */
  text: string
  filename: string | null
}
