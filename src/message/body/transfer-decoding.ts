/** Undoes a Content-Transfer-Encoding piece by piece; what arrives broken is decoded as far as it goes. */
export interface TransferDecoder {
  write(chunk: Buffer): Buffer
  end(): Buffer
}

const NONE = Buffer.alloc(0)

/** A decoder for base64, quoted-printable (RFC 2045 section 6), or the bytes as they are. */
export function transferDecoder(encoding: string): TransferDecoder {
  if (encoding === 'base64') return base64Decoder()
  if (encoding === 'quoted-printable') return quotedPrintableDecoder()
  return { write: (chunk) => chunk, end: () => NONE }
}

/** A body that comes in one piece, as nearly all do, is decoded at once; several are joined at multiples of four characters. */
function base64Decoder(): TransferDecoder {
  let only: Buffer | null = null
  let pieces = 0
  let rest = ''
  const decode = (chunk: Buffer) => {
    const text = rest + chunk.toString('latin1').replace(/[^A-Za-z0-9+/=_-]+/g, '')
    const whole = text.length - (text.length % 4)
    rest = text.slice(whole)
    return decodeGroups(text.slice(0, whole))
  }
  return {
    write: (chunk) => {
      pieces += 1
      if (pieces === 1) {
        only = chunk
        return NONE
      }
      const first = only
      only = null
      return first ? Buffer.concat([decode(first), decode(chunk)]) : decode(chunk)
    },
    end: () => (only ? decodeWhole(only) : decodeGroups(rest)),
  }
}

/** The decoder skips line ends and strange characters by itself; what it does not understand is '=' within the text. */
function decodeWhole(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  const padding = text.indexOf('=')
  if (padding < 0 || /^[=\s]*$/.test(text.slice(padding))) return Buffer.from(text, 'base64')
  return decodeGroups(text.replace(/[^A-Za-z0-9+/=_-]+/g, ''))
}

/** More signs are noise, not the ends of texts. */
const MOST_PADDING = 2_000

/** Several base64 texts one after the other, each with its own padding, are decoded one by one. */
function decodeGroups(text: string): Buffer {
  if (!/=[^=]/.test(text)) return Buffer.from(text, 'base64')
  const bare = text.replaceAll('=', '')
  if (text.length - bare.length > MOST_PADDING) return Buffer.from(bare, 'base64')
  return Buffer.concat(text.split(/(?<==)(?=[^=])/).map((group) => Buffer.from(group, 'base64')))
}

function quotedPrintableDecoder(): TransferDecoder {
  let rest: Buffer = NONE
  return {
    write: (chunk) => {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      // An escape or trailing white space may go on in the next chunk: keep the last line, unless it is endless.
      const whole = bytes.lastIndexOf(0x0a) + 1
      const cut = bytes.length - whole > 65_536 ? bytes.length - 2 : whole
      rest = bytes.subarray(cut)
      return decodeLines(bytes.subarray(0, cut))
    },
    end: () => decodeLines(rest),
  }
}

function decodeLines(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length)
  let to = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte !== 0x3d) {
      out[to++] = byte
      continue
    }
    const value = hexPair(bytes[at + 1], bytes[at + 2])
    if (value >= 0) {
      out[to++] = value
      at += 2
      continue
    }
    const end = softBreakEnd(bytes, at + 1)
    if (end > 0) at = end
    else out[to++] = byte
  }
  return out.subarray(0, to)
}

function hexPair(high: number | undefined, low: number | undefined): number {
  const a = hexDigit(high)
  const b = hexDigit(low)
  return a < 0 || b < 0 ? -1 : a * 16 + b
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** Index of the last byte of a soft line break ('=' and white space before the line end), or 0. */
function softBreakEnd(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at += 1
  if (at >= bytes.length) return bytes.length - 1
  if (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) return at + 1
  return bytes[at] === 0x0a || bytes[at] === 0x0d ? at : 0
}
