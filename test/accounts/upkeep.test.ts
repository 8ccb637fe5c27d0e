import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeEffort, makeTask } from '../../src/accounts/effort.ts'
import { signIn } from '../../src/accounts/sign-in.ts'
import { askWayBack } from '../../src/accounts/sign-up.ts'
import { sweepAccounts } from '../../src/accounts/upkeep.ts'
import { haveAccount } from '../support/account-portal.ts'
import { type Accounts, AWAY, HOME, openAccounts } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'

const KIM = 'kim@customer.test'
const DAY = 86_400_000
const TABLES = ['throttles', 'challenges', 'sessions', 'account_links'] as const

describe.each(engines)('upkeep of accounts, on %s', (engine) => {
  let accounts: Accounts
  beforeAll(async () => {
    accounts = await openAccounts(engine)
  })
  afterAll(async () => await accounts.close())

  const counts = async () =>
    await Promise.all(
      TABLES.map(async (table) => (await accounts.store.db.selectFrom(table).selectAll().execute()).length),
    )

  it('V2.4.1: keeps what still counts, and nothing of it for ever', async () => {
    await haveAccount(accounts, KIM)
    await askWayBack(accounts.ctx, { address: KIM, way: 'reset', language: 'da' }, AWAY)
    const { question, sum } = await makeTask(accounts.ctx)
    await judgeEffort(accounts.ctx, { proof: '', question, answer: String(sum[0] + sum[1]) })
    const wish = { address: 'nobody@customer.test', password: 'wrong', deviceToken: null, browserToken: null }
    await signIn(accounts.ctx, wish, HOME)
    const all = await counts()
    expect(all).toEqual([3, 1, 1, 2])
    await sweepAccounts(accounts.ctx)
    expect(await counts()).toEqual(all)
    accounts.world.pass(8 * DAY)
    await sweepAccounts(accounts.ctx)
    expect(await counts()).toEqual([0, 0, 0, 2])
    accounts.world.pass(90 * DAY)
    await sweepAccounts(accounts.ctx)
    expect(await counts()).toEqual([0, 0, 0, 0])
  })
})
