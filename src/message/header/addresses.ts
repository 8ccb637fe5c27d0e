import { domainToUnicode } from 'node:url'
import { type Address, normaliseAddress } from '../../model/address.ts'
import { LIMITS } from '../limits.ts'
import { excerpt, type Problems } from '../problems.ts'
import { trimEndSet, trimSet } from '../trim.ts'
import { decodeWords } from './encoded-words.ts'

/** One address as far as it has been read. */
interface Draft {
  phrase: string
  comment: string
  angle: string | null
  quoted: boolean
  /** What ended it. */
  end: ',' | ';' | null
}

/**
 * The mailboxes of an address header (RFC 5322 section 3.4), groups flattened, display names decoded. Broken forms are
 * read as a person would: missing brackets, stray commas and semicolons, a whole header in one encoded word. An encoded
 * word never becomes an address of its own unless it holds one in angle brackets (RFC 2047 section 5), so that nobody
 * can hide a sender in a display name. An entry without any address comes back with address ''.
 */
export function readAddresses(value: string, field: string, problems: Problems): Address[] {
  return collect(value, field, problems, false)
}

function collect(value: string, field: string, problems: Problems, nested: boolean): Address[] {
  const found: Address[] = []
  let surname = ''
  for (const next of drafts(value, field, problems)) {
    const draft = surname === '' ? next : { ...next, phrase: `${surname}, ${next.phrase.trim()}` }
    if (splitsName(next)) {
      surname = draft.phrase.trim()
      continue
    }
    if (surname !== '') problems.add(`'${field}' has a name with a comma outside quotes`)
    surname = ''
    if (found.length >= LIMITS.addresses) {
      problems.add(`'${field}' has more than ${LIMITS.addresses} addresses: the rest was not read`)
      break
    }
    found.push(...finish(draft, field, problems, nested))
  }
  if (surname !== '') found.push(...finish({ ...empty(), phrase: surname }, field, problems, nested))
  return found
}

/** 'Hansen, Kim <kim@acme.test>': text without an address before a comma belongs to the name after it. */
function splitsName(draft: Draft): boolean {
  const phrase = draft.phrase.trim()
  return (
    draft.end === ',' &&
    draft.angle === null &&
    phrase !== '' &&
    phrase.length < LIMITS.name &&
    !/@|=\?/.test(phrase) &&
    !draft.quoted
  )
}

/** A header value on its way through `drafts`. */
interface Reading {
  value: string
  field: string
  problems: Problems
  find: Find
}

/** Splits the value at commas and semicolons outside quotes, comments and brackets; a group's name is left out. */
function* drafts(value: string, field: string, problems: Problems): Generator<Draft> {
  const reading: Reading = { value, field, problems, find: finderIn(value) }
  let draft = empty()
  for (let at = 0; at < value.length; ) {
    const char = value[at]
    if (char === ',' || char === ';') {
      yield { ...draft, end: char }
      draft = empty()
      at += 1
    } else if (char === ':' && isGroupName(draft)) {
      draft = empty()
      at += 1
    } else if (char === '<' && draft.angle?.includes('@')) {
      yield draft
      problems.add(`'${field}' has addresses without a comma between them`)
      draft = empty()
      at = takeAngle(draft, reading, at)
    } else at = TAKERS[char ?? '']?.(draft, reading, at) ?? takePlain(draft, reading, at)
  }
  yield draft
}

/** Puts what begins at `at` into the draft; gives the index behind it. */
type Taker = (draft: Draft, reading: Reading, at: number) => number

const TAKERS: Readonly<Record<string, Taker>> = { '"': takeQuote, '(': takeComment, '<': takeAngle }

function takeQuote(draft: Draft, { value, field, problems, find }: Reading, at: number): number {
  const end = quoteEnd(value, at, find)
  if (end < 0) problems.add(`'${field}' has a quote that does not end`)
  draft.phrase += end < 0 ? ' ' : value.slice(at, end + 1)
  draft.quoted = true
  return end < 0 ? at + 1 : end + 1
}

function takeComment(draft: Draft, { value }: Reading, at: number): number {
  const end = commentEnd(value, at)
  if (end < 0) draft.phrase += '('
  else draft.comment += value.slice(at + 1, end)
  return end < 0 ? at + 1 : end + 1
}

