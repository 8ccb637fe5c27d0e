import { expect, it } from 'vitest'
import { listLearned, writeLearned } from '../../src/store/mailbox-trust.ts'
import { engines, openTestStore } from '../support/databases.ts'

it.each(engines)('what was learned about a server is kept once, the latest, on %s', async (engine) => {
  const store = await openTestStore(engine)
  const first = { mailbox: 'support', authservId: null, methods: [], plusAddress: false }
  const second = { mailbox: 'support', authservId: 'mx.acme.test', methods: ['dkim', 'spf'], plusAddress: true }
  await writeLearned(store.db, first, 0)
  expect(await listLearned(store.db)).toEqual([{ ...first, calibratedAt: '1970-01-01T00:00:00.000Z' }])
  await writeLearned(store.db, second, 1000)
  expect(await listLearned(store.db)).toEqual([{ ...second, calibratedAt: '1970-01-01T00:00:01.000Z' }])
  await store.close()
})
