import { Buffer } from 'node:buffer'
import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { domainToASCII } from 'node:url'
import { foldLines } from 'nodemailer/lib/mime-funcs'
import type { DkimConfig } from '../config/config.ts'

/**
 * DKIM (RFC 6376), relaxed/relaxed, by RSA (RFC 8301) or Ed25519 (RFC 8463) as the key is. Our own, because what libraries
 * offer does not sign a header that is absent, keeps a mail with its attachments in memory or in a file, or sends a mail
 * unsigned when signing fails. There is no time in a signature, so every attempt sends the same bytes.
 */
export interface DkimSigner {
  /** A mail that is there as a whole, with its signature on top. */
  whole(mail: Buffer): Buffer
  /** A mail piece by piece, made twice: once to be signed, once to be sent. The first piece holds its header. */
  streamed(pieces: () => AsyncIterable<Buffer>): AsyncGenerator<Buffer>
}

/** Without a key, mails leave as they are. */
export const UNSIGNED: DkimSigner = {
  whole: (mail) => mail,
  streamed: async function* (pieces) {
    yield* pieces()
  },
}

/**
 * Signed also where they are absent, and once more than they are there: whoever adds one breaks the signature (RFC 6376,
 * 8.15). A second From or Subject is what a mail program might show in place of ours.
 */
const SEALED = ['From', 'To', 'Cc', 'Subject', 'Date', 'Message-ID', 'Reply-To', 'MIME-Version', 'Content-Type']
/** Signed where they are there. One-click unsubscribing works only under a signature (RFC 8058, 4). */
const SIGNED = [
  'In-Reply-To',
  'References',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'Feedback-ID',
  'Auto-Submitted',
]

/** Throws what Node throws for a text that is no private key; the configuration has been checked for that. */
export function openSigner(dkim: DkimConfig): DkimSigner {
  const key = createPrivateKey(dkim.privateKey)
  return {
    whole: (mail) => {
      const body = bodyHash()
      const head = headOf(mail)
      body.update(mail.subarray(head.length))
      return Buffer.concat([signature(dkim, key, head, body.digest()), mail])
    },
    streamed: async function* (pieces) {
      yield await signatureOf(pieces(), dkim, key)
      yield* pieces()
    },
  }
}

async function signatureOf(pieces: AsyncIterable<Buffer>, dkim: DkimConfig, key: KeyObject): Promise<Buffer> {
  const body = bodyHash()
  let head: Buffer | null = null
  for await (const piece of pieces) {
    if (head) body.update(piece)
    else {
      head = headOf(piece)
      body.update(piece.subarray(head.length))
    }
  }
  if (!head) throw new Error('a mail without a single byte cannot be signed')
  return signature(dkim, key, head, body.digest())
}

/** The header and the empty line below it. */
function headOf(bytes: Buffer): Buffer {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) throw new Error('the first piece of a mail does not hold its header: it cannot be signed')
  return bytes.subarray(0, end + 4)
}

/** The DKIM-Signature field, with its line end. */
function signature({ domain, selector }: DkimConfig, key: KeyObject, head: Buffer, hash: string): Buffer {
  const fields = fieldsOf(head)
  const isThere = (name: string) => fields.has(name.toLowerCase())
  // The n-th time that a name stands in h= is its n-th field from below; where there is none, nothing is hashed (5.4.2).
  const names = [...SEALED, ...SEALED.filter(isThere), ...SIGNED.filter(isThere)]
  const signed = [...SEALED, ...SIGNED].flatMap((name) => fields.get(name.toLowerCase()) ?? [])
  const tags = [
    `v=1; a=${key.asymmetricKeyType}-sha256; c=relaxed/relaxed`,
    `d=${domainToASCII(domain) || domain}; s=${selector}`,
    `h=${names.join(': ')}`,
    `bh=${hash}`,
  ]
  const start = `${foldLines(`DKIM-Signature: ${tags.join('; ')};`, 76)}\r\n b=`
  const value = signatureBy(key, [...signed, relaxedField(start)].join('\r\n'))
  return Buffer.from(`${start}${value.replace(/.{72}(?=.)/g, '$&\r\n ')}\r\n`)
}

/** RFC 8463: Ed25519 signs the hash. */
function signatureBy(key: KeyObject, text: string): string {
  const data = Buffer.from(text, 'latin1')
  if (key.asymmetricKeyType !== 'ed25519') return sign('sha256', data, key).toString('base64')
  return sign(null, createHash('sha256').update(data).digest(), key).toString('base64')
}

/** Each field in its relaxed form (3.4.2), by its lower-case name; bytes stand as Latin-1. We write none of them twice. */
function fieldsOf(head: Buffer): Map<string, string> {
  const lines = head
    .toString('latin1')
    .trimEnd()
    .split(/\r\n(?![ \t])/)
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), relaxedField(line)]))
}

function relaxedField(line: string): string {
  const colon = line.indexOf(':')
  const value = line
    .slice(colon + 1)
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
    .trim()
  return `${line.slice(0, colon).trim().toLowerCase()}:${value}`
}

/** The hash of a body in its relaxed form (3.4.4), given in pieces of any size. Lines end with CRLF, as ours do. */
function bodyHash() {
  const hash = createHash('sha256')
  let rest = ''
  let empty = 0
  const take = (lines: string) => {
    const relaxed = lines.replace(/[ \t]+/g, ' ').replaceAll(' \r\n', '\r\n')
    let end = relaxed.length
    while (relaxed.startsWith('\r\n', end - 2) && end > 0) end -= 2
    const trailing = (relaxed.length - end) / 2
    if (end === 0) {
      empty += trailing
      return
    }
    hash.update(`${'\r\n'.repeat(empty)}${relaxed.slice(0, end)}\r\n`, 'latin1')
    empty = trailing - 1
  }
  return {
    update: (bytes: Uint8Array) => {
      const text = rest + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
      const whole = text.lastIndexOf('\r\n') + 2
      rest = text.slice(whole < 2 ? 0 : whole)
      if (whole >= 2) take(text.slice(0, whole))
    },
    digest: () => {
      if (rest !== '') take(`${rest}\r\n`)
      return hash.digest('base64')
    },
  }
}
