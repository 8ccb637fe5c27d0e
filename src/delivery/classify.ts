import type { DeliveryResult } from '../outbox/outgoing-mail.ts'

/** What is known of a failed attempt: of nodemailer's error, and of how far the mail had come. */
export interface Failure {
  /** nodemailer's or Node's: EENVELOPE, EMESSAGE, ETIMEDOUT, ECONNREFUSED … */
  code: string
  /** The SMTP reply that was the answer, where there was one. */
  responseCode: number | null
  response: string
  /** What was answered: 'RCPT TO', 'DATA', 'AUTH LOGIN', 'CONN' … */
  command: string
  /** Whether the whole mail was handed to the server, so that it may have been accepted. */
  handedOver: boolean
}

type Failed = Exclude<DeliveryResult, { kind: 'sent' }>

/** Replies that are about how we talk to the server, not about this mail: login needed (RFC 4954), sequence, busy. */
const ABOUT_THE_SESSION = new Set([421, 503, 530, 534, 535, 538])
/** nodemailer's own refusals, before anything was sent: this mail can never leave. */
const IMPOSSIBLE = new Set(['API', 'MAIL FROM'])

/**
 * Tells temporary, permanent and unknown failures apart (RFC 5321, 4.2.1 and 4.5.4.1).
 * Permanent is only what the server says of this recipient or this mail: 5yz to RCPT or DATA, or an address that
 * cannot be written. A server that cannot be reached, knows no such login or refuses everybody is temporary: that is
 * mended by somebody, and the mail must not be lost meanwhile.
 */
export function classify(failure: Failure): Failed {
  const code = failure.responseCode === null ? failure.code : String(failure.responseCode)
  const { response } = failure
  if (isPermanent(failure)) return { kind: 'failed', code, response, addressGone: isAddressGone(failure) }
  return { kind: 'retry', code, response, unknown: failure.handedOver && failure.responseCode === null }
}

function isPermanent({ code, responseCode, command }: Failure): boolean {
  if (responseCode === null) {
    // Too large for the server's SIZE, or an address with a line break in it: nodemailer says so without asking.
    return (code === 'EENVELOPE' || code === 'EMESSAGE') && IMPOSSIBLE.has(command)
  }
  if (responseCode < 500 || responseCode > 599 || ABOUT_THE_SESSION.has(responseCode)) return false
  return command === 'RCPT TO' || command === 'DATA'
}

/**
 * Whether the server says of the recipient that there is no such mailbox or domain (RFC 3463, 3.2; RFC 7505, 4.1). Other
 * refusals may be about this mail, or about us.
 */
function isAddressGone({ command, response }: Failure): boolean {
  return command === 'RCPT TO' && /^5\d\d[ -]5\.1\.(?:1|2|6|10)(?!\d)/.test(response)
}

/** Reads an error of nodemailer's into a Failure. Anything else that was thrown is described, and temporary. */
export function failureOf(error: unknown, handedOver: boolean): Failure {
  const message = error instanceof Error ? error.message : String(error)
  const read = (key: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined
  const responseCode = read('responseCode')
  const response = read('response')
  return {
    code: textOf(read('code')) ?? 'EUNKNOWN',
    responseCode: typeof responseCode === 'number' && responseCode >= 200 ? responseCode : null,
    response: oneLine(textOf(response) ?? message),
    command: textOf(read('command')) ?? '',
    handedOver,
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** A server's reply may be long and have lines: what is kept of it is one line of 500 characters at the most. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 500)
}
