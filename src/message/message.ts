import type { Address } from '../model/address.ts'

/** What the header of a mail says, decoded. */
export interface MailHeader {
  /** Without angle brackets; null where the mail has none. */
  messageId: string | null
  inReplyTo: string[]
  /** Oldest first, without angle brackets. */
  references: string[]
  /** ISO 8601 UTC; null where absent or not a date. */
  date: string | null
  subject: string
  /** The first mailbox of From. A second From header or a second mailbox in it is named in `problems` and in `allFrom`. */
  from: Address | null
  allFrom: Address[]
  replyTo: Address[]
  to: Address[]
  cc: Address[]
  /** The envelope's recipients as far as headers tell them: Delivered-To, X-Original-To, Envelope-To. Lower case. */
  deliveredTo: string[]
  /** Return-Path, lower case; '' for the null sender `<>`, null where the header is absent. */
  returnPath: string | null
  /** Every header in the order of the mail, topmost first; names in lower case, values unfolded but not decoded. */
  headers: Header[]
}

/** What a mail says, as far as anybody can tell: the value that message/ makes and decision/ and cases/ read. */
export interface Message extends MailHeader {
  /** BCP 47 of the best guess ('da', 'nb', 'nn', 'sv', 'en', 'fi', 'is', 'de', …), or null. */
  language: string | null
  /** The whole readable text. */
  text: string
  /** The HTML part as it came, or null. */
  html: string | null
  /** The author's own words. */
  reply: string
  /** What was cut as quoted mail, and as signature; '' where nothing was. */
  quoted: string
  signature: string
  /** 0 to 1: how sure the cut is. 1 where nothing needed cutting. */
  confidence: number
  attachments: Attachment[]
  automatic: Automatic | null
  bounce: Bounce | null
  complaint: Complaint | null
  forwarded: Forwarded | null
  /** Every guess that was made and every limit that was met, one sentence each. */
  problems: string[]
}

export interface Header {
  name: string
  value: string
}

export interface Attachment {
  filename: string | null
  contentType: string
  /** Bytes after decoding. */
  size: number
  /** Of the decoded bytes, hex. */
  sha256: string
  contentId: string | null
  /** Shown within the text (referred to by a cid: link), not listed beside it. */
  inline: boolean
  /** Where the bytes are: in memory, or in a temporary file that the receiver takes over. Absent in `inspect`. */
  content?: Content
}

/** Bytes on their way: small ones in memory, large ones in a file. */
export type Content = { bytes: Uint8Array } | { path: string }

export interface Automatic {
  kind: 'auto-reply' | 'out-of-office' | 'bulk' | 'list' | 'generated' | 'own'
  /** The header or phrase that says so. */
  evidence: string
}

export interface Bounce {
  recipients: BouncedRecipient[]
  originalMessageId: string | null
}

export interface BouncedRecipient {
  address: string
  action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'
  /** RFC 3463 enhanced status, or null. */
  status: string | null
  permanent: boolean
  diagnostic: string | null
}

export interface Complaint {
  feedbackType: string
  recipient: string | null
  originalMessageId: string | null
}

export interface Forwarded {
  from: Address | null
  to: Address[]
  cc: Address[]
  subject: string | null
  date: string | null
  text: string
}
