import type { Line } from '../line.ts'
import { type HeaderField, readHeaderLine } from '../markers/header-labels.ts'
import { isBlank } from './parts.ts'

/** A recipients' list may be wrapped over many lines; the block still ends somewhere. */
const MOST_LINES = 60

/** A header block as Outlook and others write it above a mail: 'From: … Sent: … To: … Subject: …'. */
export interface HeaderBlock {
  first: number
  last: number
  /** 0 to 1: how surely a client wrote it, not a person with a journey ('From: Leeds', 'To: York'). */
  confidence: number
}

/** The header block that begins with line `first`, or null. */
export function headerBlockAt(lines: readonly Line[], first: number): HeaderBlock | null {
  const start = lines[first]
  if (start === undefined || readHeaderLine(start.text) === null) return null
  const fields = new Map<HeaderField, string>()
  const gapped = isBlank(lines[first + 1])
  let last = first
  for (let at = first; at < Math.min(lines.length, first + MOST_LINES); at++) {
    const line = lines[at]
    if (line === undefined || line.depth !== start.depth) break
    const header = readHeaderLine(line.text)
    if (header !== null && at > first && isBlank(lines[at - 1]) !== gapped) break
    if (header !== null && !fields.has(header.field)) {
      fields.set(header.field, header.value)
      last = at
    } else if (header !== null && header.field === 'other') last = at
    else if (header !== null || !belongsBetween(lines, at)) break
  }
  const confidence = gapped && fields.size < 3 ? 0 : confidenceOf(fields)
  return confidence === 0 ? null : { first, last, confidence }
}

/** Between two headers: an empty line (from HTML, then between all of them), or the rest of a wrapped list of recipients. */
function belongsBetween(lines: readonly Line[], at: number): boolean {
  const text = lines[at]?.text ?? ''
  if (isBlank(lines[at])) return readHeaderLine(lines[at + 1]?.text ?? '') !== null
  return /^\s|@|[;,]\s*$/.test(text) && text.length < 1000
}

function confidenceOf(fields: ReadonlyMap<HeaderField, string>): number {
  const { from, date } = { from: fields.get('from'), date: fields.get('date') }
  if (fields.size < 2) return 0
  const dated = date !== undefined && /\p{Nd}/u.test(date)
  const known = [...fields.keys()].filter((field) => field !== 'other').length
  const address = [...fields.values()].some((value) => /\S@\S/.test(value))
  const time = date !== undefined && /\p{Nd}{1,2}[:.h∶：時]\p{Nd}{2}/u.test(date)
  if (from === undefined) return address && /[+-]\d{4}\b/.test(date ?? '') ? 0.6 : 0
  if (known >= 4 && fields.has('subject') && dated) return address || time ? 0.98 : 0.8
  if (fields.has('subject') && dated && (address || time)) return 0.95
  if (known >= 3 && address && (dated || fields.has('subject'))) return 0.9
  if (address && (dated || fields.has('subject'))) return 0.6
  return 0.2
}
