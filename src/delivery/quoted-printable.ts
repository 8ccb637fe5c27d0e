import { Buffer } from 'node:buffer'

/** Characters of a line before the '=' that goes on to the next one (RFC 2045, 6.7: at most 76 with it). */
const LONGEST = 75
/** Bytes that a UTF-16 unit may become at the most: three of UTF-8, '=XX' each, and a line break now and then. */
const MOST_BYTES = 10

const codeOf = (char: string) => char.charCodeAt(0)
const [TAB, LF, CR, SPACE, DOT, EQUALS, CAPITAL_F] = ['\t', '\n', '\r', ' ', '.', '=', 'F'].map(codeOf) as [
  ...[number, number, number, number, number, number, number],
]
const HEX = Uint8Array.from('0123456789ABCDEF', codeOf)
/** 1 for the bytes that stand for themselves but, some of them, at the beginning of a line; BLANK: but at its end. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => (byte > SPACE && byte < 0x7f && byte !== EQUALS ? 1 : 0))
const BLANK = 2
PLAIN[SPACE] = BLANK
PLAIN[TAB] = BLANK

/** Bytes that writeQuotedPrintable may need for a text. */
export const quotedPrintableRoom = (text: string): number => text.length * MOST_BYTES

/**
 * Writes a text as quoted-printable UTF-8 (RFC 2045, 6.7) into `target` from `start` on, line breaks of every kind as CRLF,
 * and says where it ends. Encoded besides what must be: a dot and 'From ' at the beginning of a line, which servers on the
 * way like to change (RFC 2049, 3).
 *
 * Byte by byte, since strings that are searched, cut and joined leave ten times the mail behind as garbage.
 */
export function writeQuotedPrintable(text: string, target: Buffer, start: number): number {
  const { source, length } = bytesOf(text)
  let end = start
  let column = 0
  for (let at = 0; at < length; ) {
    if (column > 0) {
      const first = at
      // Of the last byte it is not known what follows.
      const most = Math.min(length - 1, at + LONGEST - column)
      while (at < most && staysPlain(source, at)) target[end++] = source[at++] as number
      column += at - first
    }
    const byte = source[at] as number
    if (byte === LF || byte === CR) {
      end = writeBreak(target, end)
      column = 0
      at += byte === CR && source[at + 1] === LF && at + 1 < length ? 2 : 1
      continue
    }
    const encoded = isEncoded(source, at, length, column)
    const bytes = encoded ? characterLength(byte) : 1
    const width = encoded ? 3 * bytes : 1
    if (column + width > LONGEST) {
      target[end++] = EQUALS
      end = writeBreak(target, end)
      column = 0
      continue
    }
    for (const until = at + bytes; at < until; at++)
      end = encoded ? writeCode(target, end, source[at] as number) : writeByte(target, end, byte)
    column += width
  }
  return end
}

/** A text as quoted-printable. */
export function quotedPrintable(text: string): string {
  const target = Buffer.alloc(quotedPrintableRoom(text))
  return target.toString('latin1', 0, writeQuotedPrintable(text, target, 0))
}

/** Of texts, this many bytes are encoded without asking for memory. */
const DESK = 65_536
const desk = Buffer.alloc(DESK)

/** A text in UTF-8, until the next is asked for. */
function bytesOf(text: string): { source: Buffer; length: number } {
  if (text.length * 3 > DESK) {
    const source = Buffer.from(text)
    return { source, length: source.length }
  }
  return { source: desk, length: desk.write(text) }
}

/** Whether a byte in the midst of a line stands for itself: a space or a tab does where neither it nor another one ends the line. */
function staysPlain(source: Uint8Array, at: number): boolean {
  const kind = PLAIN[source[at] as number]
  return kind === 1 || (kind === BLANK && PLAIN[source[at + 1] as number] === 1)
}

/** Whether what stands at `at` may not stand for itself. */
function isEncoded(source: Uint8Array, at: number, length: number, column: number): boolean {
  const byte = source[at] as number
  if (byte === SPACE || byte === TAB) return endsLine(source, at + 1, length)
  if (PLAIN[byte] !== 1) return true
  if (column > 0) return false
  return byte === DOT || (byte === CAPITAL_F && at + 5 <= length && isFrom(source, at))
}

/** A space or a tab before a line break would be lost on the way. */
function endsLine(source: Uint8Array, at: number, length: number): boolean {
  return at >= length || source[at] === LF || source[at] === CR
}

const FROM = Uint8Array.from('From ', codeOf)

function isFrom(source: Uint8Array, at: number): boolean {
  return FROM.every((byte, index) => source[at + index] === byte)
}

/** Bytes of the UTF-8 character that begins with `byte` (RFC 3629, 3): they stay on one line. */
function characterLength(byte: number): number {
  if (byte < 0xc0) return 1
  if (byte < 0xe0) return 2
  return byte < 0xf0 ? 3 : 4
}

function writeByte(target: Uint8Array, at: number, byte: number): number {
  target[at] = byte
  return at + 1
}

function writeBreak(target: Uint8Array, at: number): number {
  target[at] = CR
  target[at + 1] = LF
  return at + 2
}

function writeCode(target: Uint8Array, at: number, byte: number): number {
  target[at] = EQUALS
  target[at + 1] = HEX[byte >> 4] as number
  target[at + 2] = HEX[byte & 15] as number
  return at + 3
}

/** Of single characters, these are kept: a language has few of its own. */
const MOST_KNOWN = 1_000
const known = new Map<string, string>()

function encodeBytes(run: string): string {
  const before = known.get(run)
  if (before !== undefined) return before
  const encoded = encodeURIComponent(run.toWellFormed()).replaceAll('%', '=')
  if (run.length === 1 && known.size < MOST_KNOWN) known.set(run, encoded)
  return encoded
}

/** The longest encoded word is 75 characters (RFC 2047, 2), and a header's name stands before the first. */
const LONGEST_WORD = 40
/** What stands for itself in any header (RFC 2047, 5.3). */
const IN_WORDS = /^[A-Za-z0-9!*+/-]$/

/** A header's value as encoded words (RFC 2047) in UTF-8, with whole characters in each. */
export function encodedWords(value: string): string {
  const words: string[] = []
  let word = ''
  for (const char of value) {
    const code = codeInWord(char)
    if (word.length + code.length > LONGEST_WORD) {
      words.push(word)
      word = ''
    }
    word += code
  }
  return [...words, word].map((it) => `=?UTF-8?Q?${it}?=`).join(' ')
}

function codeInWord(char: string): string {
  if (IN_WORDS.test(char)) return char
  if (char === ' ') return '_'
  const code = char.charCodeAt(0)
  return code < 0x80 ? `=${code.toString(16).toUpperCase().padStart(2, '0')}` : encodeBytes(char)
}
