import type { AuthenticationResults } from '../message/authentication-results.ts'
import type { Content, Message } from '../message/message.ts'
import type { ScanVerdict } from '../model/scan.ts'
import type { Place } from '../store/mails.ts'

/** A mail out of a mailbox, as far as the parser got with it. */
export interface ParsedMail {
  place: Place
  /** message/identity: one for the same mail however it came. */
  identity: string
  rawSha256: string
  size: number
  raw: Content
  /** What the malware check said; absent where none is configured. */
  scan?: ScanVerdict | null
  /** What Posthorn itself found about the sender, over the network and therefore before; absent where it was not to check. */
  ownCheck?: AuthenticationResults | null
  parsed: { kind: 'message'; message: Message } | { kind: 'unreadable'; why: string }
}

/** What became of a mail; retry: not taken in, it is tried again. */
export interface Receipt {
  uid: number
  outcome: 'taken' | 'retry'
  /** Decision.kind, 'duplicate' or 'quarantine'. */
  decision: string
  reason: string
  caseId: string | null
}
