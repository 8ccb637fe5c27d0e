import { transferDecoder } from '../body/transfer-decoding.ts'
import { decodeText } from '../charset/decode.ts'
import { readAddresses } from '../header/addresses.ts'
import { readDate } from '../header/date.ts'
import { decodeWords } from '../header/encoded-words.ts'
import { readFields, valuesOf } from '../header/fields.ts'
import { type Parameterised, readParameters } from '../header/parameters.ts'
import { textOfHtml } from '../html/to-text.ts'
import { readSubject } from '../markers/subject-prefixes.ts'
import type { Forwarded, Header } from '../message.ts'
import type { Parsed } from '../parsed.ts'
import { collectProblems } from '../problems.ts'

/** Parts within parts deeper than this are not looked into. */
const DEEPEST = 10
const MOST_PARTS = 200

/**
 * The mail that a mail forwards as an attachment (message/rfc822), or null where it has none. Digests have
 * such parts too, and an answer may carry one as evidence: these are no forwards.
 */
export function readAttachedForward(parsed: Parsed): Forwarded | null {
  if (parsed.contentType.type === 'multipart/digest') return null
  if (readSubject(parsed.subject).kind === 'reply' && parsed.inReplyTo.length > 0) return null
  const part = parsed.parts.find(
    ({ contentType }) => contentType === 'message/rfc822' || contentType === 'message/global',
  )
  const nested = part === undefined ? null : readNestedMail(part.text)
  return nested?.from === null && nested.subject === null ? null : nested
}

/** Headers and readable text of a mail in its source form; what cannot be read is null or empty. Never throws. */
export function readNestedMail(source: string): Forwarded {
  const problems = collectProblems()
  const { headers, body } = splitEntity(bytesOf(source))
  const all = (name: string) => readAddresses(valuesOf(headers, name).join(', '), name, problems)
  const [date] = valuesOf(headers, 'date')
  const [subject] = valuesOf(headers, 'subject')
  return {
    from: all('from')[0] ?? null,
    to: all('to'),
    cc: all('cc'),
    subject: subject === undefined ? null : decodeWords(subject, problems).trim(),
    date: date === undefined ? null : (readDate(date, problems) ?? date),
    text: (readableText({ headers, body }, { depth: 0, parts: 0 }) ?? '').trim(),
  }
}

interface Entity {
  headers: Header[]
  body: Buffer
}

/** A source that was read byte by byte has no character beyond 255; one that was decoded is UTF-8 again. */
function bytesOf(source: string): Buffer {
  return Buffer.from(source, /[^\u0000-\u00ff]/u.test(source) ? 'utf8' : 'latin1')
}

function splitEntity(bytes: Buffer): Entity {
  const crlf = bytes.indexOf('\r\n\r\n')
  const lf = bytes.indexOf('\n\n')
  const end = crlf >= 0 && (lf < 0 || crlf < lf) ? { head: crlf, body: crlf + 4 } : { head: lf, body: lf + 2 }
  if (end.head < 0) return { headers: readFields(bytes, collectProblems()), body: Buffer.alloc(0) }
  return { headers: readFields(bytes.subarray(0, end.head), collectProblems()), body: bytes.subarray(end.body) }
}

/** The first text/plain part, else the first HTML part as text, else null. */
function readableText(entity: Entity, budget: { depth: number; parts: number }): string | null {
  const type = readParameters(valuesOf(entity.headers, 'content-type')[0] ?? 'text/plain', collectProblems())
  if (budget.depth > DEEPEST || budget.parts++ > MOST_PARTS) return null
  if (type.value.startsWith('multipart/')) return textOfParts(entity, type, budget)
  if (!type.value.startsWith('text/') && type.value !== '') return null
  if (/^\s*attachment/iu.test(valuesOf(entity.headers, 'content-disposition')[0] ?? '')) return null
  const text = decodeBody(entity, type.params.charset ?? null)
  return type.value === 'text/html' ? textOfHtml(text) : text
}

function textOfParts(entity: Entity, type: Parameterised, budget: { depth: number; parts: number }): string | null {
  let html: string | null = null
  for (const part of splitParts(entity.body, type.params.boundary ?? '')) {
    const nested = splitEntity(part)
    const text = readableText(nested, { ...budget, depth: budget.depth + 1 })
    if (text === null || text.trim() === '') continue
    if (!isHtml(nested)) return text
    html ??= text
  }
  return html
}

function isHtml(entity: Entity): boolean {
  return /^\s*text\/html/iu.test(valuesOf(entity.headers, 'content-type')[0] ?? '')
}

function decodeBody(entity: Entity, charset: string | null): string {
  const encoding = (valuesOf(entity.headers, 'content-transfer-encoding')[0] ?? '').trim().toLowerCase()
  const decoder = transferDecoder(encoding)
  const bytes = Buffer.concat([decoder.write(entity.body), decoder.end()])
  return decodeText(bytes, charset).text.replaceAll('\r\n', '\n')
}

/** The parts between the boundary's lines (RFC 2046 section 5.1.1); a boundary that never closes ends with the mail. */
function splitParts(body: Buffer, boundary: string): Buffer[] {
  if (boundary === '') return []
  const mark = `--${boundary}`
  const parts: Buffer[] = []
  let from = -1
  for (let at = body.indexOf(mark); at >= 0 && parts.length < MOST_PARTS; at = body.indexOf(mark, at + mark.length)) {
    if (at > 0 && body[at - 1] !== 0x0a) continue
    if (from >= 0) parts.push(body.subarray(from, at))
    const eol = body.indexOf(0x0a, at)
    from = eol < 0 || body.subarray(at + mark.length, at + mark.length + 2).toString('latin1') === '--' ? -1 : eol + 1
  }
  if (from >= 0) parts.push(body.subarray(from))
  return parts
}
