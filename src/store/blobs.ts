import { createReadStream } from 'node:fs'
import { copyFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { PosthornError } from '../core/errors.ts'
import type { Content } from '../message/message.ts'
import { storeError } from './errors.ts'
import type { Db } from './schema.ts'

/**
 * Content by its SHA-256, kept once however often it arrives: small ones in the table `blobs`, large ones as files.
 * A file is on the disk before its row is written, so a crash leaves at most a file without a row.
 */
export interface BlobStore {
  /**
   * Keeps content under the SHA-256 (hex) of its `size` bytes. Content given as a path is taken over by renaming when it
   * is large; a small one's file stays where it is and is the caller's to remove. May be repeated.
   */
  put(tx: Db, sha256: string, size: number, content: Content): Promise<void>
  /** The bytes, or null where there is no such content. Throws 'blob-missing' where its file is gone. */
  get(db: Db, sha256: string): Promise<Uint8Array | null>
  /** Where the content is: bytes for a small one, the absolute path of a large one's file, which must not be changed. */
  find(db: Db, sha256: string): Promise<Content | null>
  /** The bytes as a stream, for contents that need not be whole in memory. */
  stream(db: Db, sha256: string): Promise<Readable | null>
}

/** The blob store with its files below `folder`; contents of `inline` bytes and more go to files. */
export function openBlobs(folder: string, inline: number): BlobStore {
  const find = async (db: Db, sha256: string): Promise<Content | null> => {
    const row = await db.selectFrom('blobs').selectAll().where('sha256', '=', sha256).executeTakeFirst()
    if (!row) return null
    if (row.content) return { bytes: row.content }
    if (row.file === null) throw missingError(sha256, 'its row')
    const path = join(folder, row.file)
    await checkSize(path, row.size, sha256)
    return { path }
  }
  return {
    find,
    put: async (tx, sha256, size, content) => {
      const file = size >= inline ? fileOf(sha256) : null
      if (file) await keepFile(join(folder, file), size, content)
      const bytes = file ? null : 'bytes' in content ? content.bytes : await readFile(content.path)
      await tx
        .insertInto('blobs')
        .values({ sha256, size, content: bytes, file })
        .onConflict((conflict) => conflict.column('sha256').doNothing())
        .execute()
    },
    get: async (db, sha256) => {
      const content = await find(db, sha256)
      return content && ('bytes' in content ? content.bytes : await readFile(content.path))
    },
    stream: async (db, sha256) => {
      const content = await find(db, sha256)
      return content && ('bytes' in content ? Readable.from([content.bytes]) : createReadStream(content.path))
    },
  }
}

/** 'ab/cdef…': a folder never holds more than a 256th of the files. */
function fileOf(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`not a SHA-256 in lower-case hex: ${sha256.slice(0, 80)}`)
  return `${sha256.slice(0, 2)}/${sha256.slice(2)}`
}

/** Makes the file at `target`, whole and on the disk, or not at all; a file of that size is taken to be it. */
async function keepFile(target: string, size: number, content: Content): Promise<void> {
  if ((await sizeOf(target)) === size) return
  const folder = dirname(target)
  const temporary = `${target}.${process.pid}-${fileCount++}.tmp`
  try {
    await mkdir(folder, { recursive: true })
    await stage(content, temporary)
    await flush(temporary)
    await rename(temporary, target)
    await flush(folder)
    await flush(dirname(folder))
  } catch (error) {
    await rm(temporary, { force: true })
    throw storeError(error, `writing ${target}`)
  }
}

let fileCount = 0

/** Brings content to `temporary`, by renaming where both are on one file system. */
async function stage(content: Content, temporary: string): Promise<void> {
  if ('bytes' in content) {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(content.bytes)
    } finally {
      await file.close()
    }
    return
  }
  try {
    await rename(content.path, temporary)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error
    await copyFile(content.path, temporary)
  }
}

/** Waits until a file or a folder's entries are on the disk. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw storeError(error, `looking at ${path}`)
  }
}

async function checkSize(path: string, size: number, sha256: string): Promise<void> {
  if ((await sizeOf(path)) !== size) throw missingError(sha256, path)
}

function missingError(sha256: string, where: string): PosthornError {
  return new PosthornError('blob-missing', `the content ${sha256} is not whole in ${where}`, {
    temporary: false,
    hint: 'Restore the blob folder from a backup.',
  })
}
