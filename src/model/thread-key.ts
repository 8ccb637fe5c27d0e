import { createHmac, timingSafeEqual } from 'node:crypto'
import { domainOf, localPartOf } from './address.ts'
import { TOPICS, type Topic } from './preferences.ts'

/**
 * Our Message-IDs and reply addresses: made and recognised here and nowhere else.
 *
 *   reply address  support+c123.5k2.a.<mac>@acme.test   case 123, made on day 5k2, given to agents (a) or customers (c)
 *   Message-ID     <c123.<outbox row>.<mac>@acme.test>  the mail that a row sent
 *   thread root    <c123.root.<mac>@acme.test>          never sent; the common ancestor of all mails of a case
 *                  <c0.<outbox row>.<mac>@acme.test>    the same for a mail about no case
 *                  <article.<id>.root@acme.test>        the common ancestor of all mails about an article; no key, no mac
 *   bounce address support+b.<outbox row>.<mac>@acme.test   the envelope sender of what a row sent (VERP)
 *   verdict key    y123.<mac> or n123.<mac>             a solution of case 123 helped, or did not: a key for each mail
 *   settings key   p.<person>.<mac>                     where a person chooses what to be told of
 *   stop key       uc.<person>.<mac>                    ends a topic for a person: the letter after u is the topic's first
 *
 * The mac is HMAC-SHA-256 over the rest, truncated to 80 bits, in base32 (addresses are case-insensitive).
 * A key says which case is meant, never who writes: that is for the decision.
 * `secrets` is a key ring: the first one signs, all of them verify.
 */
export type Secrets = readonly [string, ...string[]]
export type Audience = 'agent' | 'customer'

export interface ReplyKey {
  caseNumber: number
  audience: Audience
  /** Days since 1970 at which the key was made. */
  madeOnDay: number
}

export interface OwnMessageId {
  caseNumber: number
  /** The outbox row that sent it, or 'root'. */
  row: string
}

/** A participant's key to leave a case, as it was read from an address or a subject; isLeaveKey says whose it is. */
export interface LeaveKey {
  caseNumber: number
  mac: string
}

export type Verdict = 'yes' | 'no'

/** A key that says whether a solution helped, as it was read; isVerdictKey says which proposal it is about. */
export interface VerdictKey {
  verdict: Verdict
  caseNumber: number
  mac: string
}

const MAC_LENGTH = 16
const REPLY_KEY = /^c(\d{1,12})\.([0-9a-z]{1,6})\.([ac])\.([a-z2-7]{16})$/
const BOUNCE_KEY = /^b\.([0-9a-z]{1,40})\.([a-z2-7]{16})$/
const LEAVE_KEY = /^l(\d{1,12})\.([a-z2-7]{16})$/
const VERDICT_KEY = /^([yn])(\d{1,12})\.([a-z2-7]{16})$/
const SETTINGS_KEY = /^p\.([0-9a-z]{1,40})\.([a-z2-7]{16})$/
const STOP_KEY = /^u([a-z])\.([0-9a-z]{1,40})\.([a-z2-7]{16})$/
const MESSAGE_ID = /^c(\d{1,12})\.([0-9a-z]{1,40})\.([a-z2-7]{16})@/

/** The address that answers come back to. `now` in milliseconds since 1970. */
export function replyAddress(
  secrets: Secrets,
  mailboxAddress: string,
  caseNumber: number,
  audience: Audience,
  now: number,
): string {
  const day = Math.floor(now / 86_400_000).toString(36)
  const stem = `c${caseNumber}.${day}.${audience === 'agent' ? 'a' : 'c'}`
  return `${localPartOf(mailboxAddress)}+${stem}.${mac(secrets[0], 'reply', stem)}@${domainOf(mailboxAddress)}`
}

/** The key in an address that was made by one of `secrets`, or null. */
export function readReplyAddress(secrets: Secrets, address: string): ReplyKey | null {
  const local = localPartOf(address).toLowerCase()
  const match = REPLY_KEY.exec(local.slice(local.indexOf('+') + 1))
  if (!match?.[1] || !match[2] || !match[4]) return null
  const stem = `c${match[1]}.${match[2]}.${match[3]}`
  if (!verify(secrets, 'reply', stem, match[4])) return null
  return {
    caseNumber: Number(match[1]),
    audience: match[3] === 'a' ? 'agent' : 'customer',
    madeOnDay: Number.parseInt(match[2], 36),
  }
}

/** The Message-ID, without angle brackets, of the mail that an outbox row sends; 'root' for a case's common ancestor. */
export function ownMessageId(secrets: Secrets, domain: string, caseNumber: number, row: string): string {
  const stem = `c${caseNumber}.${row}`
  return `${stem}.${mac(secrets[0], 'message-id', stem)}@${domain}`
}

