import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines, openTestStore, type TestStore } from '../support/databases.ts'

describe.each(engines)('a parameter on %s', (engine) => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore(engine)
  })
  afterAll(async () => await store.close())

  it.each<[string, unknown]>([
    ['a Date', new Date(0)],
    ['a boolean', true],
    ['undefined', undefined],
    ['an object', { a: 1 }],
    ['a list', ['a']],
    ['a number that is none', Number.NaN],
  ])('is refused when it is %s', async (_, value) => {
    const query: RawBuilder<unknown> = sql`select name from counters where name = ${value}`
    await expect(query.execute(store.db)).rejects.toMatchObject({ code: 'parameter', temporary: false })
  })

  it('comes back as it was stored', async () => {
    const uid = 2 ** 32 - 1
    const place = { mailbox: 'Blåbærgrød 🫐', uid_validity: '4294967295', uid }
    const row = { ...place, mail_id: null, status: 'kept' as const, attempts: 0, last_error: null, taken_at: '' }
    await store.db
      .insertInto('ledger')
      .values({ ...row, acknowledged_at: null })
      .execute()
    expect(await store.db.selectFrom('ledger').selectAll().executeTakeFirst()).toMatchObject(row)
  })

  it('is text without NUL, which PostgreSQL cannot hold', async () => {
    await store.db.insertInto('counters').values({ name: 'be\0fore', value: 1 }).execute()
    const names = await store.db.selectFrom('counters').select('name').execute()
    expect(names).toEqual([{ name: 'be\uFFFDfore' }])
  })

  it('makes counts and sums that are numbers', async () => {
    const row = await store.db
      .selectFrom('ledger')
      .select((eb) => [eb.fn.countAll().as('rows'), eb.fn.sum('uid').as('sum')])
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ rows: 1, sum: 2 ** 32 - 1 })
  })
})
