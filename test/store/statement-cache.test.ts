import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StatementCache } from '../../src/store/statement-cache.ts'
import { engines, openTestStore, type TestStore } from '../support/databases.ts'

describe('a statement cache', () => {
  it('makes a statement once, and drops the one that was used longest ago', () => {
    const cache = new StatementCache<string>(2)
    const made: string[] = []
    const get = (text: string) =>
      cache.get(text, (it) => {
        made.push(it)
        return it.toUpperCase()
      })
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) expect(get(text)).toBe(text.toUpperCase())
    expect(made).toEqual(['a', 'b', 'c', 'b'])
    expect(cache.size).toBe(2)
  })
})

describe.each(engines)('a statement on %s', (engine) => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore(engine)
  })
  afterAll(async () => await store.close())

  it('gives its own answer each time it is run', async () => {
    for (const name of ['a', 'b', 'c']) await store.db.insertInto('counters').values({ name, value: 1 }).execute()
    for (const name of ['c', 'a', 'b']) {
      const rows = await store.db.selectFrom('counters').selectAll().where('name', '=', name).execute()
      expect(rows).toEqual([{ name, value: 1 }])
    }
  })

  it('can be run again after it failed', async () => {
    const insert = async (name: string) => await store.db.insertInto('counters').values({ name, value: 1 }).execute()
    await insert('once')
    await expect(insert('once')).rejects.toMatchObject({ code: 'unique' })
    await insert('twice')
  })

  it('sees a column that was added since', async () => {
    const all = async () => await store.db.selectFrom('counters').selectAll().execute()
    for (let i = 0; i < 3; i += 1) await all()
    await sql`alter table counters add column note text`.execute(store.db)
    // PostgreSQL refuses the old plan once and the connection is given up; the next one prepares anew.
    const rows = await all().catch(async (error: unknown) => {
      expect(error).toMatchObject({ code: 'schema', temporary: true })
      return await all()
    })
    expect(rows[0]).toHaveProperty('note')
  })
})

it.runIf(engines.includes('postgres'))('PostgreSQL keeps prepared what is used twice, and never too much', async () => {
  const store = await openTestStore('postgres')
  // In a transaction, so that all of it meets one connection.
  await store.transaction(async (tx) => {
    const prepared = async () =>
      (await sql<{ count: number }>`select count(*) as count from pg_prepared_statements`.execute(tx)).rows[0]?.count
    for (let i = 0; i < 3; i += 1) await prepared()
    const before = Number(await prepared())
    await sql`select 'once'`.execute(tx)
    expect(await prepared()).toBe(before)
    for (let twice = 0; twice < 2; twice += 1) await sql`select 'twice'`.execute(tx)
    expect(await prepared()).toBe(before + 1)
    for (let i = 0; i < 600; i += 1) for (let twice = 0; twice < 2; twice += 1) await sql.raw(`select ${i}`).execute(tx)
    expect(await prepared()).toBe(500)
  })
  await store.close()
})
