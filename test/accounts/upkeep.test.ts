import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeEffort, makeTask } from '../../src/accounts/effort.ts'
import { signIn } from '../../src/accounts/sign-in.ts'
import { askWayBack } from '../../src/accounts/sign-up.ts'
import { sweepAccounts } from '../../src/accounts/upkeep.ts'
import { isoTime } from '../../src/core/world.ts'
import { insertKnownDevice } from '../../src/store/accounts/sessions.ts'
import { findPersonByAddress } from '../../src/store/people.ts'
import { haveAccount } from '../support/account-portal.ts'
import { type Accounts, AWAY, HOME, openAccounts } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'

const KIM = 'kim@customer.test'
const DAY = 86_400_000
const TABLES = ['throttles', 'challenges', 'sessions', 'known_devices', 'account_links'] as const

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

  /** Of a person, or of nobody. */
  const linesOf = async (who: 'somebody' | null) => {
    const rows = await accounts.store.db.selectFrom('security_log').select('person_id').execute()
    return rows.filter(({ person_id }) => (person_id === null) === (who === null)).length
  }
  const rememberDevice = async () => {
    const person = await findPersonByAddress(accounts.store.db, KIM)
    const now = accounts.world.now()
    await insertKnownDevice(accounts.store.db, {
      token_hash: 'a hash',
      person_id: person?.id ?? '',
      device: 'Firefox, Linux',
      created_at: isoTime(now),
      expires_at: isoTime(now + 30 * DAY),
    })
  }

  it('V2.4.1: keeps what still counts, and nothing of it for ever', async () => {
    await haveAccount(accounts, KIM)
    await askWayBack(accounts.ctx, { address: KIM, way: 'reset', language: 'da' }, AWAY)
    const { question, sum } = await makeTask(accounts.ctx)
    await judgeEffort(accounts.ctx, { proof: '', question, answer: String(sum[0] + sum[1]) })
    const wish = { address: 'nobody@customer.test', password: 'wrong', deviceToken: null, browserToken: null }
    await signIn(accounts.ctx, wish, HOME)
    await rememberDevice()
    const all = await counts()
    expect(all).toEqual([3, 1, 1, 1, 2])
    expect(await linesOf(null)).toBe(1)
    await sweepAccounts(accounts.ctx)
    expect(await counts()).toEqual(all)
    accounts.world.pass(8 * DAY)
    await sweepAccounts(accounts.ctx)
    expect(await counts()).toEqual([0, 0, 0, 1, 2])
    const own = await linesOf('somebody')
    accounts.world.pass(90 * DAY)
    await sweepAccounts(accounts.ctx)
    expect(await counts()).toEqual([0, 0, 0, 0, 0])
    expect([await linesOf(null), await linesOf('somebody')]).toEqual([0, own])
  })
})
