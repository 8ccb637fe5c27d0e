import { isAscii, isUtf8 } from 'node:buffer'
import { decodeText } from '../charset/decode.ts'
import { LIMITS } from '../limits.ts'
import type { Header } from '../message.ts'
import type { Problems } from '../problems.ts'

/**
 * The fields of a header block (RFC 5322 section 2.2) in the order of the mail: names in lower case, values unfolded,
 * encoded words still encoded, raw 8-bit text read by `decodeText`. Lines that are no field are skipped and named.
 */
export function readFields(block: Uint8Array, problems: Problems): Header[] {
  const source = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
  const text = source.toString('latin1')
  // Raw 8-bit headers are mostly in the charset of the text below them.
  const charset = isAscii(source) ? undefined : (/charset\s*=\s*"?([\w.:-]{1,40})/i.exec(text)?.[1] ?? null)
  const fields: Header[] = []
  for (const line of unfold(text)) {
    if (fields.length >= LIMITS.headerFields) {
      problems.add(`more than ${LIMITS.headerFields} header fields: the rest was not read`)
      break
    }
    const colon = line.indexOf(':')
    const name = colon > 0 ? line.slice(0, colon).trim().toLowerCase() : ''
    if (name === '' || /[\s\x00-\x20]/.test(name)) {
      if (line.trim() !== '' && !/^>?From /.test(line)) problems.add('a header line without a field name was skipped')
      continue
    }
    fields.push({ name, value: fieldValue(line.slice(colon + 1), charset, name, problems) })
  }
  return fields
}

/** Long lines are cut before anything is decoded, so that one field cannot cost more than its limit. */
function fieldValue(text: string, charset: string | null | undefined, name: string, problems: Problems): string {
  const most = LONG.has(name) ? LIMITS.headerBytes : LIMITS.headerValue
  if (text.length > most)
    problems.add(`header '${name.slice(0, 40)}' is ${text.length} characters long: only the first ${most} were read`)
  let value = text.slice(0, most)
  if (value.includes('\0')) {
    problems.add(`NUL bytes in header '${name.slice(0, 40)}' were read as spaces`)
    value = value.replaceAll('\0', ' ')
  }
  return charset === undefined ? value.trim() : decodeRaw(value, charset, name, problems).trim()
}

/** Address lists may be long; `readAddresses` has its own limit. */
const LONG = new Set(['to', 'cc', 'bcc'])

function decodeRaw(value: string, charset: string | null, name: string, problems: Problems): string {
  const bytes = Buffer.from(value, 'latin1')
  // RFC 6532: UTF-8 in headers.
  if (isUtf8(bytes)) return isAscii(bytes) ? value : bytes.toString('utf8')
  const { text, problem } = decodeText(bytes, charset)
  if (problem) problems.add(`header '${name.slice(0, 40)}': ${problem}`)
  return text
}

/** Logical lines: a line that begins with white space continues the one before (RFC 5322 section 2.2.3). */
function unfold(block: string): string[] {
  const lines: string[] = []
  let parts: string[] = []
  for (const line of block.split(/\r?\n/)) {
    if (/^[ \t]/.test(line) && parts.length > 0) {
      parts.push(line)
      continue
    }
    if (parts.length > 0) lines.push(parts.join(''))
    parts = [line]
  }
  if (parts.length > 0) lines.push(parts.join(''))
  return lines
}

/** Every value of the fields called `name`, topmost first. */
export function valuesOf(headers: readonly Header[], name: string): string[] {
  return headers.filter((header) => header.name === name).map((header) => header.value)
}
