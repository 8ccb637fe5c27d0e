import { decodeText } from '../charset/decode.ts'
import type { Problems } from '../problems.ts'
import { decodeWords } from './encoded-words.ts'

export interface Parameterised {
  /** Lower case; '' where absent. */
  value: string
  /** Names in lower case; values decoded. */
  params: Record<string, string>
}

interface Piece {
  name: string
  /** The number of a continuation (RFC 2231 section 3), -1 for a parameter in one piece. */
  index: number
  extended: boolean
  text: string
}

/**
 * Content-Type and Content-Disposition with their parameters: RFC 2231 continuations and charsets, RFC 2047 words (which
 * clients put there though no RFC allows it), unquoted values with spaces, missing quotes. Decoded forms win over plain ones.
 */
export function readParameters(header: string, problems: Problems): Parameterised {
  const [head = '', ...rest] = splitOutsideQuotes(header)
  const pieces = rest.map(readPiece).filter((piece) => piece !== null)
  const params: Record<string, string> = Object.create(null)
  const names = new Set(pieces.map((piece) => piece.name))
  for (const name of names)
    params[name] = joinPieces(
      pieces.filter((piece) => piece.name === name),
      problems,
    )
  return {
    value: head
      .replace(/\(.*\)/, '')
      .replace(/["\s]+/g, '')
      .toLowerCase(),
    params: { ...params },
  }
}

const MOST_PARAMETERS = 200

function splitOutsideQuotes(header: string): string[] {
  const parts: string[] = []
  let from = 0
  let quoted = false
  // A quote that never ends must not swallow the other parameters.
  const balanced = (header.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 0
  for (let at = 0; at < header.length && parts.length < MOST_PARAMETERS; at += 1) {
    const char = header[at]
    if (char === '\\' && quoted) at += 1
    else if (char === '"' && balanced) quoted = !quoted
    else if (char === ';' && !quoted) {
      parts.push(header.slice(from, at))
      from = at + 1
    }
  }
  parts.push(header.slice(from))
  return parts
}

function readPiece(part: string): Piece | null {
  const equals = part.indexOf('=')
  if (equals < 1) return null
  const match = /^([^*\s]+)(?:\*(\d{1,4}))?(\*)?$/.exec(part.slice(0, equals).trim().toLowerCase())
  if (!match) return null
  const raw = part.slice(equals + 1).trim()
  const text = raw.startsWith('"') ? unquote(raw) : raw.replaceAll('"', '')
  return {
    name: match[1] ?? '',
    index: match[2] === undefined ? -1 : Number(match[2]),
    extended: match[3] === '*',
    text,
  }
}

function unquote(text: string): string {
  const end = text.length > 1 && text.endsWith('"') ? text.length - 1 : text.length
  // A backslash escapes quotes and backslashes only: Windows clients write paths unescaped.
  return text.slice(1, end).replace(/\\(["\\])/g, '$1')
}

function joinPieces(pieces: Piece[], problems: Problems): string {
  const whole = pieces.find((piece) => piece.index < 0 && piece.extended)
  if (whole) return decodeExtended([whole], problems)
  const parts = pieces.filter((piece) => piece.index >= 0).sort((a, b) => a.index - b.index)
  if (parts.length > 0)
    return parts.some((part) => part.extended)
      ? decodeExtended(parts, problems)
      : decodeWords(parts.map((part) => part.text).join(''), problems)
  return decodeWords(pieces[0]?.text ?? '', problems)
}

/** RFC 2231 section 4: charset'language'percent-encoded, the charset in the first piece. */
function decodeExtended(pieces: Piece[], problems: Problems): string {
  const first = pieces[0]?.text ?? ''
  const mark = /^([^']*)'[^']*'/.exec(first)
  const charset = mark?.[1] || null
  const bytes = pieces.map((piece, i) => {
    const text = i === 0 && mark ? first.slice(mark[0].length) : piece.text
    return piece.extended ? percentBytes(text) : Buffer.from(text, 'utf8')
  })
  const { text, problem } = decodeText(Buffer.concat(bytes), charset ?? 'utf-8')
  if (problem) problems.add(`attachment name: ${problem}`)
  return text.includes('=?') ? decodeWords(text, problems) : text
}

function percentBytes(text: string): Buffer {
  const literal = Buffer.from(text, 'utf8').toString('latin1')
  return Buffer.from(
    literal.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}
