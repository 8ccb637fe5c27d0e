import { type HeaderField, readHeaderLabel, readHeaderLine } from '../markers/header-labels.ts'
import { isBlank, type QuotedLine } from './lines.ts'

/** A header block as it stands in a mail's text: the fields in their order, and the index of the first line below it. */
export interface HeaderBlock {
  fields: Partial<Record<HeaderField, string>>
  order: HeaderField[]
  next: number
  /** Whether blank lines stand between its headers. */
  gapped: boolean
}

/** A recipient list wrapped over more lines than this is cut. */
const MOST_WRAPPED_LINES = 200
const MOST_BLANKS_WITHIN = 2
/** No client writes more: what goes on for longer is somebody's list, and would be read again from each of its lines. */
const MOST_HEADERS = 40
const LONGEST_INLINE_BLOCK = 20_000

/**
 * Reads the header block that begins at `start`; null where no header line stands there. Values wrapped over several
 * lines are joined; a label alone on its line takes the next line. A field that comes again begins another mail.
 * `subject` is the forwarding mail's own, without prefixes: it tells whether a last line belongs to a wrapped subject.
 */
export function readHeaderBlock(lines: readonly QuotedLine[], start: number, subject: string): HeaderBlock | null {
  const block: HeaderBlock = { fields: {}, order: [], next: start, gapped: false }
  let at: number | null = start
  while (at !== null && block.order.length < MOST_HEADERS) {
    const line = lines[at]
    const header = line === undefined ? null : readHeaderLine(line.text)
    if (line === undefined || header === null || (block.fields[header.field] !== undefined && header.field !== 'other'))
      break
    const last = endOfValue(lines, at, header.field, header.value)
    const value = [header.value, ...lines.slice(at + 1, last).map(({ text }) => text.trim())].join(' ').trim()
    block.fields[header.field] ??= value
    block.order.push(header.field)
    block.next = last
    at = nextHeader(lines, last, block)
  }
  if (block.order.length === 0) return null
  joinWrappedSubject(lines, block, subject)
  return block
}

/** Where the value that begins on line `at` ends: exclusive. */
function endOfValue(lines: readonly QuotedLine[], at: number, field: HeaderField, value: string): number {
  const depth = lines[at]?.depth ?? 0
  let end = at + 1
  const limit = Math.min(lines.length, at + MOST_WRAPPED_LINES)
  while (
    end < limit &&
    !isBlank(lines[end]) &&
    lines[end]?.depth === depth &&
    readHeaderLine(lines[end]?.text ?? '') === null
  )
    end++
  const closed = end < limit && !isBlank(lines[end]) && lines[end]?.depth === depth
  // Between two header lines everything belongs to the first, within reason.
  const listed = field === 'to' || field === 'cc' || field === 'bcc'
  if (closed && (listed || end - at <= 4)) return end
  if (value === '' && end > at + 1) return at + 2
  return listed || field === 'from' ? endOfList(lines, at, end) : at + 1
}

/** A list that ends its line with a comma, or with '<' open, goes on in the next, as it does where that begins with '<'. */
function endOfList(lines: readonly QuotedLine[], at: number, end: number): number {
  let last = at + 1
  while (last < end && (wantsMore(lines[last - 1]?.text ?? '') || /^\s*</u.test(lines[last]?.text ?? ''))) last++
  return last
}

function wantsMore(text: string): boolean {
  const trimmed = text.trimEnd()
  return /[,;<]$/u.test(trimmed) || trimmed.lastIndexOf('<') > trimmed.lastIndexOf('>')
}

/** The next header line: directly below, or behind a blank line while the block still lacks a field that it needs. */
function nextHeader(lines: readonly QuotedLine[], from: number, block: HeaderBlock): number | null {
  let at = from
  while (at - from < MOST_BLANKS_WITHIN && at < lines.length && isBlank(lines[at])) at++
  if (at === from) return at
  // Out of HTML each header may be a paragraph of its own: then blank lines part all of them.
  if (block.order.length === 1) block.gapped = readHeaderLine(lines[at]?.text ?? '') !== null
  if (block.gapped) return at
  const complete = block.fields.from !== undefined && block.fields.subject !== undefined
  return complete ? null : at
}

/** Gmail and Thunderbird wrap long subjects at 72 columns: only the mail's own subject tells them from the body. */
function joinWrappedSubject(lines: readonly QuotedLine[], block: HeaderBlock, subject: string): void {
  const written = block.fields.subject
  const next = lines[block.next]
  if (written === undefined || block.order.at(-1) !== 'subject' || next === undefined || isBlank(next)) return
  const joined = `${written} ${next.text.trim()}`
  if (written.length < subject.length && subject.startsWith(joined)) {
    block.fields.subject = joined
    block.next++
  }
}

/**
 * Reads a header block that stands on one line, as Yahoo writes it into its plain text:
 * 'From: Kim <kim@x>To: bo@x; al@xSent: Monday …Subject: Printer'. The subject comes last. O(length).
 */
export function readInlineBlock(line: string, next: number): HeaderBlock | null {
  const found: { field: HeaderField; start: number; value: number }[] = []
  const seen = new Set<HeaderField>()
  for (let end = nextLabelEnd(line, 0); end >= 0 && !seen.has('subject'); end = nextLabelEnd(line, end + 1)) {
    const label = readHeaderLabel(line, end)
    if (label === null || seen.has(label.field)) continue
    // Some of Yahoo's translations lack the colon: 'CETAssunto Printer'. Then only a label glued to what precedes it is one.
    if (
      line.charAt(end) === ' ' &&
      (isColonNext(line, end) || label.start === 0 || /\s/u.test(line.charAt(label.start - 1)))
    )
      continue
    seen.add(label.field)
    found.push({ field: label.field, start: label.start, value: end + 1 })
  }
  if (found.length < 2 || found[0]?.field === 'subject') return null
  const block: HeaderBlock = { fields: {}, order: [], next, gapped: false }
  for (const [index, { field, value }] of found.entries()) {
    block.fields[field] = line.slice(value, found[index + 1]?.start ?? line.length).trim()
    block.order.push(field)
  }
  return block
}

function isColonNext(line: string, space: number): boolean {
  return line.charAt(space + 1) === ':'
}

function nextLabelEnd(line: string, from: number): number {
  const found = line.slice(from, Math.min(from + 1000, LONGEST_INLINE_BLOCK)).search(/[:： ]/u)
  return found < 0 ? -1 : from + found
}
