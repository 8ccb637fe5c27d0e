import { createHash, type Hash, hash as sha } from 'node:crypto'
import { asBuffer, bytesOf, chunksOf, type MailSource } from './source.ts'

export interface Identity {
  /** SHA-256, hex: the same for the same mail however and how often it was delivered. */
  identity: string
  /** SHA-256 of the bytes as they came, hex. */
  rawSha256: string
  /** Bytes. */
  size: number
}

/** What its author's client wrote: these do not change on the way, unlike Received, Delivered-To or DKIM headers. */
const AUTHORED = ['from', 'to', 'cc', 'subject', 'date', 'message-id']

/** A header block longer than this is hashed as it stands. */
const LONGEST_HEADER = 2 * 1024 * 1024

/**
 * What makes a mail this mail: its authored headers as they stand, unfolded, and its raw body. So one mail delivered to
 * two mailboxes, or read again under another UID, has one identity. A mail with neither Message-ID nor Date is
 * recognised by all its bytes. Reads the source once, piece by piece; does not parse MIME. Throws when a file cannot be read.
 */
export async function identityOf(source: MailSource): Promise<Identity> {
  const bytes = bytesOf(source)
  if (bytes) return identityOfBytes(asBuffer(bytes))
  const raw = createHash('sha256')
  let size = 0
  let head: Buffer | null = Buffer.alloc(0)
  let authored: Hash | null = null
  for await (const chunk of chunksOf(source)) {
    raw.update(chunk)
    size += chunk.length
    if (head === null) {
      authored?.update(chunk)
      continue
    }
    // The header may end across two pieces: search from a little before the new one.
    const from: number = Math.max(0, head.length - 4)
    const whole: Buffer = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    const end = headerEnd(whole, from)
    head = end < 0 && whole.length < LONGEST_HEADER ? whole : null
    if (head === null) authored = startHash(whole, end < 0 ? LONGEST_HEADER : end)
  }
  if (head !== null) authored = startHash(head, head.length)
  const rawSha256 = raw.digest('hex')
  return { identity: authored ? authored.digest('hex') : rawSha256, rawSha256, size }
}

function identityOfBytes(bytes: Buffer): Identity {
  const rawSha256 = sha('sha256', bytes)
  const end = headerEnd(bytes.subarray(0, LONGEST_HEADER), 0)
  const authored = startHash(bytes, end < 0 ? Math.min(bytes.length, LONGEST_HEADER) : end)
  return { identity: authored?.digest('hex') ?? rawSha256, rawSha256, size: bytes.length }
}

/** Index of the empty line that ends the header, or -1. */
function headerEnd(bytes: Buffer, from: number): number {
  const crlf = bytes.indexOf('\r\n\r\n', from, 'latin1')
  const lf = bytes.indexOf('\n\n', from, 'latin1')
  if (crlf < 0) return lf
  return lf < 0 ? crlf : Math.min(crlf, lf)
}

/** The hash of the authored headers and of the body as far as it has been read; null where the mail has no mark of its own. */
function startHash(bytes: Buffer, end: number): Hash | null {
  const fields = authoredFields(bytes.toString('latin1', 0, end))
  if (!fields.has('message-id') && !fields.has('date')) return null
  const head = AUTHORED.flatMap((name) => (fields.get(name) ?? []).map((value) => `${name}:${value}\n`)).join('')
  // Servers store line ends in their own way only around the header; the body is hashed as it came.
  return createHash('sha256')
    .update(`${head}\n`, 'latin1')
    .update(withoutBlankLine(bytes.subarray(end)))
}

function withoutBlankLine(body: Buffer): Buffer {
  if (body.subarray(0, 4).toString('latin1') === '\r\n\r\n') return body.subarray(4)
  return body.subarray(0, 2).toString('latin1') === '\n\n' ? body.subarray(2) : body
}

function authoredFields(header: string): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  for (const line of header.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (!AUTHORED.includes(name) || value === '') continue
    fields.set(name, [...(fields.get(name) ?? []), value])
  }
  return fields
}
