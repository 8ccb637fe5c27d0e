import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines, openTestStore, type TestStore } from '../support/databases.ts'

const INLINE = 1_000

describe.each(engines)('content on %s', (engine) => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore(engine, { blobInline: INLINE })
  })
  afterAll(async () => await store.close())

  const put = async (bytes: Uint8Array, path?: string) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const content = path ? { path } : { bytes }
    await store.transaction(async (tx) => await store.blobs.put(tx, sha256, bytes.length, content))
    return sha256
  }
  const fileOf = (sha256: string) => join(store.dataFolder, 'blobs', sha256.slice(0, 2), sha256.slice(2))
  const temporaryFile = (bytes: Uint8Array) => {
    const path = join(store.dataFolder, 'incoming')
    writeFileSync(path, bytes)
    return path
  }

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['something small', Buffer.from([0, 1, 2, 254, 255])],
    ['just below the limit', Buffer.alloc(INLINE - 1, 'a')],
    ['at the limit', Buffer.alloc(INLINE, 'b')],
    ['something large', Buffer.alloc(300_000, 'c')],
  ])('comes back byte for byte: %s', async (_, bytes) => {
    const sha256 = await put(bytes)
    expect(existsSync(fileOf(sha256))).toBe(bytes.length >= INLINE)
    expect(Buffer.from((await store.blobs.get(store.db, sha256)) ?? 'gone').equals(bytes)).toBe(true)
    const stream = await store.blobs.stream(store.db, sha256)
    expect(stream && (await buffer(stream)).equals(bytes)).toBe(true)
  })

  it('is null where there is none', async () => {
    expect(await store.blobs.get(store.db, '0'.repeat(64))).toBeNull()
    expect(await store.blobs.find(store.db, '0'.repeat(64))).toBeNull()
    expect(await store.blobs.stream(store.db, '0'.repeat(64))).toBeNull()
  })

  it('is kept once, however often it arrives', async () => {
    const large = Buffer.alloc(5_000, 'd')
    const sha256 = await put(large)
    await put(large)
    await put(Buffer.from('small'))
    const small = await put(Buffer.from('small'))
    const rows = await store.db.selectFrom('blobs').select('sha256').where('sha256', 'in', [sha256, small]).execute()
    expect(rows).toHaveLength(2)
  })

  it('is taken over from a temporary file when it is large, and read from it when it is small', async () => {
    const large = Buffer.alloc(5_000, 'e')
    const path = temporaryFile(large)
    const sha256 = await put(large, path)
    expect(existsSync(path)).toBe(false)
    expect(readFileSync(fileOf(sha256)).equals(large)).toBe(true)

    const small = Buffer.from('small, from a file')
    const kept = await put(small, temporaryFile(small))
    expect(Buffer.from((await store.blobs.get(store.db, kept)) ?? '').equals(small)).toBe(true)
  })

  it('may be put again after its transaction was rolled back, though its temporary file is gone', async () => {
    const bytes = Buffer.alloc(5_000, 'f')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const path = temporaryFile(bytes)
    const work = store.transaction(async (tx) => {
      await store.blobs.put(tx, sha256, bytes.length, { path })
      throw new Error('rolled back')
    })
    await expect(work).rejects.toThrow('rolled back')
    expect(await store.blobs.get(store.db, sha256)).toBeNull()
    await put(bytes, path)
    expect(await store.blobs.find(store.db, sha256)).toEqual({ path: fileOf(sha256) })
  })

  it('replaces a file that is not whole, and leaves no temporary files', async () => {
    const bytes = Buffer.alloc(5_000, 'g')
    const sha256 = await put(bytes)
    writeFileSync(fileOf(sha256), 'half')
    await expect(store.blobs.get(store.db, sha256)).rejects.toMatchObject({ code: 'blob-missing', temporary: false })
    await put(bytes)
    expect(readFileSync(fileOf(sha256)).equals(bytes)).toBe(true)
    const names = readdirSync(join(store.dataFolder, 'blobs'), { recursive: true, encoding: 'utf8' })
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('says so when its file is gone', async () => {
    const sha256 = await put(Buffer.alloc(5_000, 'h'))
    rmSync(fileOf(sha256))
    await expect(store.blobs.get(store.db, sha256)).rejects.toMatchObject({ code: 'blob-missing' })
  })
})
