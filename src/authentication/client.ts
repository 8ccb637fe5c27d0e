import { BlockList, isIP } from 'node:net'
import { getClientAddress, parseReceived } from 'mailauth/lib/parse-received.js'
import type { Header, Message } from '../message/message.ts'

/** Who handed a mail to the mailbox's own server, for SPF (RFC 7208 section 2). */
export interface Client {
  ip: string
  helo: string
  /** MAIL FROM; '' for the null sender. */
  sender: string
}

/** Loopback: a hop within the server itself, such as from its SMTP to its delivery. */
const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Private and local networks (RFC 6890): a relay or a proxy of the server's own, which hides the client. */
const PRIVATE = new BlockList()
PRIVATE.addSubnet('10.0.0.0', 8, 'ipv4')
PRIVATE.addSubnet('172.16.0.0', 12, 'ipv4')
PRIVATE.addSubnet('192.168.0.0', 16, 'ipv4')
PRIVATE.addSubnet('100.64.0.0', 10, 'ipv4')
PRIVATE.addSubnet('169.254.0.0', 16, 'ipv4')
PRIVATE.addSubnet('fc00::', 7, 'ipv6')
PRIVATE.addSubnet('fe80::', 10, 'ipv6')

/**
 * The client that the topmost Received names, hops within one machine left aside; null where it names none. Deeper ones are
 * never used: they may be the sender's own invention. Return-Path counts only where it stands above that Received, for the
 * same reason.
 */
export function clientOf({ headers }: Message): Client | null {
  let sender: string | null = null
  for (const { name, value } of headers) {
    if (name === 'return-path') sender ??= addressIn(value)
    if (name !== 'received') continue
    const hop = parseReceived(`Received: ${value}`)
    const ip = hop ? getClientAddress(hop.from) : false
    if (!hop || !ip) {
      if (isLocalDelivery(value)) continue
      return null
    }
    if (isIn(LOOPBACK, ip)) continue
    const from = hop['envelope-from'] ? addressIn(hop['envelope-from'].value) : sender
    return isIn(PRIVATE, ip) || from === null ? null : { ip, helo: hop.from?.value ?? ip, sender: from }
  }
  return null
}

/** Without a client: written by a program on the machine, or by LMTP (RFC 3848) over a socket. */
function isLocalDelivery(value: string): boolean {
  return /\bwith\s+U?LMTPS?A?\b/i.test(value) && !/^\s*from\b/i.test(value)
}

function addressIn(value: Header['value']): string {
  return value.replace(/[<>\s]/g, '')
}

function isIn(list: BlockList, ip: string): boolean {
  return list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4')
}
