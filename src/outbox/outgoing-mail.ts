import type { Address } from '../model/address.ts'
import type { NoticeAttachment } from '../model/notice.ts'

/** A mail ready to leave: what delivery/ hands to the SMTP server, and nothing it would have to think about. */
export interface OutgoingMail {
  /** Without angle brackets. */
  messageId: string
  envelope: { from: string; to: string }
  from: Address
  to: Address
  replyTo: Address | null
  subject: string
  date: string
  inReplyTo: string | null
  references: string[]
  /** Further headers: Auto-Submitted, X-Auto-Response-Suppress, Feedback-ID … */
  headers: { name: string; value: string }[]
  text: string
  html: string
  /** Content is loaded by delivery, by its sha256. */
  attachments: NoticeAttachment[]
}

/**
 * What became of one attempt. `unknown`: the connection was lost after the data was sent; it may have arrived.
 * `addressGone`: the server says that there is no such address.
 */
export type DeliveryResult =
  | { kind: 'sent'; response: string }
  | { kind: 'retry'; code: string; response: string; unknown: boolean }
  | { kind: 'failed'; code: string; response: string; addressGone: boolean }
