import { cleanFilename, filenameOf } from './attachment/filename.ts'
import { isMeaningful, isNestedMail, isTnef, mediaType, type PartKind, partKind } from './attachment/kind.ts'
import { openSpool, type Spool, type SpoolOptions } from './attachment/spool.ts'
import { unpackTnef } from './attachment/tnef.ts'
import type { SplitterEvents } from './body/splitter.ts'
import { type TransferDecoder, transferDecoder } from './body/transfer-decoding.ts'
import { decodeText } from './charset/decode.ts'
import { decodeWords } from './header/encoded-words.ts'
import { readFields, valuesOf } from './header/fields.ts'
import { type Parameterised, readParameters } from './header/parameters.ts'
import { LIMITS } from './limits.ts'
import type { Attachment, Header } from './message.ts'
import type { MeaningfulPart } from './parsed.ts'
import { collectProblems, type Problems } from './problems.ts'

/** One node of the MIME tree, as far as its text needs it. */
export interface Part {
  headers: Header[]
  contentType: { type: string; params: Record<string, string> }
  children: Part[]
  /** The decoded bytes of a text to read, or of a multipart whose parts were not found; null for every other part. */
  body: { bytes: Buffer } | null
  /** The text of an unpacked winmail.dat. */
  unpacked: { plain: string | null; html: string | null } | null
}

interface Leaf {
  part: Part
  kind: PartKind
  decoder: TransferDecoder
  spool: Spool | null
  /** Decoded bytes that the readers need, up to `keep`. */
  kept: Buffer[]
  size: number
  keep: number
  filename: string | null
  contentId: string | null
}

export interface FoundParts {
  root: Part | null
  attachments: Attachment[]
  parts: MeaningfulPart[]
}

export interface PartReader extends SplitterEvents<Part> {
  finish(): FoundParts
  discard(): void
}

/** Takes the splitter's events in the order of the mail and builds the tree of parts, the attachments and the reports. */
export function makePartReader(options: SpoolOptions, problems: Problems): PartReader {
  const attachments: Attachment[] = []
  const parts: MeaningfulPart[] = []
  let root: Part | null = null
  let leaf: Leaf | null = null
  let afterText = false

  const close = () => {
    if (leaf) finishLeaf(leaf, { attachments, parts, options }, problems)
    leaf = null
  }
  return {
    open: (header, parent) => {
      close()
      const container = parent?.contentType.type ?? ''
      const part = readPart(header, container, problems)
      root ??= part
      parent?.children.push(part)
      const multipart = part.contentType.type.startsWith('multipart/')
      leaf = openLeaf(part, { container, afterText, multipart }, options, attachments.length, problems)
      if (leaf.kind === 'text' && !multipart) afterText = true
      return { node: part, boundary: part.contentType.params.boundary ?? null }
    },
    body: (bytes) => {
      if (leaf) feed(leaf, leaf.decoder.write(bytes))
    },
    finish: () => {
      close()
      return { root, attachments, parts }
    },
    discard: () => leaf?.spool?.discard(),
  }
}

function readPart(header: Buffer, container: string, problems: Problems): Part {
  const headers = readFields(header, problems)
  const contentType = parametersOf(headers, 'content-type', problems)
  return {
    headers,
    contentType: { type: mediaType(contentType, container), params: contentType.params },
    children: [],
    body: null,
    unpacked: null,
  }
}

function parametersOf(headers: Header[], name: string, problems: Problems): Parameterised {
  const value = valuesOf(headers, name)[0]
  return value === undefined ? { value: '', params: {} } : readParameters(value, problems)
}

interface Place {
  container: string
  afterText: boolean
  /** The splitter looks for parts in it. */
  multipart: boolean
}

function openLeaf(part: Part, place: Place, options: SpoolOptions, attachmentsSoFar: number, problems: Problems): Leaf {
  const disposition = parametersOf(part.headers, 'content-disposition', problems)
  const type = part.contentType.type
  const filename = filenameOf(disposition, { value: type, params: part.contentType.params }, problems)
  let kind: PartKind = place.multipart
    ? 'text'
    : partKind({
        type,
        disposition: disposition.value,
        filename,
        container: place.container,
        afterText: place.afterText,
      })
  if (kind === 'attachment' && attachmentsSoFar >= LIMITS.attachments) {
    problems.add(`more than ${LIMITS.attachments} attachments: the rest was left out`)
    kind = 'left-out'
  }
  return {
    part,
    kind,
    decoder: transferDecoder(place.multipart ? '' : encodingOf(part.headers)),
    spool: kind === 'attachment' ? openSpool(options) : null,
    kept: [],
    size: 0,
    keep: bytesToKeep(kind, type, filename),
    filename,
    contentId: contentIdOf(part.headers),
  }
}