/**
 * The common ancestor, never sent, of all mails about the same thing that is no case: without angle brackets, the same for
 * everybody. It leads to nothing when it comes back, so it carries no mac. `id` is made fit for a Message-ID.
 */
export function sharedRootId(domain: string, about: 'article' | 'alarm', id: string): string {
  return `${about}.${id.replace(/[^0-9a-zA-Z]+/g, '-').slice(0, 100)}.root@${domain}`
}

/** What a Message-ID of ours says, or null where it is not ours or was tampered with. */
export function readOwnMessageId(secrets: Secrets, messageId: string): OwnMessageId | null {
  const match = MESSAGE_ID.exec(messageId.toLowerCase())
  if (!match?.[1] || !match[2] || !match[3]) return null
  if (!verify(secrets, 'message-id', `c${match[1]}.${match[2]}`, match[3])) return null
  return { caseNumber: Number(match[1]), row: match[2] }
}

/**
 * The envelope sender of the mail that an outbox row sends, so that a report about it says which one it was (VERP).
 * null where the mailbox's name leaves no room in the 64 characters of a local part (RFC 5321 4.5.3.1.1).
 */
export function bounceAddress(secrets: Secrets, mailboxAddress: string, row: string): string | null {
  const stem = `b.${row}`
  const local = `${localPartOf(mailboxAddress)}+${stem}.${mac(secrets[0], 'bounce', stem)}`
  return local.length <= 64 ? `${local}@${domainOf(mailboxAddress)}` : null
}

/** The outbox row in an envelope sender of ours, or null where it is not ours or was tampered with. */
export function readBounceAddress(secrets: Secrets, address: string): string | null {
  const local = localPartOf(address).toLowerCase()
  const match = BOUNCE_KEY.exec(local.slice(local.indexOf('+') + 1))
  if (!match?.[1] || !match[2]) return null
  return verify(secrets, 'bounce', `b.${match[1]}`, match[2]) ? match[1] : null
}

/** A participant's key to leave a case: the case's number and a mac over case and person, and no id. Fit for addresses and URLs. */
export function leaveKey(secrets: Secrets, caseNumber: number, personId: string): string {
  return `l${caseNumber}.${mac(secrets[0], 'leave', `${caseNumber}.${personId}`)}`
}

/**
 * The mailto address (RFC 6068) by which a participant leaves a case: the key in the address, or in the subject where mail
 * to local+anything does not arrive.
 */
export function leaveLink(
  secrets: Secrets,
  mailbox: { address: string; plusAddress: boolean },
  caseNumber: number,
  personId: string,
): string {
  const key = leaveKey(secrets, caseNumber, personId)
  const { address, plusAddress } = mailbox
  return plusAddress
    ? `mailto:${localPartOf(address)}+${key}@${domainOf(address)}?subject=leave`
    : `mailto:${address}?subject=leave%20${key}`
}

/** The page of the portal where a participant leaves a case. `portalUrl` is the configured one, with or without a path. */
export function leaveUrl(portalUrl: string, key: string): string {
  return pageUrl(portalUrl, `leave/${key}`)
}

/** A page of the portal; `path` without a slash at its beginning. */
export function pageUrl(portalUrl: string, path: string): string {
  return `${portalUrl.replace(/\/+$/, '')}/${path}`
}

/** A person's key to their choices of what to be told of. */
export function settingsKey(secrets: Secrets, personId: string): string {
  return `p.${personId}.${mac(secrets[0], 'settings', personId)}`
}

/** The page of the portal where a person makes these choices. */
export function settingsUrl(portalUrl: string, key: string): string {
  return pageUrl(portalUrl, `settings/${key}`)
}

/** Whose settings key it is, or null where it is none of ours. */
export function readSettingsKey(secrets: Secrets, text: string): string | null {
  const match = SETTINGS_KEY.exec(text.toLowerCase())
  if (!match?.[1] || !match[2]) return null
  return verify(secrets, 'settings', match[1], match[2]) ? match[1] : null
}

/** A person's key to end a topic by one request. */
export function stopKey(secrets: Secrets, topic: Topic, personId: string): string {
  return `u${topic.charAt(0)}.${personId}.${mac(secrets[0], 'stop', `${topic}.${personId}`)}`
}

/** The page of the portal that ends a topic. */
export function stopUrl(portalUrl: string, key: string): string {
  return pageUrl(portalUrl, `stop/${key}`)
}

