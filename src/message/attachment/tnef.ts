import { decodeAs } from '../charset/decode.ts'
import { LIMITS } from '../limits.ts'
import { asBuffer } from '../source.ts'
import { mediaType } from './kind.ts'
import { type MapiProperties, readMapi } from './mapi.ts'

export interface TnefFile {
  filename: string | null
  contentType: string
  contentId: string | null
  bytes: Buffer
}

export interface Tnef {
  files: TnefFile[]
  /** The mail's text, where the TNEF holds it as such. */
  plain: string | null
  html: string | null
}

const SIGNATURE = 0x223e9f78
// MS-OXTNEF section 2.1.3.2: attribute ids with their types.
const BODY = 0x0002800c
const ATTACH_DATA = 0x0006800f
const ATTACH_TITLE = 0x00018010
const ATTACH_RENDER_DATA = 0x00069002
const MESSAGE_PROPERTIES = 0x00069003
const ATTACH_PROPERTIES = 0x00069005
const OEM_CODEPAGE = 0x00069007

// MS-OXPROPS: property ids.
const PR_BODY = 0x1000
const PR_HTML = 0x1013
const PR_ATTACH_DATA = 0x3701
const PR_ATTACH_FILENAME = 0x3704
const PR_ATTACH_LONG_FILENAME = 0x3707
const PR_ATTACH_MIME_TAG = 0x370e
const PR_ATTACH_CONTENT_ID = 0x3712

const MOST_FILES = 500

interface Draft {
  title: string | null
  data: Buffer
  properties: MapiProperties
}

/**
 * Unpacks Outlook's winmail.dat (MS-OXTNEF). Nothing in it is compressed that is read here, so what comes out is never
 * larger than what goes in. Throws where the bytes are no TNEF or end too soon.
 */
export function unpackTnef(bytes: Uint8Array): Tnef {
  const source = asBuffer(bytes)
  if (source.length < 6 || source.readUInt32LE(0) !== SIGNATURE) throw new Error('it has no TNEF signature')
  const drafts: Draft[] = []
  let codepage = 'windows-1252'
  let message: MapiProperties = new Map()
  let body: Buffer | null = null
  for (const { id, data } of attributes(source)) {
    const draft = drafts.at(-1)
    if (id === ATTACH_RENDER_DATA) {
      if (drafts.length >= MOST_FILES) throw new Error(`it holds more than ${MOST_FILES} files`)
      drafts.push({ title: null, data: Buffer.alloc(0), properties: new Map() })
    } else if (id === OEM_CODEPAGE && data.length >= 4) codepage = `windows-${data.readUInt32LE(0)}`
    else if (id === MESSAGE_PROPERTIES) message = readMapi(data, codepage)
    else if (id === BODY) body = data
    else if (!draft) continue
    else if (id === ATTACH_TITLE) draft.title = decodeOem(data, codepage)
    else if (id === ATTACH_DATA) draft.data = data
    else if (id === ATTACH_PROPERTIES) draft.properties = readMapi(data, codepage)
  }
  return {
    files: drafts.map(fileOf),
    plain: textOf(message.get(PR_BODY)) ?? (body ? decodeOem(body, codepage) : null),
    html: htmlOf(message.get(PR_HTML)),
  }
}

function* attributes(source: Buffer): Generator<{ id: number; data: Buffer }> {
  for (let at = 6; at + 9 <= source.length; ) {
    const id = source.readUInt32LE(at + 1)
    const length = source.readUInt32LE(at + 5)
    const end = at + 9 + length
    if (end > source.length) throw new Error('it ends within an attribute')
    yield { id, data: source.subarray(at + 9, end) }
    at = end + 2
  }
}

function fileOf({ title, data, properties }: Draft): TnefFile {
  const inner = properties.get(PR_ATTACH_DATA)
  const tag = textOf(properties.get(PR_ATTACH_MIME_TAG)) ?? 'application/octet-stream'
  const bytes = data.length === 0 && inner instanceof Buffer ? inner : data
  return {
    filename: textOf(properties.get(PR_ATTACH_LONG_FILENAME)) ?? title ?? textOf(properties.get(PR_ATTACH_FILENAME)),
    contentType: mediaType({ value: tag.trim().toLowerCase(), params: {} }, ''),
    contentId:
      textOf(properties.get(PR_ATTACH_CONTENT_ID))
        ?.replace(/[<>\s]/g, '')
        .slice(0, LIMITS.id) || null,
    bytes,
  }
}

function textOf(value: string | Buffer | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function htmlOf(value: string | Buffer | undefined): string | null {
  if (value instanceof Buffer) return decodeAs(value, 'utf-8')
  return textOf(value)
}

function decodeOem(bytes: Buffer, codepage: string): string {
  const end = bytes.indexOf(0)
  return decodeAs(end < 0 ? bytes : bytes.subarray(0, end), codepage)
}
