import { Buffer } from 'node:buffer'

const [TAB, LF, CR, SPACE, DOT, EQUALS, F] = [0x09, 0x0a, 0x0d, 0x20, 0x2e, 0x3d, 0x46]
const HEX = Buffer.from('0123456789ABCDEF')
/** Characters of a line before the '=' that goes on to the next one (RFC 2045, 6.7: at most 76 with it). */
const LONGEST = 75

/** 1 for bytes that stand for themselves wherever they are: most of any text, and all that the fast way knows. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => {
  return byte > SPACE && byte < 0x7f && byte !== EQUALS && byte !== DOT && byte !== F ? 1 : 0
})

/**
 * A text as quoted-printable UTF-8 (RFC 2045, 6.7), line breaks of every kind as CRLF. Encoded besides what must be: a
 * dot and 'From ' at the beginning of a line, which servers on the way like to change (RFC 2049, 3).
 */
export function quotedPrintable(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  // Three for each byte, and a soft break for each 64 of these at the least.
  const out = Buffer.allocUnsafe(Math.ceil(bytes.length * 3.2) + 8)
  let end = 0
  let column = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (column < LONGEST && (PLAIN[byte] === 1 || (byte === SPACE && PLAIN[bytes[at + 1] as number] === 1))) {
      out[end++] = byte
      column++
      continue
    }
    if (byte === CR || byte === LF) {
      if (byte === CR && bytes[at + 1] === LF) at++
      end = lineBreak(out, end)
      column = 0
      continue
    }
    if (column + widthAt(bytes, at) > LONGEST) {
      out[end++] = EQUALS
      end = lineBreak(out, end)
      column = 0
    }
    if (standsForItself(bytes, at, column)) {
      out[end++] = byte
      column++
    } else {
      out[end++] = EQUALS
      out[end++] = HEX[byte >> 4] as number
      out[end++] = HEX[byte & 15] as number
      column += 3
    }
  }
  return out.subarray(0, end)
}

function lineBreak(out: Buffer, end: number): number {
  out[end] = CR
  out[end + 1] = LF
  return end + 2
}

/** Columns that a byte takes, with all that belongs to its character: a line's end cuts none. */
function widthAt(bytes: Buffer, at: number): number {
  const byte = bytes[at] as number
  if (byte >= 0xc0) return byte >= 0xf0 ? 12 : byte >= 0xe0 ? 9 : 6
  return standsForItself(bytes, at, 1) ? 1 : 3
}

function standsForItself(bytes: Buffer, at: number, column: number): boolean {
  const byte = bytes[at] as number
  if (PLAIN[byte] === 1) return true
  if (byte === SPACE || byte === TAB) {
    const next = bytes[at + 1]
    return next !== undefined && next !== CR && next !== LF
  }
  if (byte === DOT) return column > 0
  return byte === F && (column > 0 || bytes.toString('latin1', at, at + 5) !== 'From ')
}