function takeAngle(draft: Draft, { value, field, problems, find }: Reading, at: number): number {
  const end = angleEnd(value, at, find, field, problems)
  if (draft.angle !== null) draft.phrase += ` ${draft.angle}`
  draft.angle = value.slice(at + 1, end)
  return value[end] === '>' ? end + 1 : end
}

function takePlain(draft: Draft, { value }: Reading, at: number): number {
  const end = plainEnd(value, at)
  draft.phrase += value.slice(at, end)
  return end
}

function isGroupName({ angle, phrase }: Draft): boolean {
  if (angle !== null || phrase.includes('@')) return false
  const name = phrase.trim()
  return /^[^\s"]|"/.test(name) && !/^mailto$/i.test(name)
}

/** Finds marks at or after an index; each is searched once beyond the end of the value. */
function finderIn(value: string): Find {
  const closing = new Map<string, number>()
  return (mark, from) => {
    const known = closing.get(mark)
    if (known !== undefined && (known < 0 || known >= from)) return known
    const at = value.indexOf(mark, from)
    closing.set(mark, at)
    return at
  }
}

const SPECIAL = /["(<,;:]/g

function plainEnd(value: string, at: number): number {
  SPECIAL.lastIndex = at + 1
  return SPECIAL.exec(value)?.index ?? value.length
}

function empty(): Draft {
  return { phrase: '', comment: '', angle: null, quoted: false, end: null }
}

type Find = (mark: string, from: number) => number

function quoteEnd(value: string, start: number, find: Find): number {
  for (let at = find('"', start + 1); at >= 0; at = find('"', at + 1)) {
    let slashes = 0
    while (value[at - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return at
  }
  return -1
}

/** Comments longer than this are no comments. */
const LONGEST_COMMENT = 2_000

function commentEnd(value: string, start: number): number {
  let depth = 0
  for (let at = start; at < value.length && at < start + LONGEST_COMMENT; at += 1) {
    const char = value[at]
    if (char === '\\') at += 1
    else if (char === '(') depth += 1
    else if (char === ')') depth -= 1
    if (depth === 0) return at
  }
  return -1
}

function angleEnd(value: string, start: number, find: Find, field: string, problems: Problems): number {
  const close = find('>', start + 1)
  const open = find('<', start + 1)
  if (close >= 0 && (open < 0 || open > close || value.slice(start, close).startsWith('<<'))) return close
  problems.add(`'${field}' has an angle bracket that does not end`)
  const rest = /[,;<\s]/.exec(value.slice(start + 1, start + 1 + LIMITS.address))
  return rest && value.slice(start + 1, start + 1 + rest.index).trim() !== '' ? start + 1 + rest.index : value.length
}

function finish(draft: Draft, field: string, problems: Problems, nested: boolean): Address[] {
  const phrase = draft.phrase.trim()
  if (draft.angle !== null) {
    const address = cleanAddress(draft.angle, field, problems)
    // '<Kim Hansen> kim@acme.test' and '"kim@acme.test" <>': the address stands outside the brackets.
    if (!address.includes('@') && /\S@\S/.test(phrase))
      return finish({ ...draft, angle: null }, field, problems, nested)
    if (address === '' && phrase === '') return []
    return [{ name: displayName(phrase, draft.comment, address, field, problems), address }]
  }
  if (phrase === '') return []
  const bare = bareAddress(phrase)
  if (bare) {
    if (bare.rest !== '') problems.add(`'${field}' has an address without angle brackets`)
    const address = cleanAddress(bare.address, field, problems)
    return [{ name: displayName(bare.rest, draft.comment, address, field, problems), address }]
  }
  return withoutAddress(phrase, draft.comment, field, problems, nested)
}

function withoutAddress(
  phrase: string,
  comment: string,
  field: string,
  problems: Problems,
  nested: boolean,
): Address[] {
  const decoded = decodeWords(phrase, problems)
  if (!nested && decoded !== phrase && /<[^<>\s]+@[^<>\s]+>/.test(decoded.slice(0, LIMITS.headerValue))) {
    problems.add(`'${field}' has an address inside an encoded word`)
    return collect(decoded, field, problems, true)
  }
  if (/^[^\s"=?]+$/.test(phrase))
    return [{ name: comment.trim() || null, address: normaliseAddress(phrase).slice(0, LIMITS.address) }]
  problems.add(`'${field}' names no address: ${excerpt(decoded)}`)
  return [{ name: displayName(phrase, comment, '', field, problems), address: '' }]
}

/** The word with an '@' in text without brackets, and what stands around it. */
function bareAddress(phrase: string): { address: string; rest: string } | null {
  const quoted = /^("(?:[^"\\]|\\.)*"@\S+)$/.exec(phrase.slice(0, LIMITS.headerValue))
  if (quoted) return { address: phrase, rest: '' }
  // '"kim@acme.test"' quotes the address itself.
  const unquoted = /^"([^"\s]+@[^"\s]+)"$/.exec(phrase)
  if (unquoted) return { address: unquoted[1] ?? '', rest: '' }
  const spaced = phrase.replace(/"[^"]*"/g, (text) => ' '.repeat(text.length))
  const words = [...spaced.matchAll(/\S+/g)]
  if (words.length > 1 && isSpacedAddress(spaced)) return { address: phrase.replace(/\s+/g, ''), rest: '' }
  const word = words.findLast((match) => /[^@\s]@[^@\s]/.test(match[0]) && !match[0].startsWith('=?'))
  if (!word) return null
  const rest = `${phrase.slice(0, word.index)} ${phrase.slice(word.index + word[0].length)}`.trim()
  return { address: word[0], rest }
}

/** 'kim @ acme . test' */
function isSpacedAddress(text: string): boolean {
  if (text.length >= LIMITS.address || !/\s[.@]|[.@]\s/.test(text)) return false
  return /^\S+@\S+$/.test(text.replace(/\s+(?=[.@])/g, '').replace(/([.@])\s+/g, '$1'))
}

function cleanAddress(raw: string, field: string, problems: Problems): string {
  let text = raw.slice(0, 4 * LIMITS.address).replace(/\([^()]*\)/g, '')
  if (/=\?[^?\s]+\?[bq]\?/i.test(text)) {
    problems.add(`'${field}' has an encoded word inside an address`)
    const decoded = decodeWords(text, problems).trim()
    text = /^[^\s@<>]+@[^\s@<>]+$/.test(decoded) ? decoded : ''
  }
  text = text.replace(/^[\s<'`[]*(?:mailto:)?[\s<']*/i, '')
  text = trimEndSet(text, " >'`]")
  if (!text.startsWith('"')) text = text.replace(/\s+/g, '')
  // RFC 5322 section 4.4: a route before the address, '@relay.test,@other.test:kim@acme.test'.
  if (text.startsWith('@')) text = text.slice(text.lastIndexOf(':') + 1)
  text = trimEndSet(text, '.,;:')
  if (text.length > LIMITS.address) {
    problems.add(`'${field}' has an address longer than ${LIMITS.address} characters`)
    text = text.slice(0, LIMITS.address)
  }
  return normaliseAddress(unicodeDomain(text))
}

function unicodeDomain(address: string): string {
  const at = address.lastIndexOf('@')
  if (at < 0 || !/(^|\.)xn--/i.test(address.slice(at + 1))) return address
  return `${address.slice(0, at + 1)}${domainToUnicode(address.slice(at + 1)) || address.slice(at + 1)}`
}

function displayName(
  phrase: string,
  comment: string,
  address: string,
  field: string,
  problems: Problems,
): string | null {
  const source = phrase.trim() !== '' ? phrase : comment
  const unquoted = source.replace(/"((?:[^"\\]|\\[\s\S])*)"/g, (_, inner: string) => inner.replace(/\\([\s\S])/g, '$1'))
  let name = decodeWords(unquoted, problems)
    .replace(/[\s\x00-\x1f\x7f]+/g, ' ')
    .trim()
  name = name.replace(/^"(.*)"$/, '$1').replace(/^'([^']*)'$/, '$1')
  name = trimSet(name, '<> ')
  if (name.length > LIMITS.name) {
    problems.add(`'${field}' has a name longer than ${LIMITS.name} characters`)
    name = name.slice(0, LIMITS.name)
  }
  return name === '' || normaliseAddress(name) === address ? null : name
}
