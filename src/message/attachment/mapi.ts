import { canDecode, decodeAs } from '../charset/decode.ts'

/** Text and binary properties by their id; numbers and times are skipped. */
export type MapiProperties = Map<number, string | Buffer>

/** Bytes of a value of fixed size, padding included (MS-OXCDATA section 2.11.1). */
const FIXED = new Map([
  [0x0001, 4],
  [0x0002, 4],
  [0x0003, 4],
  [0x0004, 4],
  [0x0005, 8],
  [0x0006, 8],
  [0x0007, 8],
  [0x000a, 4],
  [0x000b, 4],
  [0x0014, 8],
  [0x0040, 8],
  [0x0048, 16],
])
const OBJECT = 0x000d
const STRING8 = 0x001e
const UNICODE = 0x001f
const BINARY = 0x0102
const MULTIPLE = 0x1000

/** The property list of a TNEF attribute (MS-OXTNEF section 2.1.3.4). Throws (RangeError) where it ends too soon. */
export function readMapi(data: Buffer, codepage: string): MapiProperties {
  const properties: MapiProperties = new Map()
  const count = data.readUInt32LE(0)
  let at = 4
  for (let i = 0; i < count && at < data.length; i += 1) {
    const type = data.readUInt16LE(at)
    const id = data.readUInt16LE(at + 2)
    at = id >= 0x8000 ? afterName(data, at + 4) : at + 4
    const size = FIXED.get(type & ~MULTIPLE)
    if (size !== undefined) {
      at += (type & MULTIPLE) === 0 ? size : 4 + data.readUInt32LE(at) * size
      continue
    }
    at = readValues(data, at, type & ~MULTIPLE, (value) => {
      if (!properties.has(id)) properties.set(id, decodeValue(value, type & ~MULTIPLE, codepage))
    })
  }
  return properties
}

/** A named property: a GUID, then a number or a name in UTF-16. */
function afterName(data: Buffer, at: number): number {
  const kind = data.readUInt32LE(at + 16)
  return kind === 0 ? at + 24 : at + 24 + padded(data.readUInt32LE(at + 20))
}

function readValues(data: Buffer, from: number, type: number, take: (value: Buffer) => void): number {
  if (![OBJECT, STRING8, UNICODE, BINARY].includes(type))
    throw new RangeError(`it has a property of unknown type ${type}`)
  const values = data.readUInt32LE(from)
  let at = from + 4
  for (let i = 0; i < values; i += 1) {
    const length = data.readUInt32LE(at)
    if (at + 4 + length > data.length) throw new RangeError('it ends within a property')
    take(data.subarray(at + 4, at + 4 + length))
    at += 4 + padded(length)
  }
  return at
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4
}

function decodeValue(value: Buffer, type: number, codepage: string): string | Buffer {
  if (type === UNICODE) return decodeAs(value, 'utf-16le').replace(/\0+$/, '')
  if (type === STRING8) return decodeAs(value, canDecode(codepage) ? codepage : 'windows-1252').replace(/\0+$/, '')
  // An object begins with the id of its interface.
  return type === OBJECT ? value.subarray(16) : value
}
