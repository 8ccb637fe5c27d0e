import { decodeText } from '../charset/decode.ts'
import type { Problems } from '../problems.ts'

interface Word {
  charset: string
  bytes: Buffer
  /** Index after the word. */
  end: number
}

/**
 * A header value with its RFC 2047 encoded words decoded. More than the RFC allows is read: words inside quotes and
 * within other text, spaces and question marks in Q text, a word that lost its end. Neighbours of the same charset are
 * joined before decoding, because clients split words within a character.
 */
export function decodeWords(value: string, problems: Problems): string {
  if (!value.includes('=?')) return value
  const out: string[] = []
  let pending: Word | null = null
  let at = 0
  const flush = () => {
    if (pending) out.push(decodeWord(pending, problems))
    pending = null
  }
  for (let start = value.indexOf('=?'); start >= 0; start = value.indexOf('=?', Math.max(start + 2, at))) {
    const word = readWord(value, start, problems)
    if (!word) continue
    const between = value.slice(at, start)
    const joined: Word | null = pending as Word | null
    if (joined && between.trim() === '' && joined.charset.toLowerCase() === word.charset.toLowerCase()) {
      pending = { ...word, bytes: Buffer.concat([joined.bytes, word.bytes]) }
    } else {
      flush()
      if (!joined || between.trim() !== '') out.push(between)
      pending = word
    }
    at = word.end
  }
  flush()
  out.push(value.slice(at))
  return out.join('')
}

/** The encoded word that begins at `start` ('=?'), or null where there is none. */
function readWord(value: string, start: number, problems: Problems): Word | null {
  const head = /^=\?([^?\s]{0,60})\?([bq])\?/i.exec(value.slice(start, start + 70))
  if (!head) return null
  const from = start + head[0].length
  const { text, end } = wordText(value, from)
  if (!value.startsWith('?=', end - 2)) problems.add('an encoded word lost its end')
  const bytes = head[2]?.toLowerCase() === 'b' ? Buffer.from(text.replace(/\s+/g, ''), 'base64') : decodeQ(text)
  return { charset: head[1] ?? '', bytes, end }
}

/** Longer than any client writes: what goes on for longer lost its end. */
const LONGEST = 100_000

function wordText(value: string, from: number): { text: string; end: number } {
  let close = value.indexOf('?=', from)
  // In '=?utf-8?Q?Kan det?=20passe?=' the first '?=' begins an encoded character.
  while (
    close >= 0 &&
    /^[0-9A-F]{2}/.test(value.slice(close + 2, close + 4)) &&
    value.indexOf('?=', close + 2) >= 0 &&
    !/\s|=\?/.test(value.slice(close + 2, value.indexOf('?=', close + 2)))
  ) {
    close = value.indexOf('?=', close + 2)
  }
  const next = value.slice(from, from + LONGEST).indexOf('=?')
  if (close >= 0 && close - from < LONGEST && (next < 0 || from + next >= close - 1))
    return { text: value.slice(from, close), end: close + 2 }
  const end = next >= 0 ? from + next : Math.min(value.length, from + LONGEST)
  return { text: value.slice(from, end), end }
}

function decodeQ(text: string): Buffer {
  const literal = Buffer.from(text.replace(/_/g, ' '), 'utf8').toString('latin1')
  return Buffer.from(
    literal.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

function decodeWord(word: Word, problems: Problems): string {
  const { text, problem } = decodeText(word.bytes, word.charset)
  if (problem) problems.add(`encoded header: ${problem}`)
  return text.replace(/[\r\n\0]+/g, ' ')
}
