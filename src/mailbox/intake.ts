/** A mail as it lay on the server, with the place it was taken from. */
export interface RawMail {
  /** The mailbox's name in the configuration. */
  mailbox: string
  /** UIDVALIDITY as text: it may exceed 2^31. */
  uidValidity: string
  uid: number
  /** Small mails in memory; larger ones in a file that is removed when `receive` has settled. */
  source: MailSource
  /** When it was fetched: milliseconds since 1970. */
  receivedAt: number
}

export type MailSource = { bytes: Uint8Array } | { path: string; size: number }

/**
 * What became of one mail. taken: committed, and the server may be told (moved, flagged, deleted).
 * kept: committed, but the mail stays where it is. retry: not committed; it is handed on again later.
 */
export interface Receipt {
  uid: number
  outcome: 'taken' | 'retry' | 'kept'
}

/**
 * What a mailbox hands its mails to, and whose memory (the ledger) says what was taken in.
 * Everything is by (mailbox, UIDVALIDITY, UID). `receive` must be idempotent by it and by content: after a connection lost
 * in a commit, or under a new UIDVALIDITY, the same mail is handed on again.
 */
export interface Intake {
  /** The UIDs that need no more looking at: everything in the ledger but mails that failed with attempts left. */
  known(mailbox: string, uidValidity: string): Promise<Set<number>>
  /** Takes in mails in UID order, and answers after the commit, one receipt a mail. Throws when nothing was committed. */
  receive(batch: RawMail[]): Promise<Receipt[]>
  /** A mail over the size limit: its header alone, `size` in bytes. The mail stays on the server. */
  tooLarge(mailbox: string, uidValidity: string, uid: number, size: number, header: Uint8Array): Promise<void>
  /** Taken in, but the server was not told: left over from a crash or a lost connection. */
  toAcknowledge(mailbox: string, uidValidity: string): Promise<number[]>
  /** The server has been told, or no longer has them. */
  acknowledged(mailbox: string, uidValidity: string, uids: number[]): Promise<void>
  /** After each full look: how many mails the folder held. */
  looked(mailbox: string, uidValidity: string, onServer: number): Promise<void>
}
