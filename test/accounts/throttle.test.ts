import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { knownBrowser, makeKnownBrowser } from '../../src/accounts/known-browser.ts'
import { signIn } from '../../src/accounts/sign-in.ts'
import { delayAfter, noteSuccess, takeTurn, takeTurnToAsk } from '../../src/accounts/throttle.ts'
import { haveAccount } from '../support/account-portal.ts'
import { type Accounts, AWAY, GOOD, HOME, openAccounts } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'

const KIM = 'kim@customer.test'
const MINUTE = 60_000

describe('the delay after failures', () => {
  it('V6.3.1: costs nothing at first, then doubles, up to a bound', () => {
    const brake = { free: 2, first: 1_000, most: 5_000 }
    expect([1, 2, 3, 4, 5, 6, 5_000].map((failures) => delayAfter(brake, failures))).toEqual([
      0, 0, 1_000, 2_000, 4_000, 5_000, 5_000,
    ])
  })
})

describe.each(engines)('guessing, on %s', (engine) => {
  let accounts: Accounts
  beforeAll(async () => {
    accounts = await openAccounts(engine)
    await haveAccount(accounts, KIM)
  })
  afterAll(async () => await accounts.close())

  const turn = async (address: string, network: string, browser: string | null = null) =>
    await accounts.store.transaction(
      async (tx) => await takeTurn(tx, accounts.ctx, { what: 'password', address, network, browser }),
    )
  const guess = async (network: string, password = 'wrong wrong wrong', browserToken: string | null = null) =>
    await signIn(accounts.ctx, { address: KIM, password, deviceToken: null, browserToken }, { device: 'x', network })
  const forget = () => accounts.world.pass(3 * 60 * MINUTE)

  it('V6.3.1: from one network is slowed after four tries, and more with each that follows', async () => {
    const waits: number[] = []
    for (let round = 0; round < 8; round += 1) {
      const { kind, ...rest } = await guess('192.0.2.7')
      expect(kind).toBe('wrong')
      const wait = 'wait' in rest ? rest.wait : 0
      waits.push(wait)
      accounts.world.pass(wait)
    }
    expect(waits).toEqual([0, 0, 0, 0, 2_000, 4_000, 8_000, 16_000])
  })

  it('V6.3.1: during the wait looks at no password, not even the right one', async () => {
    forget()
    for (let round = 0; round < 5; round += 1) await guess('192.0.2.8')
    expect((await guess('192.0.2.8', GOOD)).kind).toBe('wait')
    accounts.world.pass(2_000)
    expect((await guess('192.0.2.8', GOOD)).kind).toBe('in')
  })

  it('V6.3.1: many at the same moment are no more than a few one by one', async () => {
    forget()
    const kinds = await Promise.all(Array.from({ length: 40 }, async () => (await guess('192.0.2.9')).kind))
    expect(kinds.filter((kind) => kind === 'wrong').length).toBeLessThanOrEqual(5)
  })

  it('V6.3.1: at many accounts from one network, and from as many networks as one customer has, is slowed', async () => {
    forget()
    const tried = async (count: number, network: (n: number) => string) => {
      let looked = 0
      for (let n = 0; n < count; n += 1)
        if ((await turn(`somebody${n}@customer.test`, network(n))).wait === 0) looked += 1
      return looked
    }
    expect(await tried(60, () => '198.51.100.1')).toBe(41)
    expect(await tried(230, (n) => `2001:db8:7:${n.toString(16)}::/64`)).toBe(201)
  })

  it('V6.3.1: from thousands of networks at one account slows strangers, and never the browser of its owner', async () => {
    forget()
    const token = makeKnownBrowser(accounts.world, accounts.ctx.policy.secrets, KIM)
    let looked = 0
    for (let n = 0; n < 200; n += 1) if ((await guess(`203.0.113.${n}`)).kind === 'wrong') looked += 1
    expect(looked).toBe(21)
    expect((await guess('192.0.2.44', GOOD)).kind).toBe('wait')
    expect((await guess('192.0.2.44', GOOD, token)).kind).toBe('in')
    // Nor what others try from the owner's own network.
    for (let n = 0; n < 50; n += 1) await guess('192.0.2.44')
    expect((await guess('192.0.2.44', GOOD, token)).kind).toBe('in')
    // Strangers wait for a minute at the most.
    accounts.world.pass(MINUTE)
    expect((await guess('192.0.2.45', GOOD)).kind).toBe('in')
  })

  it('V6.3.1: with a browser that was stolen from its owner is slowed, too', async () => {
    forget()
    const token = makeKnownBrowser(accounts.world, accounts.ctx.policy.secrets, KIM)
    const kinds: string[] = []
    for (let n = 0; n < 30; n += 1) kinds.push((await guess(`203.0.113.${n}`, 'wrong wrong wrong', token)).kind)
    expect(kinds.filter((kind) => kind === 'wrong').length).toBe(9)
  })

  it('V6.3.1: is not made cheaper by signing in to an account of one’s own in between', async () => {
    forget()
    const network = '198.51.100.9'
    for (let n = 0; n < 41; n += 1) await turn(`victim${n}@customer.test`, network)
    accounts.world.pass(5_000)
    const own = { what: 'password', address: 'own@customer.test', network }
    expect((await turn(own.address, network)).wait).toBe(0)
    await accounts.store.transaction(async (tx) => await noteSuccess(tx, own))
    expect((await turn('victim@customer.test', network)).wait).toBeGreaterThan(0)
  })

  it('V2.4.1: asking for mails is slowed by network, more without work, and by person', async () => {
    const asked = async (network: string, effort: 'proof' | 'question', personId?: string) => {
      let granted = 0
      for (let n = 0; n < 100; n += 1) {
        const who = { network, effort, ...(personId ? { personId } : {}) }
        const { wait } = await accounts.store.transaction(async (tx) => await takeTurnToAsk(tx, accounts.ctx, who))
        if (wait === 0) granted += 1
      }
      return granted
    }
    expect(await asked('192.0.2.70', 'proof')).toBe(61)
    expect(await asked('192.0.2.71', 'question')).toBe(7)
    expect(await asked('192.0.2.72', 'proof', 'somebody')).toBe(6)
    expect(await asked('192.0.2.73', 'proof')).toBe(61)
  })

  it('forgets after two hours', async () => {
    for (let round = 0; round < 5; round += 1) await guess(AWAY.network)
    accounts.world.pass(2 * 60 * MINUTE)
    expect(await guess(AWAY.network)).toMatchObject({ kind: 'wrong', wait: 0 })
    expect((await guess(HOME.network, GOOD)).kind).toBe('in')
  })
})

describe('the token of a known browser', () => {
  const secrets = ['a secret of at least thirty-two characters', 'an older secret of thirty-two characters'] as const
  const world = { secret: (bytes: number) => Buffer.alloc(bytes, 3) }

  it('V6.3.1: counts for the address that signed in with it, and cannot be made without the secret', () => {
    const token = makeKnownBrowser(world, secrets, 'Kim@customer.test')
    expect(knownBrowser(secrets, KIM, token)).toBe(token.split('.')[0])
    expect(knownBrowser(secrets, 'pat@customer.test', token)).toBeNull()
    expect(knownBrowser(secrets, KIM, makeKnownBrowser(world, ['another installation’s secret'], KIM))).toBeNull()
    for (const forged of [null, '', KIM, `${token}x`, token.replace('.', ''), `B${token.slice(1)}`])
      expect(knownBrowser(secrets, KIM, forged)).toBeNull()
  })

  it('still counts after the secret was changed', () => {
    expect(knownBrowser(secrets, KIM, makeKnownBrowser(world, [secrets[1]], KIM))).not.toBeNull()
  })
})
