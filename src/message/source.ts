import { createReadStream } from 'node:fs'
import { releaseBuffers } from '../core/release-buffers.ts'

/** Bytes that are read of a file at once. */
const PIECE = 256 * 1024

/** A raw mail: its bytes, or the file that holds them. */
export type MailSource = Uint8Array | { bytes: Uint8Array } | { path: string }

/** The mail's bytes in pieces; those of a file are at most 256 KB long. */
export async function* chunksOf(source: MailSource): AsyncGenerator<Buffer> {
  const bytes = bytesOf(source)
  if (bytes) yield asBuffer(bytes)
  else if ('path' in source) yield* piecesOf(source.path)
}

/** After so many bytes of a long mail, what its pieces took up is given back. */
const RELEASE = 8 * 1024 * 1024

async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  let size = 0
  for await (const piece of createReadStream(path, { highWaterMark: PIECE })) {
    yield piece as Buffer
    size += PIECE
    if (size % RELEASE === 0) releaseBuffers()
  }
}

/** The bytes of a mail that is in memory; null where it is a file. */
export function bytesOf(source: MailSource): Uint8Array | null {
  if (source instanceof Uint8Array) return source
  return 'bytes' in source ? source.bytes : null
}

/** The same bytes as a Buffer, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
