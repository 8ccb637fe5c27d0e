import { isAscii, isUtf8 } from 'node:buffer'
import { analyse } from 'chardet'
import iconv from 'iconv-lite'
import { charsetOf } from './names.ts'

export interface Decoded {
  text: string
  /** What was guessed, as a sentence; null where the label held. */
  problem: string | null
}

/** Single-byte Latin sets: text in them is hardly ever valid UTF-8 by accident. */
const LATIN = new Set([
  'ascii',
  'windows-1252',
  'iso-8859-15',
  'windows-1250',
  'windows-1257',
  'windows-1254',
  'iso-8859-2',
  'iso-8859-4',
  'iso-8859-10',
  'iso-8859-13',
  'macintosh',
])

/**
 * The text in `bytes`, whose charset the mail calls `label` (null: not said). A label that cannot be true is replaced
 * by the best guess, which is named. Never throws, and gives no U+FFFD that a guess could avoid.
 */
export function decodeText(bytes: Uint8Array, label: string | null): Decoded {
  const charset = charsetOf(label)
  const marked = byteOrderMark(bytes)
  if (marked)
    return {
      text: decodeAs(bytes.subarray(marked.skip), marked.charset),
      problem: charset === marked.charset || charset === null ? null : mislabelled(label, marked.charset),
    }
  if (isAscii(bytes) && (charset === null || charset === 'utf-8' || LATIN.has(charset))) {
    return { text: latin(bytes).includes('\x1b$') ? guess(bytes, label).text : latin(bytes), problem: null }
  }
  if (charset === null) return guess(bytes, label)
  if (charset === 'utf-8') return isUtf8(bytes) ? { text: utf8(bytes), problem: null } : repairUtf8(bytes, label)
  if (LATIN.has(charset) && isUtf8(bytes)) return { text: utf8(bytes), problem: mislabelled(label, 'UTF-8') }
  if (charset === 'ascii' || !canDecode(charset)) return guess(bytes, label)
  return decodeLabelled(bytes, charset, label)
}

/** Whether `decodeAs` knows the charset. */
export function canDecode(charset: string): boolean {
  return OWN[charset] !== undefined || iconv.encodingExists(charset)
}

function decodeLabelled(bytes: Uint8Array, charset: string, label: string | null): Decoded {
  const text = decodeAs(bytes, charset)
  const broken = count(text, '\ufffd')
  if (broken === 0)
    return {
      text,
      problem:
        charset === 'windows-1252' && !/1252|ansi/i.test(label ?? '') && hasC1(bytes)
          ? mislabelled(label, charset)
          : null,
    }
  if (isUtf8(bytes)) return { text: utf8(bytes), problem: mislabelled(label, 'UTF-8') }
  // A few broken characters in long text are damage; many mean that the label is wrong.
  if (broken * 20 < text.length) return { text, problem: `${broken} characters are not valid ${label}` }
  const other = guess(bytes, label)
  return count(other.text, '\ufffd') < broken ? other : { text, problem: `${broken} characters are not valid ${label}` }
}

/** Text that calls itself UTF-8 and is not: wholly another charset, or UTF-8 with some foreign bytes in it. */
function repairUtf8(bytes: Uint8Array, label: string | null): Decoded {
  const { text, sequences, strays } = mixedUtf8(bytes)
  if (sequences === 0 || strays > sequences) return guess(bytes, label)
  return { text, problem: `${strays} bytes are not valid UTF-8 and were read as windows-1252` }
}

/** What each byte is in windows-1252. */
const WESTERN = [...iconv.decode(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), 'windows-1252')]
/** So many, and hardly a valid sequence: it is no UTF-8, however it goes on. */
const MOST_STRAYS = 1_000

/** Reads valid UTF-8 sequences as they are and every other byte as windows-1252; a sequence cut off at the end is left out. */
function mixedUtf8(bytes: Uint8Array): { text: string; sequences: number; strays: number } {
  const pieces: string[] = []
  let sequences = 0
  let strays = 0
  let from = 0
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0
    const length = byte < 0x80 ? 1 : sequenceLength(bytes, at)
    if (length > 0) {
      if (length > 1) sequences += 1
      at += length
      continue
    }
    if (at > from) pieces.push(utf8(bytes.subarray(from, at)))
    const cut =
      bytes.length - at < 4 && byte >= 0xc2 && bytes.subarray(at + 1).every((next) => next >= 0x80 && next < 0xc0)
    if (!cut) pieces.push(WESTERN[byte] ?? '')
    strays += 1
    if (strays > MOST_STRAYS && strays > sequences) break
    at = cut ? bytes.length : at + 1
    from = at
  }
  pieces.push(utf8(bytes.subarray(from)))
  return { text: pieces.join(''), sequences, strays }
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0
  const length = byte >= 0xf0 && byte < 0xf5 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0
  return length > 0 && byte < 0xf5 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))
    ? length
    : 0
}

