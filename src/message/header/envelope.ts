import type { Address } from '../../model/address.ts'
import { LIMITS } from '../limits.ts'
import type { Header } from '../message.ts'
import type { Parsed } from '../parsed.ts'
import type { Problems } from '../problems.ts'
import { readAddresses } from './addresses.ts'
import { readDate } from './date.ts'
import { decodeWords } from './encoded-words.ts'
import { valuesOf } from './fields.ts'
import { readIds } from './ids.ts'

export type Envelope = Pick<
  Parsed,
  | 'messageId'
  | 'inReplyTo'
  | 'references'
  | 'date'
  | 'subject'
  | 'from'
  | 'allFrom'
  | 'replyTo'
  | 'to'
  | 'cc'
  | 'deliveredTo'
  | 'returnPath'
>

/** Who wrote to whom, when, about what and in answer to what, out of the outermost headers. */
export function envelopeOf(headers: readonly Header[], problems: Problems): Envelope {
  const addresses = (name: string) => addressesOf(headers, name, problems)
  const allFrom = addresses('from')
  const from = firstMailbox(headers, allFrom, problems)
  return {
    messageId: messageIdOf(headers, problems),
    inReplyTo: readIds(valuesOf(headers, 'in-reply-to'), 'In-Reply-To', problems),
    references: readIds(valuesOf(headers, 'references'), 'References', problems),
    date: dateOf(headers, problems),
    subject: subjectOf(headers, problems),
    from,
    allFrom,
    replyTo: addresses('reply-to').filter(reachable),
    to: addresses('to').filter(reachable),
    cc: addresses('cc').filter(reachable),
    deliveredTo: deliveredTo(headers, problems),
    returnPath: returnPathOf(headers, problems),
  }
}

function reachable(who: Address): boolean {
  return who.address !== ''
}

function addressesOf(headers: readonly Header[], name: string, problems: Problems): Address[] {
  const all: Address[] = []
  // One by one: a spread of 100,000 values would overflow the stack.
  for (const value of valuesOf(headers, name))
    for (const who of readAddresses(value, NAMES[name] ?? name, problems)) all.push(who)
  return all.slice(0, LIMITS.addresses)
}

const NAMES: Record<string, string> = { from: 'From', 'reply-to': 'Reply-To', to: 'To', cc: 'Cc' }

function firstMailbox(headers: readonly Header[], all: Address[], problems: Problems): Address | null {
  const fields = valuesOf(headers, 'from')
  if (fields.length === 0) problems.add('the mail has no From header')
  if (fields.length > 1) problems.add(`the mail has ${fields.length} From headers: the first was taken`)
  const mailboxes = all.filter((who) => who.address.includes('@'))
  if (fields.length === 1 && mailboxes.length > 1)
    problems.add(`From names ${mailboxes.length} addresses: the first was taken`)
  if (fields.length > 0 && mailboxes.length === 0) problems.add('From names no address that can be written to')
  return mailboxes[0] ?? null
}

function messageIdOf(headers: readonly Header[], problems: Problems): string | null {
  const fields = valuesOf(headers, 'message-id')
  if (fields.length > 1) problems.add(`the mail has ${fields.length} Message-ID headers: the first was taken`)
  const ids = readIds(fields, 'Message-ID', problems)
  if (ids.length === 0) problems.add('the mail has no Message-ID')
  return ids[0] ?? null
}

function dateOf(headers: readonly Header[], problems: Problems): string | null {
  const value = valuesOf(headers, 'date')[0]
  if (value === undefined || value.trim() === '') {
    problems.add('the mail has no Date')
    return null
  }
  return readDate(value, problems)
}

function subjectOf(headers: readonly Header[], problems: Problems): string {
  const subject = decodeWords(valuesOf(headers, 'subject')[0] ?? '', problems)
    .replace(/[\x00-\x1f\x7f]+/g, ' ')
    .trim()
  if (subject.length <= LIMITS.subject) return subject
  problems.add(`the subject is longer than ${LIMITS.subject} characters: the rest was left out`)
  return subject.slice(0, LIMITS.subject)
}

const DELIVERED = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-delivered-to']

function deliveredTo(headers: readonly Header[], problems: Problems): string[] {
  const found = new Set<string>()
  for (const name of DELIVERED)
    for (const who of addressesOf(headers, name, problems)) if (who.address.includes('@')) found.add(who.address)
  return [...found]
}

function returnPathOf(headers: readonly Header[], problems: Problems): string | null {
  const value = valuesOf(headers, 'return-path')[0]
  if (value === undefined) return null
  return /^\s*(<\s*>)?\s*$/.test(value) ? '' : (readAddresses(value, 'Return-Path', problems)[0]?.address ?? '')
}
