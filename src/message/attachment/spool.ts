import { createHash, randomUUID } from 'node:crypto'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Content } from '../message.ts'

export interface SpoolOptions {
  /** Bytes of one attachment that stay in memory. */
  inlineLimit: number
  /** Where larger ones go; without it they stay in memory. */
  spoolFolder?: string
  /** How the names of its files begin. */
  spoolPrefix?: string
  /** drop: only size and SHA-256 are wanted. */
  content: 'keep' | 'drop'
}

/** Takes the decoded bytes of one attachment piece by piece: hashes them, keeps small ones in memory, writes large ones to a file. */
export interface Spool {
  write(bytes: Uint8Array): void
  end(): { size: number; sha256: string; content?: Content }
  /** Gives up: closes and removes the file. */
  discard(): void
}

export function openSpool(options: SpoolOptions): Spool {
  const hash = createHash('sha256')
  let chunks: Uint8Array[] = []
  let size = 0
  let file: { fd: number; path: string } | null = null
  const toFile = (folder: string) => {
    const path = join(folder, `${options.spoolPrefix ?? ''}${randomUUID()}.part`)
    const fd = openSync(path, 'wx', 0o600)
    for (const chunk of chunks) writeSync(fd, chunk)
    chunks = []
    return { fd, path }
  }
  return {
    write: (bytes) => {
      hash.update(bytes)
      size += bytes.length
      if (options.content === 'drop') return
      if (!file && size > options.inlineLimit && options.spoolFolder !== undefined) file = toFile(options.spoolFolder)
      if (file) writeSync(file.fd, bytes)
      else chunks.push(ownBytes(bytes))
    },
    end: () => {
      if (file) closeSync(file.fd)
      const sha256 = hash.digest('hex')
      if (options.content === 'drop') return { size, sha256 }
      return {
        size,
        sha256,
        content: file
          ? { path: file.path }
          : { bytes: chunks.length === 1 && chunks[0] ? chunks[0] : joinChunks(chunks, size) },
      }
    },
    discard: () => {
      if (!file) return
      closeSync(file.fd)
      rmSync(file.path, { force: true })
    },
  }
}

/** A copy where others share the buffer: a view would keep the whole mail alive. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.prototype.slice.call(bytes)
}

function joinChunks(chunks: Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
