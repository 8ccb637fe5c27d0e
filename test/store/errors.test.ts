import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeError } from '../../src/core/errors.ts'
import { quietLog } from '../../src/core/log.ts'
import { isUniqueViolation, storeError } from '../../src/store/errors.ts'
import { openStore } from '../../src/store/open.ts'
import { engines, openTestStore, type TestStore } from '../support/databases.ts'

describe.each(engines)('an error on %s', (engine) => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore(engine)
  })
  afterAll(async () => await store.close())

  it('is unique where a key is taken, and is not helped by trying again', async () => {
    const insert = async () => await store.db.insertInto('counters').values({ name: 'taken', value: 1 }).execute()
    await insert()
    await expect(insert()).rejects.toMatchObject({ code: 'unique', temporary: false })
    await expect(insert()).rejects.toSatisfy(isUniqueViolation)
  })

  it('is a constraint where a row refers to nothing or lacks a value', async () => {
    const dangling = { case_id: 'none', person_id: 'none', created_at: '' }
    const lacking = sql`insert into counters (name) values ('without a value')`
    await expect(store.db.insertInto('participants').values(dangling).execute()).rejects.toMatchObject({
      code: 'constraint',
    })
    await expect(lacking.execute(store.db)).rejects.toMatchObject({ code: 'constraint', temporary: false })
  })

  it('tells to migrate where a table or column is missing', async () => {
    for (const query of [sql`select 1 from nowhere`, sql`select missing from counters`]) {
      const error = await query.execute(store.db).catch((it: unknown) => it)
      expect(error).toMatchObject({ code: 'schema', temporary: false })
      expect(describeError(error)).toContain('posthorn migrate')
    }
  })

  it('names the statement, never its values', async () => {
    const error = await sql`select ${'a private value'} from nowhere`.execute(store.db).catch((it: unknown) => it)
    expect(describeError(error)).toContain('from nowhere')
    expect(describeError(error)).not.toContain('a private value')
  })
})

describe('a full disk', () => {
  it('is told by SQLite, leaves nothing half done, and goes away with more room', async () => {
    const store = await openTestStore('sqlite')
    await sql`pragma max_page_count = 1`.execute(store.db)
    const fill = async () =>
      await store.transaction(async (tx) => {
        await tx.insertInto('counters').values({ name: 'half', value: 1 }).execute()
        await tx
          .insertInto('counters')
          .values({ name: 'x'.repeat(200_000), value: 1 })
          .execute()
      })
    await expect(fill()).rejects.toMatchObject({ code: 'disk-full', temporary: true })
    expect(await store.db.selectFrom('counters').selectAll().execute()).toEqual([])
    await sql`pragma max_page_count = 100000`.execute(store.db)
    await fill()
    expect(await store.db.selectFrom('counters').select('value').execute()).toHaveLength(2)
    await store.close()
  })

  it.runIf(engines.includes('postgres'))('is told by PostgreSQL', async () => {
    const store = await openTestStore('postgres')
    const full = sql`do $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`
    await expect(full.execute(store.db)).rejects.toMatchObject({ code: 'disk-full', temporary: true })
    await store.close()
  })

  it('is told by the file system', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    expect(storeError(error, 'writing a blob')).toMatchObject({ code: 'disk-full', temporary: true })
  })
})

describe('a database that cannot be reached', () => {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-unreachable-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const query = async (config: Parameters<typeof openStore>[0]) => {
    const store = await openStore(config, folder, quietLog)
    try {
      return await store.db.selectFrom('counters').selectAll().execute()
    } finally {
      await store.close()
    }
  }

  it('is a connection that may come back, on PostgreSQL', async () => {
    const config = { engine: 'postgres', url: `postgres://posthorn@/posthorn?host=${folder}` } as const
    await expect(query(config)).rejects.toMatchObject({ code: 'connection', temporary: true })
  })

  it('is corrupt where the file is something else, on SQLite', async () => {
    const path = join(folder, 'letter.txt')
    writeFileSync(path, 'Dear Sir or Madam, '.repeat(100))
    await expect(query({ engine: 'sqlite', path })).rejects.toMatchObject({ code: 'corrupt', temporary: false })
  })

  it.skipIf(process.getuid?.() === 0)('says whose folder it is, on SQLite', async () => {
    chmodSync(folder, 0o500)
    await expect(query({ engine: 'sqlite', path: join(folder, 'new.db') })).rejects.toMatchObject({
      code: 'connection',
    })
    chmodSync(folder, 0o700)
  })
})

it.runIf(engines.includes('postgres'))('a connection that PostgreSQL ends is replaced by a new one', async () => {
  const store = await openTestStore('postgres')
  const lost = store.transaction(async (tx) => {
    await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx)
  })
  await expect(lost).rejects.toMatchObject({ code: 'connection', temporary: true })
  expect(await store.db.selectFrom('counters').selectAll().execute()).toEqual([])
  await store.close()
})