function bytesToKeep(kind: PartKind, type: string, filename: string | null): number {
  if (kind === 'text') return LIMITS.textBytes
  if (kind === 'left-out') return 0
  if (kind === 'report') return LIMITS.partText
  if (isTnef(type, filename)) return LIMITS.tnefBytes
  return isMeaningful(type) ? LIMITS.partText : 0
}

function encodingOf(headers: Header[]): string {
  const value = (valuesOf(headers, 'content-transfer-encoding')[0] ?? '').toLowerCase()
  if (value.includes('base64')) return 'base64'
  return value.includes('quoted') ? 'quoted-printable' : ''
}

function contentIdOf(headers: Header[]): string | null {
  const value = (valuesOf(headers, 'content-id')[0] ?? '').replace(/[<>\s]+/g, '').slice(0, LIMITS.id)
  return value === '' ? null : value
}

function feed(leaf: Leaf, bytes: Buffer): void {
  if (bytes.length === 0) return
  leaf.spool?.write(bytes)
  if (leaf.size < leaf.keep) leaf.kept.push(bytes.subarray(0, leaf.keep - leaf.size))
  leaf.size += bytes.length
}

interface Found {
  attachments: Attachment[]
  parts: MeaningfulPart[]
  options: SpoolOptions
}

function finishLeaf(leaf: Leaf, found: Found, problems: Problems): void {
  feed(leaf, leaf.decoder.end())
  const { part, kind } = leaf
  const bytes = leaf.kept.length === 1 && leaf.kept[0] ? leaf.kept[0] : Buffer.concat(leaf.kept)
  if (kind === 'text') {
    if (leaf.size > leaf.keep)
      problems.add(`a text part is ${leaf.size} bytes long: only the first ${leaf.keep} were read`)
    part.body = { bytes }
    return
  }
  if (kind === 'left-out') return
  if (kind === 'report' || isMeaningful(part.contentType.type)) addMeaningful(leaf, bytes, found, problems)
  if (!leaf.spool) return
  if (isTnef(part.contentType.type, leaf.filename) && addUnpacked(leaf, bytes, found, problems)) leaf.spool.discard()
  else
    found.attachments.push({
      filename: leaf.filename,
      contentType: part.contentType.type,
      contentId: leaf.contentId,
      inline: false,
      ...leaf.spool.end(),
    })
}

function addMeaningful(leaf: Leaf, bytes: Buffer, found: Found, problems: Problems): void {
  const { type, params } = leaf.part.contentType
  const { text, problem } = decodeText(bytes, params.charset ?? 'utf-8')
  if (problem && type !== 'message/rfc822') problems.add(`${type}: ${problem}`)
  if (leaf.filename === null && isNestedMail(type)) leaf.filename = nameOfNested(bytes)
  found.parts.push({ contentType: type, text, filename: leaf.filename })
}

/** A nested mail is called by its subject, as clients do. */
function nameOfNested(bytes: Buffer): string | null {
  const unheard = collectProblems()
  const end = bytes.indexOf('\n\n') >= 0 ? bytes.indexOf('\n\n') : bytes.indexOf('\n\r\n')
  const headers = readFields(bytes.subarray(0, end < 0 ? bytes.length : end), unheard)
  const subject = decodeWords(valuesOf(headers, 'subject')[0] ?? '', unheard).replace(/[\\/:*?"<>|]+/g, ' ')
  return subject.trim() === '' ? null : cleanFilename(`${subject.trim()}.eml`, unheard)
}

/** Puts the files of a winmail.dat in its place; false where that cannot be done, so that it is kept as it is. */
function addUnpacked(leaf: Leaf, bytes: Buffer, found: Found, problems: Problems): boolean {
  try {
    if (leaf.size > leaf.keep) throw new Error(`it is larger than ${leaf.keep} bytes`)
    const { files, plain, html } = unpackTnef(bytes)
    if (files.length === 0 && plain === null && html === null) throw new Error('it holds neither files nor text')
    for (const file of files) {
      const spool = openSpool(found.options)
      spool.write(file.bytes)
      const filename = cleanFilename(file.filename ?? '', problems)
      found.attachments.push({
        filename,
        contentType: file.contentType,
        contentId: file.contentId,
        inline: false,
        ...spool.end(),
      })
    }
    leaf.part.unpacked = { plain, html }
    return true
  } catch (error) {
    problems.add(
      `${leaf.filename ?? 'winmail.dat'} could not be unpacked: ${error instanceof Error ? error.message : String(error)}`,
    )
    return false
  }
}