/** The likeliest charset by the bytes alone. */
function guess(bytes: Uint8Array, label: string | null): Decoded {
  if (isUtf8(bytes) && !latin(bytes.subarray(0, 4096)).includes('\x1b$'))
    return { text: utf8(bytes), problem: isAscii(bytes) ? null : mislabelled(label, 'UTF-8') }
  const charset = likelyCharset(bytes)
  return { text: decodeAs(bytes, charset), problem: mislabelled(label, charset) }
}

/** Statistics say little about few letters: below this confidence the text is Western European. */
const SURE = 30
/** Multi-byte text is dense with high bytes; Western text has one here and there. */
const DENSE = 0.25

function likelyCharset(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, 16 * 1024)
  let high = 0
  for (const byte of sample) if (byte >= 0x80) high += 1
  const dense = high > sample.length * DENSE
  for (const match of analyse(sample)) {
    const charset = charsetOf(match.name) ?? ''
    if (
      match.confidence < SURE ||
      charset === 'utf-8' ||
      charset === 'ascii' ||
      charset.startsWith('utf-') ||
      !canDecode(charset)
    )
      continue
    if (charset === 'iso-2022-jp' || charset === 'iso-2022-kr') return charset
    if (!dense && !LATIN.has(charset)) continue
    if (!decodeAs(sample, charset).slice(0, -1).includes('\ufffd')) return preferWestern(sample, charset)
  }
  return 'windows-1252'
}

/** ISO-8859-2 and windows-1250 look like Western text with few letters: æøåäöüß and é decide for windows-1252. */
function preferWestern(sample: Uint8Array, charset: string): string {
  if (!LATIN.has(charset) || charset === 'windows-1252') return charset
  const text = decodeAs(sample, 'windows-1252')
  const letters = text.match(/[^\x00-\x7f]/g) ?? []
  const nordic = text.match(/[æøåäöüßéèêàçñÆØÅÄÖÜÉ’“”–…]/g) ?? []
  return nordic.length >= letters.length * 0.8 ? 'windows-1252' : charset
}

/** ISO-8859-1 has control characters there, which nobody writes. */
function hasC1(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte >= 0x80 && byte < 0xa0)
}

function mislabelled(label: string | null, charset: string): string {
  return label ? `charset '${label.slice(0, 40)}' read as ${charset}` : `no charset named, read as ${charset}`
}

/** Strictly by the charset; bytes it does not know become U+FFFD. */
export function decodeAs(bytes: Uint8Array, charset: string): string {
  if (charset === 'utf-8') return utf8(bytes)
  if (charset === 'ascii') return latin(bytes)
  const own = OWN[charset]
  return own ? own(bytes) : iconv.decode(asBuffer(bytes), charset)
}

// iconv-lite has no stateful sets. TextDecoder is used for this one alone: Node's reads windows-1252 wrongly in some versions.
const OWN: Record<string, (bytes: Uint8Array) => string> = {
  // Joined encoded words switch to ASCII and straight back, which TextDecoder takes for an attack.
  'iso-2022-jp': (bytes) =>
    new TextDecoder('iso-2022-jp').decode(Buffer.from(latin(bytes).replace(/\x1b\([BJ](?=\x1b)/g, ''), 'latin1')),
  'iso-2022-kr': (bytes) => iconv.decode(shifted(bytes, [0x0e], [0x0f], /\x1b\$\)C/g), 'cp949'),
  hz: (bytes) => iconv.decode(shifted(bytes, [0x7e, 0x7b], [0x7e, 0x7d], /~\r?\n/g), 'gb18030'),
}

/** Sets the high bit between a shift-out and a shift-in sequence (ISO-2022-KR, RFC 1557; HZ, RFC 1843). */
function shifted(bytes: Uint8Array, out: number[], back: number[], drop: RegExp): Buffer {
  const source = Buffer.from(latin(bytes).replace(drop, ''), 'latin1')
  const result: number[] = []
  let high = false
  for (let at = 0; at < source.length; ) {
    const mark = high ? back : out
    if (mark.every((byte, i) => source[at + i] === byte)) {
      high = !high
      at += mark.length
      continue
    }
    const byte = source[at] ?? 0
    result.push(high && byte > 0x20 ? byte | 0x80 : byte)
    at += 1
  }
  return Buffer.from(result)
}

function byteOrderMark(bytes: Uint8Array): { charset: string; skip: number } | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return isUtf8(bytes) ? { charset: 'utf-8', skip: 3 } : null
  if (bytes[0] === 0xff && bytes[1] === 0xfe && bytes.length % 2 === 0) return { charset: 'utf-16le', skip: 2 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0) return { charset: 'utf-16be', skip: 2 }
  return null
}

function count(text: string, what: string): number {
  let found = 0
  for (let at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + 1)) found += 1
  return found
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function utf8(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('utf8')
}

function latin(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1')
}
