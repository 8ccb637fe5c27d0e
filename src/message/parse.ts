import type { SpoolOptions } from './attachment/spool.ts'
import { SplitError, Splitter } from './body/splitter.ts'
import { type BodyText, bodyOf } from './body/text.ts'
import { envelopeOf } from './header/envelope.ts'
import { LIMITS } from './limits.ts'
import type { Attachment } from './message.ts'
import type { MeaningfulPart, Parsed } from './parsed.ts'
import { type FoundParts, makePartReader, type Part, type PartReader } from './parts.ts'
import { collectProblems, type Problems } from './problems.ts'
import { asBuffer, bytesOf, chunksOf, type MailSource } from './source.ts'

export type ParseOptions = Partial<SpoolOptions>

/** Attachments up to this many bytes stay in memory. */
export const INLINE_LIMIT = 256 * 1024

/**
 * A raw mail (RFC 5322, MIME) as text, addresses, ids and attachments. Whatever the bytes are, a value comes back:
 * every guess and every limit is a sentence in `problems`. Attachments over `inlineLimit` bytes (256 KB) go to files
 * in `spoolFolder`, which the caller takes over; `content: 'drop'` keeps only their size and SHA-256.
 * Throws only when the source file cannot be read or the spool folder cannot be written.
 */
export async function parseMail(source: MailSource, options: ParseOptions = {}): Promise<Parsed> {
  const problems = collectProblems()
  const reader = makePartReader(withDefaults(options), problems)
  try {
    await split(source, reader, problems)
  } catch (error) {
    reader.discard()
    throw error
  }
  const found = reader.finish()
  const { root, attachments, parts } = (await repairMultipart(found.root, options, problems)) ?? found
  const body = bodyOf(root, problems)
  return assemble(
    root?.headers ?? [],
    root?.contentType ?? { type: 'text/plain', params: {} },
    { body, attachments, parts },
    problems,
  )
}

/** A multipart whose boundary is missing or wrong: its parts are found by the first line that can be one. */
async function repairMultipart(
  root: Part | null,
  options: ParseOptions,
  problems: Problems,
): Promise<FoundParts | null> {
  if (!root?.contentType.type.startsWith('multipart/') || root.children.length > 0 || !root.body) return null
  const bytes = root.body.bytes
  const boundary = /(?:^|\n)--([^\s-][^\r\n]{0,199}?)[ \t]*\r?\n(?:content-[\w-]+:|\r?\n)/i.exec(
    bytes.toString('latin1'),
  )?.[1]
  if (boundary === undefined || boundary.includes('"')) return null
  const head = Buffer.from(`Content-Type: ${root.contentType.type}; boundary="${boundary}"\r\n\r\n`, 'latin1')
  const reader = makePartReader(withDefaults(options), problems)
  await split(Buffer.concat([head, bytes]), reader, problems)
  const found = reader.finish()
  if (!found.root || found.root.children.length === 0) return null
  problems.add('the boundary between the parts was missing or wrong, and was guessed')
  return { ...found, root: { ...found.root, headers: root.headers } }
}

function withDefaults(options: ParseOptions): SpoolOptions {
  return { inlineLimit: INLINE_LIMIT, content: 'keep', ...options }
}

/** Runs the mail through the splitter; what it refuses (too many parts, too long a header) ends the reading, not the mail. */
async function split(source: MailSource, reader: PartReader, problems: Problems): Promise<void> {
  const splitter = new Splitter(reader, LIMITS)
  try {
    const bytes = bytesOf(source)
    if (bytes) splitter.write(asBuffer(bytes))
    else for await (const chunk of chunksOf(source)) splitter.write(chunk)
    splitter.end()
  } catch (error) {
    if (!(error instanceof SplitError)) throw error
    problems.add(`the mail was read only in part: ${error.message}`)
  }
}

function assemble(
  headers: Parsed['headers'],
  contentType: Parsed['contentType'],
  found: { body: BodyText; attachments: Attachment[]; parts: MeaningfulPart[] },
  problems: Problems,
): Parsed {
  const envelope = envelopeOf(headers, problems)
  if (isEncrypted(contentType))
    problems.add('the mail is encrypted: its text cannot be read, its parts are kept as they are')
  markInline(found.attachments, found.body.html)
  return {
    headers,
    ...envelope,
    plain: found.body.plain,
    html: found.body.html,
    attachments: found.attachments,
    parts: found.parts,
    contentType,
    problems: problems.list(),
  }
}

/** RFC 3156 and RFC 8551. */
function isEncrypted({ type, params }: Parsed['contentType']): boolean {
  return (
    type === 'multipart/encrypted' ||
    (/^application\/(x-)?pkcs7-mime$/.test(type) && !/signed/i.test(params['smime-type'] ?? ''))
  )
}

/** Inline is what the HTML shows: a part that a cid: link refers to (RFC 2392). */
function markInline(attachments: Attachment[], html: string | null): void {
  if (html === null || !attachments.some((attachment) => attachment.contentId !== null)) return
  const shown = new Set<string>()
  for (const match of html.matchAll(/cid:([^"'\s<>()]{1,500})/gi)) shown.add(decodeCid(match[1] ?? ''))
  for (const attachment of attachments)
    attachment.inline = attachment.contentId !== null && shown.has(attachment.contentId)
}

function decodeCid(cid: string): string {
  const text = cid.replaceAll('&amp;', '&')
  try {
    return decodeURIComponent(text)
  } catch {
    // A '%' that escapes nothing stands for itself.
    return text
  }
}
