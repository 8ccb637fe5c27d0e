import { ROBOT_LOCAL } from '../message/automatic/senders.ts'
import type { Message } from '../message/message.ts'
import { localPartOf, withoutTag } from '../model/address.ts'
import type { Trust } from './decision.ts'

/** Local parts that list servers and mail servers send under: owner-x, x-request, x-bounces (RFC 3834 section 2, RFC 2142). */
const SERVER_LOCAL =
  /^(?:owner-.+|.+-(?:owner|request|bounces?|admin|errors)|bounces?(?:[-+=].+)?|postmaster|listserv|majordomo)$/i

/** Headers by which a mail asks for no automatic answer, and the values that ask for it. */
const UNWANTED: Readonly<Record<string, RegExp>> = {
  precedence: /^(?:bulk|junk|list|auto)/i,
  'x-precedence': /^(?:bulk|junk|list|auto)/i,
  'auto-submitted': /^(?!no\b)./i,
  'x-auto-response-suppress': /\b(?:all|autoreply|oof)\b/i,
  'list-id': /./,
  'list-unsubscribe': /./,
  'feedback-id': /./,
}

/**
 * Whether a mail gets an automatic answer (RFC 3834 section 2): never a machine's, a null sender's, a list's or our own, and
 * none whose sender is proven to be another. Who is a person and looks like a machine loses nothing but the receipt.
 */
export function mayAcknowledge(message: Message, ownAddresses: ReadonlySet<string>, trust: Trust): boolean {
  const from = message.from?.address
  if (from === undefined || trust === 'failed' || message.automatic || message.bounce || message.complaint) return false
  if (message.returnPath === '' || ownAddresses.has(withoutTag(from))) return false
  if (isServer(from) || (message.returnPath !== null && isServer(message.returnPath))) return false
  return !message.headers.some(({ name, value }) => UNWANTED[name]?.test(value.trim()) ?? false)
}

function isServer(address: string): boolean {
  const local = localPartOf(address)
  return ROBOT_LOCAL.test(local) || SERVER_LOCAL.test(local)
}
