import type { AfterIntake } from '../config/config.ts'

/** Bytes of each mail that a fetch asks for. A longer mail is completed into a file (`spool`): most need no second command. */
export const FIRST_BYTES = 512 * 1024

/** A folder as SELECT describes it. */
export interface FolderState {
  /** As text: it may exceed 2^31. '0' where the server names none. */
  uidValidity: string
  /** null where the server does not say (Courier). */
  uidNext: number | null
  /** How many mails the folder holds. */
  exists: number
}

export interface FetchedMail {
  uid: number
  /** The mail from its first byte: whole, or its first FIRST_BYTES. */
  source: Uint8Array
  whole: boolean
}

/** How the rest of a long mail was written to a file. gone: it was removed meanwhile. too-large: more bytes came than `most`. */
export type Spooled = { kind: 'done'; size: number } | { kind: 'gone' } | { kind: 'too-large'; size: number }

/**
 * One connection to one folder. All mails are named by UID; one method at a time, besides `fetch` beside `acknowledge`.
 * Every method throws a PosthornError when the connection is lost; nothing that was fetched before counts as taken.
 */
export interface MailboxConnection {
  /** Opens the folder, or asks anew how it stands. */
  select(): Promise<FolderState>
  /** Every UID in the folder, ascending. */
  uids(): Promise<number[]>
  /** The mails of these UIDs, ascending, in one command. What the server does not give (expunged, no content) is left out. */
  fetch(uids: number[]): Promise<FetchedMail[]>
  /** The mails with `count` UIDs from `uid` on. */
  fetchFrom(uid: number, count: number): Promise<FetchedMail[]>
  /** RFC822.SIZE in bytes, which not every server gets right; null when the mail is gone. */
  sizeOf(uid: number): Promise<number | null>
  /** Writes a long mail to a file, `head` first, in chunks: never whole in memory. At most `most` bytes. */
  spool(uid: number, path: string, head: Uint8Array, most: number): Promise<Spooled>
  /** Moves, flags, deletes or leaves mails. Never touches one that is not named; those that are gone count as done. */
  acknowledge(uids: number[], after: AfterIntake): Promise<void>
  /**
   * Waits until the server announces new mails ('news'), `milliseconds` have passed or `signal` is aborted ('quiet').
   * IDLE is only a hint: servers announce late, or not at all.
   */
  wait(milliseconds: number, signal: AbortSignal): Promise<'news' | 'quiet'>
  /** Says goodbye where that is still possible. Never throws. */
  close(): Promise<void>
}