/** The mailto address (RFC 6068) that ends a topic: the key in the address where it fits and arrives, else in the subject. */
export function stopLink(mailbox: { address: string; plusAddress: boolean }, key: string): string {
  const { address, plusAddress } = mailbox
  const tagged = `${localPartOf(address)}+${key}`
  return plusAddress && tagged.length <= 64
    ? `mailto:${tagged}@${domainOf(address)}?subject=stop`
    : `mailto:${address}?subject=stop%20${key}`
}

/** Which topic a stop key ends, and for whom; null where it is none of ours. */
export function readStopKey(secrets: Secrets, text: string): { topic: Topic; personId: string } | null {
  const match = STOP_KEY.exec(text.toLowerCase())
  const topic = TOPICS.find((it) => it.charAt(0) === match?.[1])
  if (!topic || !match?.[2] || !match[3]) return null
  return verify(secrets, 'stop', `${topic}.${match[2]}`, match[3]) ? { topic, personId: match[2] } : null
}

/** Where mails bring keys back: in addresses with a plus part, and in a subject that holds little else. */
function possibleKeys(addresses: readonly string[], subject: string): string[] {
  const tags = addresses.map(localPartOf).map((local) => local.slice(local.indexOf('+') + 1))
  return [...tags, ...(subject.length > 200 ? [] : subject.split(/\s+/))]
}

/** The first whole stop key in addresses with a plus part or in a subject; null where there is none of ours. */
export function findStopKey(
  secrets: Secrets,
  addresses: readonly string[],
  subject: string,
): { topic: Topic; personId: string } | null {
  for (const text of possibleKeys(addresses, subject)) {
    const found = readStopKey(secrets, text)
    if (found) return found
  }
  return null
}

/** What looks like a key to leave a case, in addresses with a plus part and in a subject that holds little else. */
export function readLeaveKeys(addresses: readonly string[], subject: string): LeaveKey[] {
  return possibleKeys(addresses, subject)
    .map(readLeaveKey)
    .filter((key) => key !== null)
}

/** What looks like a key to leave a case, or null. */
export function readLeaveKey(text: string): LeaveKey | null {
  const match = LEAVE_KEY.exec(text.toLowerCase())
  return match?.[1] && match[2] ? { caseNumber: Number(match[1]), mac: match[2] } : null
}

/** Whether a key to leave a case was made for this person. */
export function isLeaveKey(secrets: Secrets, key: LeaveKey, personId: string): boolean {
  return verify(secrets, 'leave', `${key.caseNumber}.${personId}`, key.mac)
}

/**
 * By which somebody says whether a solution helped. The mac is over the outbox row that proposed it to them, which is one
 * person, one comment and one time: a later proposal has other keys.
 */
export function verdictKey(secrets: Secrets, verdict: Verdict, caseNumber: number, row: string): string {
  const stem = `${verdict.charAt(0)}${caseNumber}`
  return `${stem}.${mac(secrets[0], 'verdict', `${stem}.${row}`)}`
}

/** The page of the portal where somebody says so. */
export function verdictUrl(portalUrl: string, key: string): string {
  return pageUrl(portalUrl, `solution/${key}`)
}

/** Where a mail is sent to that says so; null where mail to local+anything does not arrive. */
export function verdictAddress(mailbox: { address: string; plusAddress: boolean }, key: string): string | null {
  const { address, plusAddress } = mailbox
  return plusAddress ? `${localPartOf(address)}+${key}@${domainOf(address)}` : null
}

/** What looks like a key that says whether a solution helped, or null. Of an address, the plus part is read. */
export function readVerdictKey(text: string): VerdictKey | null {
  const local = text.includes('@') ? localPartOf(text) : text
  const match = VERDICT_KEY.exec(local.slice(local.indexOf('+') + 1).toLowerCase())
  if (!match?.[1] || !match[2] || !match[3]) return null
  return { verdict: match[1] === 'y' ? 'yes' : 'no', caseNumber: Number(match[2]), mac: match[3] }
}

/** Whether a key was made for the proposal that an outbox row sent. */
export function isVerdictKey(secrets: Secrets, key: VerdictKey, row: string): boolean {
  return verify(secrets, 'verdict', `${key.verdict.charAt(0)}${key.caseNumber}.${row}`, key.mac)
}

function verify(secrets: Secrets, purpose: string, stem: string, given: string): boolean {
  return secrets.some((secret) => timingSafeEqual(Buffer.from(mac(secret, purpose, stem)), Buffer.from(given)))
}

function mac(secret: string, purpose: string, stem: string): string {
  const digest = createHmac('sha256', secret).update(`posthorn:${purpose}:${stem}`).digest()
  return base32(digest.subarray(0, (MAC_LENGTH * 5) / 8))
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

function base32(bytes: Uint8Array): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32.charAt((buffer >> bits) & 31)
    }
  }
  return text
}
