import type { Address } from '../../model/address.ts'
import { readFirstAddress } from './addresses.ts'
import { isBlank, type QuotedLine } from './lines.ts'
import { readWrittenDate } from './written-date.ts'

/** 'On 27/10/2026 09:31, "Kim Larsen" <kim@x> wrote:' read for what it says of the mail below it. */
export interface WrittenAttribution {
  from: Address | null
  date: string | null
  /** The index of the first line below it. */
  next: number
}

const LONGEST_ATTRIBUTION = 300

/**
 * Reads the line that introduces a quoted mail, in any language: it ends with a colon, and names an address or a time.
 * It may be wrapped over two lines. Null where the line is none. Whether it is a reply's or a forward's (Outlook for Mac
 * writes it above forwards too) is not judged here.
 */
export function readAttribution(lines: readonly QuotedLine[], at: number, offset: number): WrittenAttribution | null {
  for (const count of [1, 2]) {
    const parts = lines.slice(at, at + count)
    if (parts.length < count || parts.some(isBlank)) return null
    const text = parts.map((line) => line.text.trim()).join(' ')
    if (text.length > LONGEST_ATTRIBUTION) return null
    if (!/[:：]$/u.test(text)) continue
    const written = interpret(text, offset)
    if (written !== null) return { ...written, next: at + count }
  }
  return null
}

function interpret(text: string, offset: number): { from: Address | null; date: string | null } | null {
  const date = readWrittenDate(text, offset)
  const address = /[<(["“]/u.test(text) && text.includes('@') ? readSender(text) : null
  return date === null && address === null ? null : { from: address, date }
}

/** The name stands in quotes before the address, or between the last comma, time or verb and it. */
function readSender(text: string): Address | null {
  const at = text.indexOf('@')
  const open = Math.max(text.lastIndexOf('<', at), text.lastIndexOf('(', at), text.lastIndexOf('[', at))
  const before = text.slice(0, open < 0 ? at : open).trimEnd()
  const address = readFirstAddress(text.slice(open < 0 ? before.lastIndexOf(' ') + 1 : open))
  if (address === null) return null
  const quoted = /["“„«]([^"“”„»]{1,100})["”“»]$/u.exec(before)?.[1]?.trim()
  return { name: quoted ?? lastName(before), address: address.address }
}

/** 'Am 27.10.2026 um 09:31 schrieb Kim Larsen' → 'Kim Larsen': what follows the time, without words in lower case. */
function lastName(before: string): string | null {
  const parts = before.split(/[,:(]\s?|\d{1,4}\s|\s-\s/u)
  const words = (parts.findLast((part) => part.trim() !== '') ?? '').trim().split(/\s+/u)
  const first = words.findIndex((word) => word !== word.toLowerCase() || word === word.toUpperCase())
  return first < 0 || /\d/u.test(words.join('')) ? null : words.slice(first).join(' ') || null
}
