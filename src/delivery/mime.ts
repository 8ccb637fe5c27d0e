import { Buffer } from 'node:buffer'
import { domainToASCII } from 'node:url'
import { buildHeaderValue, foldLines } from 'nodemailer/lib/mime-funcs'
import type { Address } from '../model/address.ts'
import type { NoticeAttachment } from '../model/notice.ts'
import type { OutgoingMail } from '../outbox/outgoing-mail.ts'
import { encodedWords, quotedPrintableRoom, writeQuotedPrintable } from './quoted-printable.ts'

/** Gives an attachment's bytes, in pieces. */
export type LoadContent = (attachment: NoticeAttachment) => AsyncIterable<Uint8Array>

const LINE = '\r\n'
/** Characters from which on a header is folded (RFC 5322, 2.1.1). */
const LONGEST_LINE = 76
/** Bytes that become one base64 line of 76 characters (RFC 2045, 6.8). */
const BASE64_LINE = 57

/**
 * A mail as bytes (RFC 5322, RFC 2045): text and HTML as alternatives in quoted-printable, attachments behind them.
 * Nothing in it comes from a clock or from chance, so every attempt sends the same mail. With attachments it is
 * made piece by piece, and never stands in memory whole.
 */
export async function* mimeChunks(mail: OutgoingMail, load: LoadContent): AsyncGenerator<Buffer> {
  yield mimeStart(mail)
  if (mail.attachments.length === 0) return
  const boundary = boundaryOf(mail, 'mixed')
  for (const attachment of mail.attachments) {
    yield Buffer.from(`--${boundary}${LINE}${attachmentHeaders(attachment)}${LINE}${LINE}`)
    yield* base64Lines(load(attachment))
  }
  yield Buffer.from(`--${boundary}--${LINE}`)
}

/** The mail up to its first attachment, or the whole of it where it has none. */
export function mimeStart(mail: OutgoingMail): Buffer {
  const alternative = boundaryOf(mail, 'alt')
  const around = mail.attachments.length > 0 ? mixedHeaders(boundaryOf(mail, 'mixed')) : ''
  const top = `${headers(mail)}${LINE}${around}Content-Type: multipart/alternative;${LINE} boundary="${alternative}"`
  const beforeText = `${top}${LINE}${LINE}${partHeaders(alternative, 'plain')}`
  const beforeHtml = `${LINE}${partHeaders(alternative, 'html')}`
  const { text, html } = mail
  const room = 3 * (beforeText.length + beforeHtml.length) + quotedPrintableRoom(text) + quotedPrintableRoom(html) + 200
  const sheet = room <= SHEET.length ? SHEET : Buffer.allocUnsafeSlow(room)
  let end = sheet.write(beforeText)
  end = writeQuotedPrintable(text, sheet, end)
  end += sheet.write(beforeHtml, end, 'latin1')
  end = writeQuotedPrintable(html, sheet, end)
  end += sheet.write(`${LINE}--${alternative}--${LINE}`, end, 'latin1')
  return Buffer.from(sheet.subarray(0, end))
}

/** What a mail is written on before it is cut to its length: most fit, and ask for no more memory than they have bytes. */
const SHEET = Buffer.alloc(262_144)

function mixedHeaders(boundary: string): string {
  return `Content-Type: multipart/mixed;${LINE} boundary="${boundary}"${LINE}${LINE}--${boundary}${LINE}`
}

function partHeaders(boundary: string, subtype: 'plain' | 'html'): string {
  const type = `Content-Type: text/${subtype}; charset=utf-8`
  return `--${boundary}${LINE}${type}${LINE}Content-Transfer-Encoding: quoted-printable${LINE}${LINE}`
}

function headers(mail: OutgoingMail): string {
  const lines = [
    header('Message-ID', `<${mail.messageId}>`),
    header('Date', new Date(mail.date).toUTCString().replace('GMT', '+0000')),
    header('From', addressValue(mail.from)),
    header('To', addressValue(mail.to)),
    mail.replyTo && header('Reply-To', addressValue(mail.replyTo)),
    header('Subject', words(mail.subject)),
    mail.inReplyTo && header('In-Reply-To', `<${mail.inReplyTo}>`),
    // Each id on a line of its own: no need to look for where to fold.
    mail.references.length > 0 && `References: ${mail.references.map((id) => unbroken(`<${id}>`)).join(`${LINE} `)}`,
    ...mail.headers.map(({ name, value }) => header(name, words(value))),
    'MIME-Version: 1.0',
  ]
  return lines.filter((line) => typeof line === 'string').join(LINE)
}

function header(name: string, value: string): string {
  const line = `${name}: ${unbroken(value)}`
  return line.length <= LONGEST_LINE ? line : foldLines(line, LONGEST_LINE)
}

/** The last guard against injected headers: whatever comes in, a header is one header. */
function unbroken(value: string): string {
  return isAscii(value) ? value : value.replace(/[\0-\x1f\x7f]+/g, ' ')
}

/** A name in quotes or as encoded words (RFC 2047); the domain in ASCII (RFC 5890), the rest as it is (RFC 6532). */
function addressValue({ name, address }: Address): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  const ascii = isAscii(domain) ? domain : domainToASCII(domain) || domain
  const spec = `<${address.slice(0, at + 1)}${ascii}>`
  if (!name) return spec
  const plain = unbroken(name)
  return `${isPlain(plain) ? `"${plain.replace(/["\\]/g, '\\$&')}"` : encodedWords(plain)} ${spec}`
}

function words(value: string): string {
  const plain = unbroken(value)
  return isPlain(plain) ? plain : encodedWords(plain)
}

/** Whether a text may stand in a header as it is. What looks like an encoded word is encoded, or it would be read as one. */
function isPlain(text: string): boolean {
  return isAscii(text) && !text.includes('=?')
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}

function attachmentHeaders({ filename, contentType }: NoticeAttachment): string {
  const name = unbroken(filename)
  return [
    foldLines(`Content-Type: ${buildHeaderValue({ value: safeType(contentType), params: { name } })}`, LONGEST_LINE),
    foldLines(
      `Content-Disposition: ${buildHeaderValue({ value: 'attachment', params: { filename: name } })}`,
      LONGEST_LINE,
    ),
    'Content-Transfer-Encoding: base64',
  ].join(LINE)
}

/** A type that may be base64: multipart and message may not (RFC 2046, 5.2), and what is no type becomes bytes. */
function safeType(contentType: string): string {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return /^(?!multipart|message)[a-z]+\/[a-z0-9!#$&^_.+-]{1,100}$/.test(type) ? type : 'application/octet-stream'
}

async function* base64Lines(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of content) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    const whole = bytes.length - (bytes.length % BASE64_LINE)
    if (whole > 0) yield Buffer.from(wrapped(bytes.subarray(0, whole)))
    rest = bytes.subarray(whole)
  }
  if (rest.length > 0) yield Buffer.from(wrapped(rest))
}

function wrapped(bytes: Buffer): string {
  return bytes.toString('base64').replace(/.{1,76}/g, `$&${LINE}`)
}

/** '=_' cannot occur in quoted-printable or base64, so no text can end the part that it is in. */
function boundaryOf(mail: OutgoingMail, part: string): string {
  return `=_${part}_${mail.messageId.replace(/[^a-z0-9]/gi, '').slice(0, 50)}`
}
