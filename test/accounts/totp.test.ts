import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { turnOffFactor, turnOnFactor } from '../../src/accounts/factors.ts'
import { seal } from '../../src/accounts/seal.ts'
import type { Session } from '../../src/accounts/sessions.ts'
import { checkTotp, pendingTotp } from '../../src/accounts/totp.ts'
import { writeFactor } from '../../src/store/accounts/factors.ts'
import { type Accounts, HOME, openAccounts } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'
import { openSession, scan, turnOnApp } from '../support/factors.ts'

const STEP = 30_000
/** RFC 6238, appendix B: the key '12345678901234567890' in base32, and the last six digits of its SHA-1 codes. */
const RFC_KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const RFC_CODES = [
  ['1970-01-01T00:00:59.000Z', '287082'],
  ['2005-03-18T01:58:29.000Z', '081804'],
  ['2005-03-18T01:58:31.000Z', '050471'],
  ['2009-02-13T23:31:30.000Z', '005924'],
  ['2033-05-18T03:33:20.000Z', '279037'],
  ['2603-10-11T11:33:20.000Z', '353130'],
] as const

describe.each(engines)('a code app, on %s', (engine) => {
  let accounts: Accounts
  let session: Session
  let people = 0
  beforeAll(async () => {
    accounts = await openAccounts(engine)
  })
  beforeEach(async () => {
    people += 1
    session = await openSession(accounts, `kim${people}@customer.test`)
  })
  afterAll(async () => await accounts.close())

  const check = async (code: string, ctx = accounts.ctx) =>
    await accounts.store.transaction(async (tx) => await checkTotp(tx, ctx, session.personId, code))
  const turnOn = async (code: string) => await turnOnFactor(accounts.ctx, session, { factor: 'totp', code }, HOME)

  it.each(RFC_CODES)('knows the code of RFC 6238 at %s', async (at, code) => {
    const { ctx, store } = accounts
    const sealed = seal(ctx.world, ctx.policy.secrets, `totp ${session.personId}`, RFC_KEY)
    const dates = { created_at: at, confirmed_at: at, last_step: null }
    await writeFactor(store.db, { person_id: session.personId, kind: 'totp', secret: sealed, ...dates })
    const then = { ...ctx, world: { ...ctx.world, now: () => Date.parse(at) } }
    expect(await check('000000', then)).toBe(false)
    expect(await check(code, then)).toBe(true)
  })

  it('V6.5.1: takes each code once, and none from before it', async () => {
    const { phone } = await turnOnApp(accounts, session)
    const [before, code] = [phone.code(-STEP), phone.code()]
    expect(await check(code)).toBe(true)
    expect(await check(code)).toBe(false)
    expect(await check(before)).toBe(false)
    accounts.world.pass(STEP)
    expect(await check(code)).toBe(false)
    expect(await check(phone.code())).toBe(true)
  })

  it('V6.5.1: takes a code once of two that come at the same moment', async () => {
    const { phone } = await turnOnApp(accounts, session)
    const both = await Promise.all([check(phone.code()), check(phone.code())])
    expect(both.toSorted()).toEqual([false, true])
  })

  it('does not take the code again that it was turned on by', async () => {
    const phone = await scan(accounts, session)
    const code = phone.code()
    expect(await turnOn(code)).toMatchObject({ kind: 'on' })
    expect(await check(code)).toBe(false)
  })

  it.each([
    [-STEP, true],
    [STEP, true],
    [-2 * STEP, false],
    [2 * STEP, false],
    [3_600_000, false],
    [-3_600_000, false],
  ])('V6.5.5: by a phone whose clock is %i ms off: %s', async (off, taken) => {
    const { phone } = await turnOnApp(accounts, session)
    expect(await check(phone.code(off))).toBe(taken)
  })

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６', '123456\0'])(
    'takes nothing that is no code: %j',
    async (code) => {
      await turnOnApp(accounts, session)
      expect(await check(code)).toBe(false)
    },
  )

  it('takes a code with the space that apps show in it', async () => {
    const { phone } = await turnOnApp(accounts, session)
    expect(await check(` ${phone.code().replace(/^.../, '$& ')} `)).toBe(true)
  })

  it('keeps the old phone until a code of the new one was shown', async () => {
    const { phone: old } = await turnOnApp(accounts, session)
    const phone = await scan(accounts, session)
    expect(await turnOn('000000')).toEqual({ kind: 'wrong' })
    expect(await check(old.code())).toBe(true)
    accounts.world.pass(STEP)
    expect(await turnOn(phone.code())).toMatchObject({ kind: 'on', emergencyCode: null })
    accounts.world.pass(2 * STEP)
    expect(await check(old.code())).toBe(false)
    expect(await check(phone.code())).toBe(true)
  })

  it('is set up within half an hour, in the session that began it, and the picture says what the key says', async () => {
    const { ctx, store, world } = accounts
    const label = { address: 'kim@customer.test', issuer: 'Acme Support' }
    await scan(accounts, session)
    const setup = await pendingTotp(store.db, ctx, session, label)
    expect(setup?.typed).toMatch(/^(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}$/)
    const uri = new URL(setup?.uri ?? '')
    expect(decodeURIComponent(uri.pathname)).toContain('Acme Support:kim@customer.test')
    expect(uri.searchParams.get('secret')).toBe(setup?.typed.replaceAll(' ', ''))
    expect(await pendingTotp(store.db, ctx, { ...session, id: 'another' }, label)).toBeNull()
    world.pass(30 * 60_000)
    expect(await pendingTotp(store.db, ctx, session, label)).toBeNull()
  })

  it('V11.3.3: keeps the key sealed, and reads it only where it belongs', async () => {
    const { phone } = await turnOnApp(accounts, session)
    const rows = await accounts.store.db.selectFrom('second_factors').selectAll().execute()
    const own = rows.find((row) => row.person_id === session.personId && row.kind === 'totp')
    const other = await openSession(accounts, `other${people}@customer.test`)
    if (!own) throw new Error('nothing was kept')
    await writeFactor(accounts.store.db, { ...own, person_id: other.personId, last_step: null })
    await expect(
      accounts.store.transaction(async (tx) => await checkTotp(tx, accounts.ctx, other.personId, phone.code())),
    ).rejects.toMatchObject({ code: 'unsealable' })
  })

  it('is turned off by its owner alone who has proven themselves, who is told by mail', async () => {
    const { ctx, world } = accounts
    const address = `kim${people}@customer.test`
    const { phone } = await turnOnApp(accounts, session)
    world.pass(15 * 60_000)
    expect(await turnOffFactor(ctx, session, 'totp', HOME)).toBe('unproven')
    expect(await check(phone.code())).toBe(true)
    const proven = { ...session, provenAt: new Date(world.now()).toISOString() }
    expect(await turnOffFactor(ctx, proven, 'sms', HOME)).toBe('none')
    expect(await turnOffFactor(ctx, proven, 'totp', HOME)).toBe('off')
    world.pass(STEP)
    expect(await check(phone.code())).toBe(false)
    const mails = (await accounts.written(address)).filter((it) => it.kind.startsWith('second-factor'))
    expect(mails.map(({ kind, data }) => [kind, data.factor])).toEqual([
      ['second-factor-on', 'totp'],
      ['second-factor-off', 'totp'],
    ])
  })
})
