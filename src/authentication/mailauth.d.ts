/** mailauth's own types leave this file out. */
declare module 'mailauth/lib/parse-received.js' {
  export interface ReceivedClause {
    value: string
    comment?: string
  }
  /** Takes the whole header line; false where it is none. */
  export function parseReceived(line: string): false | { from?: ReceivedClause; 'envelope-from'?: ReceivedClause }
  /** The address that the connection came from, never one that the client claimed in its HELO. */
  export function getClientAddress(from: ReceivedClause | undefined): string | false
}
