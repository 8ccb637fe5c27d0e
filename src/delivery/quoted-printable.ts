/** Characters of a line before the '=' that goes on to the next one (RFC 2045, 6.7: at most 76 with it). */
const LONGEST = 75
const LINE = '\r\n'
/** What cannot stand for itself, besides '='; whole runs, so that a pair of surrogates stays together. */
const ENCODED = /[^\t\n\x20-\x7e]+/g
const EQUALS = '='.charCodeAt(0)
/** What the first bytes of a character's second, third and fourth byte begin with, in hexadecimal (RFC 3629, 3). */
const GOES_ON = new Set(['8', '9', 'A', 'B'].map((digit) => digit.charCodeAt(0)))

/**
 * A text as quoted-printable UTF-8 (RFC 2045, 6.7), line breaks of every kind as CRLF. Encoded besides what must be: a
 * dot and 'From ' at the beginning of a line, which servers on the way like to change (RFC 2049, 3).
 *
 * Whole strings are searched and cut, since looking at each character takes twice as long.
 */
export function quotedPrintable(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n|\r/g, '\n') : text
  const encoded = lines.replaceAll('=', '=3D').replace(ENCODED, encodeBytes)
  const pieces: string[] = []
  for (let from = 0; from <= encoded.length; ) {
    const found = encoded.indexOf('\n', from)
    const end = found < 0 ? encoded.length : found
    cutLine(encoded, from, end, pieces)
    from = end + 1
    if (found >= 0) pieces.push(LINE)
  }
  return pieces.join('')
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

/** Cuts one line of `text` into pieces that are short enough, and begin and end with nothing that is changed on the way. */
function cutLine(text: string, from: number, end: number, pieces: string[]): void {
  for (let at = from; ; ) {
    const first = safeStart(text, at, end)
    if (first !== '') pieces.push(first)
    const start = first === '' ? at : at + 1
    const room = LONGEST - first.length
    if (end - start <= room) {
      pieces.push(...lineEnd(text.slice(start, end), room))
      return
    }
    at = cutBefore(text, start + room)
    pieces.push(text.slice(start, at), `=${LINE}`)
  }
}

/** What a line begins with in place of its first character; '' where that may stay. */
function safeStart(text: string, at: number, end: number): string {
  if (at >= end) return ''
  if (text.startsWith('.', at)) return '=2E'
  return text.startsWith('From ', at) ? '=46' : ''
}

/** Where a line may be cut at the latest: before a '=XX' that does not fit, and before the character that it is a part of. */
function cutBefore(text: string, longest: number): number {
  let cut = longest
  if (text.charCodeAt(cut - 1) === EQUALS) cut -= 1
  else if (text.charCodeAt(cut - 2) === EQUALS) cut -= 2
  for (let back = 0; back < 3 && text.charCodeAt(cut) === EQUALS && GOES_ON.has(text.charCodeAt(cut + 1)); back++)
    cut -= 3
  return cut
}

/** The rest of a line. A space or a tab before a line break would be lost: it is encoded, on a line of its own where need be. */
function lineEnd(rest: string, room: number): string[] {
  const code = rest.endsWith(' ') ? '=20' : rest.endsWith('\t') ? '=09' : null
  if (code === null) return [rest]
  return [rest.slice(0, -1), rest.length + 2 > room ? `=${LINE}${code}` : code]
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
