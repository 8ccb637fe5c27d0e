import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTask } from '../../src/accounts/effort.ts'
import { makeHasher } from '../../src/accounts/hasher.ts'
import { type AccountPortal, type Client, formsIn, haveAccount, openAccountPortal } from '../support/account-portal.ts'
import { type Accounts, openAccounts } from '../support/accounts.ts'

const TRIES = 2_000
const HALF = TRIES / 2
/** Tries that are not counted: what is measured is not the compiler. */
const WARM_UP = 100
/** How far the share may be from a half: by chance alone it is within 0.05 in 99.98 of 100 runs. */
const CLOSE = 0.05
/** Chance may be against it once. */
const ONCE_MORE = { timeout: 90_000, retry: 1 }

/**
 * The share of pairs in which a known address took longer than an unknown one (the Mann-Whitney statistic over their
 * number): a half where nobody can tell them apart by time, 0 or 1 where everybody can.
 */
function share(known: number[], unknown: number[]): number {
  const all = [...known.map((ms) => ({ ms, known: true })), ...unknown.map((ms) => ({ ms, known: false }))]
  all.sort((a, b) => a.ms - b.ms)
  const ranks = all.reduce((sum, it, n) => sum + (it.known ? n + 1 : 0), 0)
  return (ranks - (known.length * (known.length + 1)) / 2) / (known.length * unknown.length)
}

/** On SQLite, which answers at once: on a server the network's noise would hide more than it shows. */
describe('who has an account', () => {
  let accounts: Accounts
  let portal: AccountPortal
  beforeAll(async () => {
    const opened = await openAccounts('sqlite')
    // A disk takes its time for known and unknown addresses alike, and it is most of the time.
    await sql`pragma synchronous = off`.execute(opened.store.db)
    // A hundredth of the real work, and still most of what an answer takes.
    const hasher = makeHasher({ memory: 1_024, passes: 1, atOnce: 2, waiting: 100 })
    accounts = { ...opened, ctx: { ...opened.ctx, hasher } }
    for (const n of PEOPLE) await haveAccount(accounts, `known${n}@customer.test`)
    portal = await openAccountPortal(accounts)
  })
  afterAll(async () => {
    await portal.close()
    await accounts.close()
  })
  const PEOPLE = Array.from({ length: 20 }, (_, n) => n)

  /** Asks for known and unknown addresses in turns that nobody can foresee, each from a network of its own. */
  const measure = async (ask: (address: string, headers: Record<string, string>) => Promise<number>) => {
    const times = { known: [] as number[], unknown: [] as number[] }
    for (let n = 0; n < TRIES + WARM_UP; n += 1) {
      // Every half minute, so that nobody has to wait and nothing is over.
      accounts.world.pass(31_000)
      const isKnown =
        times.known.length < HALF && (times.unknown.length >= HALF || accounts.world.secret(1).readUInt8() < 128)
      const address = `${isKnown ? 'known' : 'other'}${n % PEOPLE.length}@customer.test`
      const took = await ask(address, { 'x-forwarded-for': `10.${n >> 8}.${n & 255}.1` })
      if (n >= WARM_UP) times[isKnown ? 'known' : 'unknown'].push(took)
    }
    return share(times.known, times.unknown)
  }
  const timed = async (work: () => Promise<unknown>) => {
    const before = performance.now()
    await work()
    return performance.now() - before
  }

  const csrfOf = async (client: Client) => formsIn((await client.get('/sign-up')).text, '')[0]?.fields.csrf ?? ''

  it('V6.3.8: is not to be seen by the time that a wrong password takes', ONCE_MORE, async () => {
    const client = portal.client()
    const own = { csrf: await csrfOf(client), password: 'wrong wrong wrong' }
    const found = await measure(
      async (address, headers) =>
        await timed(async () => {
          expect((await client.post('/sign-in/password', { ...own, address }, headers)).status).toBe(422)
        }),
    )
    expect(Math.abs(found - 0.5)).toBeLessThan(CLOSE)
  })

  it.each(['/sign-up', '/forgotten'])(
    'V6.3.8: is not to be seen by the time that %s takes',
    ONCE_MORE,
    async (path) => {
      const client = portal.client()
      const own = { csrf: await csrfOf(client), ...(path === '/sign-up' ? { name: 'Kim' } : { way: 'reset' }) }
      const found = await measure(async (address, headers) => {
        const { question, sum } = await makeTask(accounts.ctx)
        const fields = { ...own, address, question, answer: String(sum[0] + sum[1]) }
        return await timed(async () => expect((await client.post(path, fields, headers)).to).toBe('/check-email'))
      })
      expect(Math.abs(found - 0.5)).toBeLessThan(CLOSE)
    },
  )
})

describe('the measure', () => {
  it('is a half where nothing differs, and tells where something does', () => {
    const noise = (shift: number) => Array.from({ length: HALF }, (_, n) => ((n * 7_919) % 1_000) / 1_000 + shift)
    expect(share(noise(0), noise(0))).toBeCloseTo(0.5, 1)
    expect(share(noise(0.2), noise(0))).toBeGreaterThan(0.6)
    expect(share(noise(2), noise(0))).toBe(1)
  })
})
