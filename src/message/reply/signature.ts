import type { Line } from '../line.ts'
import { BRANDS, DEVICES, PHONE_PHRASES } from '../markers/phone-signatures.ts'
import { isBlank } from './parts.ts'

/** '-- ' opens a signature (RFC 3676, 4.3); without its space it may be a rule, so that little may follow. */
const DELIMITER = /^-- $/
const WORN_DELIMITER = /^--\s*$/
/** The line above the footer of a mailing list (Mailman). */
const LIST_RULE = /^_{2,}\s*$/
const LIST_FOOTER = /mailing list|\/listinfo\//i
const MOST_LINES_OF_FOOTER = 8

const MOST_LINES = 40
const MOST_LINES_WORN = 15
const LONGEST_PHONE_LINE = 160

/** Latin letters are words of their own beside characters without spaces: '发自我的iPhone'. */
const WORD = /[\p{Script=Latin}\p{M}\p{Nd}.-]+|[^\P{L}\p{Script=Latin}]+/gu

const STARTS = Object.values(PHONE_PHRASES).flatMap((phrases) => phrases.starts)
const ENDS = Object.values(PHONE_PHRASES).flatMap((phrases) => phrases.ends ?? [])
const MY = new Set(Object.values(PHONE_PHRASES).flatMap((phrases) => phrases.my?.split(' ') ?? []))

/**
 * The first line of the signature within an author's own lines `first` to `last`, or null: a delimiter or the client's
 * own mark, else the phone's line at the end.
 */
export function signatureStart(lines: readonly Line[], first: number, last: number): number | null {
  const delimited = delimiterIn(lines, first, last)
  const end = lastText(lines, first, delimited === null ? last : delimited - 1)
  return phoneStart(lines, first, end) ?? delimited
}

function delimiterIn(lines: readonly Line[], first: number, last: number): number | null {
  for (let at = first; at <= last; at++) {
    const line = lines[at]
    if (line?.hint === 'signature-start') return at
    if (line === undefined) continue
    if (LIST_RULE.test(line.text) && isListFooter(lines, at, last)) return at
    if (!WORN_DELIMITER.test(line.text)) continue
    if (last - at <= (DELIMITER.test(line.text) ? MOST_LINES : MOST_LINES_WORN)) return at
  }
  return null
}

function isListFooter(lines: readonly Line[], at: number, last: number): boolean {
  return last - at <= MOST_LINES_OF_FOOTER && lines.slice(at + 1, last + 1).some(({ text }) => LIST_FOOTER.test(text))
}

/** One or two such lines: 'Sent from my iPhone', 'Get Outlook for iOS'. */
function phoneStart(lines: readonly Line[], first: number, end: number): number | null {
  let start: number | null = null
  for (let at = end; at >= first && end - at < 4; at--) {
    const line = lines[at]
    if (line === undefined || isBlank(line)) continue
    if (!isPhoneLine(line.text)) break
    start = at
  }
  return start
}

function lastText(lines: readonly Line[], first: number, last: number): number {
  let at = last
  while (at >= first && isBlank(lines[at])) at--
  return at
}

/** Whether a phone or an app wrote the line. Known words alone are not enough: 'Sendt fra kontoret i går' is a person's. */
export function isPhoneLine(line: string): boolean {
  if (line.length > LONGEST_PHONE_LINE) return false
  const text = line
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s\u00a0*_>]+/g, ' ')
    .trim()
    .replace(/^[^\p{L}]+/u, '')
  if (text.length < 5) return false
  const start = STARTS.find((phrase) => text.startsWith(phrase))
  if (start === undefined) return endsLikePhone(text)
  const rest = text.slice(start.length)
  const clause = /^[^,;!?<(]*/.exec(rest)?.[0] ?? ''
  const words = clause.match(WORD) ?? []
  if (words.length > 12 || rest.slice(clause.length).startsWith(',')) return false
  if (/^[<(]https?:/.test(rest.slice(clause.length))) return true
  const my = MY.has(words[0] ?? '')
  return (
    words.slice(0, 9).some((word) => named(word, BRANDS) || (my && named(word, DEVICES))) || (my && words.length <= 3)
  )
}

function endsLikePhone(text: string): boolean {
  if (!ENDS.some((phrase) => text.endsWith(phrase))) return false
  const words = text.match(WORD) ?? []
  return words.length <= 16 && words.some((word) => named(word, BRANDS) || named(word, DEVICES))
}

/** Short names whole, longer ones as the beginning: 'iPhonesta', 'Galaxy-laitteestani'. */
function named(word: string, names: readonly string[]): boolean {
  return names.some((name) => (name.length > 3 ? word.startsWith(name) : word === name))
}
