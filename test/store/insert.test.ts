import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertRows } from '../../src/store/insert.ts'
import { engines, openTestStore, type TestStore } from '../support/databases.ts'

describe.each(engines)('rows inserted on %s', (engine) => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore(engine)
  })
  afterAll(async () => await store.close())

  it('carry their own values, also when the same shape was inserted before', async () => {
    await insertRows(store.db, 'counters', [{ name: 'a', value: 1 }])
    await insertRows(store.db, 'counters', [{ name: 'b', value: 2 }])
    await insertRows(store.db, 'counters', [
      { value: 3, name: 'c' },
      { value: 4, name: 'd' },
    ])
    expect(await store.db.selectFrom('counters').selectAll().orderBy('name').execute()).toEqual([
      { name: 'a', value: 1 },
      { name: 'b', value: 2 },
      { name: 'c', value: 3 },
      { name: 'd', value: 4 },
    ])
  })

  it('need a value or null in each column', async () => {
    const row = { name: 'e', value: undefined } as unknown as { name: string; value: number }
    await expect(insertRows(store.db, 'counters', [row])).rejects.toThrow(/undefined/)
  })
})
