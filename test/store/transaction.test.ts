import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quietLog } from '../../src/core/log.ts'
import { isUniqueViolation } from '../../src/store/errors.ts'
import { openStore } from '../../src/store/open.ts'
import { engines, openTestStore, type TestStore } from '../support/databases.ts'

describe.each(engines)('a transaction on %s', (engine) => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore(engine)
  })
  afterAll(async () => await store.close())

  const counter = async (name: string) =>
    (await store.db.selectFrom('counters').select('value').where('name', '=', name).executeTakeFirst())?.value

  it('keeps all of its work', async () => {
    const given = await store.transaction(async (tx) => {
      await tx.insertInto('counters').values({ name: 'kept', value: 1 }).execute()
      await tx.updateTable('counters').set({ value: 2 }).where('name', '=', 'kept').execute()
      return 'done'
    })
    expect(given).toBe('done')
    expect(await counter('kept')).toBe(2)
  })

  it('leaves nothing behind when its work throws', async () => {
    const work = store.transaction(async (tx) => {
      await tx.insertInto('counters').values({ name: 'gone', value: 1 }).execute()
      throw new Error('half way')
    })
    await expect(work).rejects.toThrow('half way')
    expect(await counter('gone')).toBeUndefined()
  })

  it('is over once a statement failed, even when its work goes on', async () => {
    const work = store.transaction(async (tx) => {
      await tx.insertInto('counters').values({ name: 'first', value: 1 }).execute()
      const again = tx.insertInto('counters').values({ name: 'first', value: 1 }).execute()
      await expect(again).rejects.toSatisfy(isUniqueViolation)
    })
    await expect(work).rejects.toMatchObject({ code: 'aborted' })
    expect(await counter('first')).toBeUndefined()
  })

  it('refuses a query past it, which would wait for itself or see other data', async () => {
    const work = store.transaction(async () => await counter('kept'))
    await expect(work).rejects.toThrow('inside a transaction')
    await expect(store.transaction(async () => await store.transaction(async () => 1))).rejects.toThrow('inside a')
    expect(await counter('kept')).toBe(2)
  })

  it('loses no update to another transaction', async () => {
    await store.db.insertInto('counters').values({ name: 'shared', value: 0 }).execute()
    const addOne = async () =>
      await store.transaction(
        async (tx) =>
          await tx
            .updateTable('counters')
            .set((eb) => ({ value: eb('value', '+', 1) }))
            .where('name', '=', 'shared')
            .execute(),
      )
    await Promise.all(Array.from({ length: 20 }, addOne))
    expect(await counter('shared')).toBe(20)
  })

  it('is begun again when it collides with another one', async () => {
    await store.db
      .insertInto('counters')
      .values([
        { name: 'left', value: 0 },
        { name: 'right', value: 0 },
      ])
      .execute()
    let [begun, holding] = [0, 0]
    const meet = Promise.withResolvers<void>()
    const [left, right] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const cross = async (first: string, second: string, [own, other]: PromiseWithResolvers<void>[]) => {
      let attempts = 0
      await store.transaction(async (tx) => {
        begun += 1
        attempts += 1
        // Whoever gave way lets the other one finish, which may not have noticed yet that it can: else they meet once more.
        if (attempts > 1) await other?.promise
        await tx.updateTable('counters').set({ value: 1 }).where('name', '=', first).execute()
        holding += 1
        if (holding === 2 || !store.engine.concurrent) meet.resolve()
        await meet.promise
        await tx.updateTable('counters').set({ value: 1 }).where('name', '=', second).execute()
      })
      own?.resolve()
    }
    await Promise.all([cross('left', 'right', [left, right]), cross('right', 'left', [right, left])])
    expect(begun).toBe(store.engine.concurrent ? 3 : 2)
    expect([await counter('left'), await counter('right')]).toEqual([1, 1])
  })

  it('waits for another program without holding up its own', async () => {
    const other = await openStore(store.config, store.dataFolder, quietLog)
    const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holder = other.transaction(async (tx) => {
      await tx.insertInto('counters').values({ name: 'held', value: 1 }).execute()
      held.resolve()
      await release.promise
    })
    await held.promise
    const waiting = [
      store.transaction(async (tx) => await tx.deleteFrom('counters').where('name', '=', 'held').execute()),
      store.db.insertInto('counters').values({ name: 'waited', value: 1 }).execute(),
    ]
    // A timer of this program still runs while both wait.
    await wait(20)
    release.resolve()
    await Promise.all([holder, ...waiting])
    expect(await counter('waited')).toBe(1)
    await other.close()
  })
})
