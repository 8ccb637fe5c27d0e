import { type Address, normaliseAddress } from '../../model/address.ts'
import { LIMITS } from '../limits.ts'

/** More than any client shows: the rest of a hostile list is not read. */
const MOST = 1000

/**
 * The mailboxes of a header block's line, as clients write them for people to read, not by RFC 5322: 'Kim <kim@x>',
 * 'Kim [mailto:kim@x]', 'Larsen, Kim <kim@x>' without quotes, 'kim@x<mailto:kim@x>', 'Kim <kim@x> on behalf of y@x',
 * a name alone. Parted by ';' or ','. Where only the name is known the address is ''. O(length).
 */
export function readAddresses(value: string): Address[] {
  return splitList(value)
    .map(readAddress)
    .filter((address) => address !== null)
}

/** The first mailbox of a line, or null where there is none. */
export function readFirstAddress(value: string): Address | null {
  return readAddresses(value)[0] ?? null
}

/** A ';' always parts; a ',' only behind an address, as names have commas too. */
function splitList(value: string): string[] {
  const chunks: string[] = []
  let start = 0
  let complete = false
  let angle = 0
  let quoted = false
  for (let at = 0; at < value.length && chunks.length < MOST; at++) {
    const char = value.charAt(at)
    if (char === '"') quoted = !quoted && value.indexOf('"', at + 1) > 0
    else if (quoted) continue
    else if (char === '<') angle++
    else if (char === '>') angle = Math.max(0, angle - 1)
    else if (char === '@') complete = true
    else if (
      char === ';' ||
      char === '；' ||
      (complete && angle === 0 && (char === ',' || char === '，' || char === '、'))
    ) {
      chunks.push(value.slice(start, at))
      start = at + 1
      complete = false
      angle = 0
    }
  }
  if (chunks.length < MOST) chunks.push(value.slice(start))
  return chunks
}

function readAddress(chunk: string): Address | null {
  const at = chunk.indexOf('@')
  if (at < 0) return nameOnly(chunk)
  const start = edge(chunk, at, -1)
  const end = edge(chunk, at, 1)
  const address = normaliseAddress(
    chunk
      .slice(start, end)
      .replace(/^mailto:/iu, '')
      .replace(/^['.]+|['.]+$/gu, ''),
  )
  if (address.startsWith('@') || address.endsWith('@')) return nameOnly(chunk)
  // Lotus Notes' own names: 'Kim Larsen/CPH/Acme@ACME'.
  if (address.includes('/') && !address.slice(address.indexOf('@')).includes('.')) return nameOnly(chunk.slice(0, at))
  const name = cleanName(chunk.slice(0, start)) ?? bracketedName(chunk.slice(end))
  const known = name === null || normaliseAddress(name) === address
  return { name: known ? null : name, address: address.slice(0, LIMITS.address) }
}

/** 'kim@x (Kim Larsen)' */
function bracketedName(after: string): string | null {
  const open = after.indexOf('(')
  const close = after.indexOf(')', open)
  return open < 0 || close < 0 || open > 4 ? null : cleanName(after.slice(open + 1, close))
}

function nameOnly(chunk: string): Address | null {
  const name = cleanName(chunk)
  return name === null ? null : { name, address: '' }
}

function edge(chunk: string, at: number, step: 1 | -1): number {
  let edge = at
  while (edge + step >= 0 && edge + step < chunk.length && !/[\s<>()[\],;:"“”«»*]/u.test(chunk.charAt(edge + step)))
    edge += step
  return step === 1 ? edge + 1 : edge
}

function cleanName(text: string): string | null {
  const name = text
    .replace(/\\(["\\])/gu, '$1')
    .replace(/[\s<[(*]+mailto:/giu, ' ')
    .replace(/[\s\u200b-\u200f\ufeff]/gu, ' ')
    .split(' ')
    .filter((word) => word !== '')
    .join(' ')
  const bare = trimSet(name, '<>[](*"“”«»,;: ')
  const plain = bare.startsWith("'") && bare.endsWith("'") ? bare.slice(1, -1).trim() : bare
  return plain === '' ? null : plain.slice(0, LIMITS.name)
}

/** Linear where a pattern anchored at the end would not be. Brackets that belong to the name are kept in pairs. */
function trimSet(text: string, set: string): string {
  let start = 0
  let end = text.length
  while (start < end && set.includes(text.charAt(start))) start++
  while (end > start && set.includes(text.charAt(end - 1))) end--
  if (text.charAt(end) === ')' && text.lastIndexOf('(', end) >= start) end++
  return text.slice(start, end)
}
