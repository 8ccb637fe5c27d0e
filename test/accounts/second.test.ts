import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AccountContext } from '../../src/accounts/context.ts'
import { countDevices, forgetDevices } from '../../src/accounts/devices.ts'
import { turnOffFactor, turnOnFactor } from '../../src/accounts/factors.ts'
import { takeSecondStep } from '../../src/accounts/second-step.ts'
import { resumeSession, type Session, sessionsOf } from '../../src/accounts/sessions.ts'
import { setPasswordByLink } from '../../src/accounts/set-password.ts'
import { signIn, signInByLink } from '../../src/accounts/sign-in.ts'
import { askWayBack } from '../../src/accounts/sign-up.ts'
import { updateAccount } from '../../src/store/accounts/accounts.ts'
import { listSecurityLog } from '../../src/store/accounts/security-log.ts'
import { updatePerson } from '../../src/store/people.ts'
import { type Accounts, AWAY, GOOD, HOME, openAccounts } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'
import { afterPassword, openSession, type Phone, scan, turnOnApp } from '../support/factors.ts'

const DAY = 86_400_000
const MINUTE = 60_000

describe.each(engines)('the second step, on %s', (engine) => {
  let accounts: Accounts
  let session: Session
  let address: string
  let people = 0
  beforeAll(async () => {
    accounts = await openAccounts(engine)
  })
  beforeEach(async () => {
    people += 1
    address = `kim${people}@customer.test`
    session = await openSession(accounts, address)
  })
  afterAll(async () => await accounts.close())

  const password = async (deviceToken: unknown = null) => {
    const wish = { address, password: GOOD, deviceToken, browserToken: null }
    const signed = await signIn(accounts.ctx, wish, HOME)
    if (signed.kind !== 'in') throw new Error(signed.kind)
    return signed
  }
  const step = async (at: Session, code: string, remember = false, visit = HOME) =>
    await takeSecondStep(accounts.ctx, at, { way: 'totp', code, remember }, visit)
  /** A device that is remembered: the token of its cookie. */
  const remembered = async (phone: Phone) => {
    const taken = await step((await password()).session, phone.code(), true)
    if (taken.kind !== 'in' || !taken.deviceToken) throw new Error(taken.kind)
    accounts.world.pass(MINUTE)
    return taken.deviceToken
  }

  it('V7.2.4: comes after the password, and the session gets a new token with it', async () => {
    const { phone } = await turnOnApp(accounts, session)
    const before = await password()
    expect(before.session).toMatchObject({ stage: 'second', ways: ['password'] })
    const taken = await step(before.session, phone.code())
    expect(taken).toMatchObject({
      kind: 'in',
      session: { stage: 'full', ways: ['password', 'totp'] },
      deviceToken: null,
    })
    expect(await resumeSession(accounts.ctx, before.token)).toBeNull()
    expect(taken.kind === 'in' && (await resumeSession(accounts.ctx, taken.token))).toMatchObject({ stage: 'full' })
  })

  it('V6.4.3: is not left out by a link to sign in with, nor by a new password', async () => {
    const { phone } = await turnOnApp(accounts, session)
    await askWayBack(accounts.ctx, { address, way: 'link', language: 'da' }, HOME)
    const link = { token: await accounts.token(address, 'sign-in-link'), deviceToken: null }
    expect(await signInByLink(accounts.ctx, link, HOME)).toMatchObject({ kind: 'in', session: { stage: 'second' } })
    await askWayBack(accounts.ctx, { address, way: 'reset', language: 'da' }, HOME)
    const deviceToken = await remembered(phone)
    const token = await accounts.token(address, 'reset-password')
    const wish = { token, password: 'fire gule giraffer hopper', name: null, deviceToken }
    const set = await setPasswordByLink(accounts.ctx, wish, HOME)
    expect(set).toMatchObject({ kind: 'in', session: { stage: 'second' } })
  })

  it('is not asked of a device that is remembered, for thirty days, until the password is set anew', async () => {
    const { phone } = await turnOnApp(accounts, session)
    const deviceToken = await remembered(phone)
    expect((await password(deviceToken)).session).toMatchObject({ stage: 'full', ways: ['password', 'device'] })
    expect((await password(`${deviceToken.slice(1)}A`)).session.stage).toBe('second')
    const stranger = await openSession(accounts, `stranger${people}@customer.test`)
    await turnOnApp(accounts, stranger)
    expect(await afterPassword(accounts, `stranger${people}@customer.test`, deviceToken)).toMatchObject({
      stage: 'second',
    })
    accounts.world.pass(30 * DAY - 3 * MINUTE)
    expect((await password(deviceToken)).session.stage).toBe('full')
    accounts.world.pass(3 * MINUTE)
    expect((await password(deviceToken)).session.stage).toBe('second')
  })

  it('is asked again of devices that their owner has forgotten', async () => {
    const { phone } = await turnOnApp(accounts, session)
    const deviceToken = await remembered(phone)
    expect(await countDevices(accounts.ctx, session.personId)).toBe(1)
    await accounts.store.transaction(async (tx) => await forgetDevices(tx, accounts.ctx, session.personId, HOME))
    expect(await countDevices(accounts.ctx, session.personId)).toBe(0)
    expect((await password(deviceToken)).session.stage).toBe('second')
  })

  it('V6.3.1: slows down whoever guesses codes with the right password, from one place and from many', async () => {
    const { phone } = await turnOnApp(accounts, session)
    const at = await afterPassword(accounts, address)
    for (let tries = 0; tries < 5; tries += 1) expect(await step(at, '000000')).toMatchObject({ kind: 'wrong' })
    expect(await step(at, phone.code())).toEqual({ kind: 'wait', wait: 2_000 })
    // As many as an hour of guessing from ever new places allows.
    let looked = 0
    const end = accounts.world.now() + 60 * MINUTE
    for (let place = 0; accounts.world.now() < end; place += 1) {
      const visit = { ...AWAY, network: `2001:db8:${Math.floor(place / 100)}:${place % 100}::/64` }
      const taken = await step(at, '000000', false, visit)
      if (taken.kind === 'wrong') looked += 1
      accounts.world.pass(taken.kind === 'wait' ? taken.wait : taken.kind === 'wrong' ? taken.wait : 0)
    }
    expect(looked).toBeLessThan(100)
    // Their owner comes in, with patience.
    const taken = await step(at, phone.code())
    accounts.world.pass(taken.kind === 'wait' ? taken.wait : 0)
    expect(taken.kind === 'in' ? taken : await step(at, phone.code())).toMatchObject({ kind: 'in' })
    const log = await listSecurityLog(accounts.store.db, session.personId, 500)
    expect(log.filter(({ what }) => what === 'second-failed').length).toBeGreaterThan(looked)
  })

  it('V6.3.1: looks at no more codes of many that come at the same moment', async () => {
    await turnOnApp(accounts, session)
    const at = await afterPassword(accounts, address)
    const taken = await Promise.all(Array.from({ length: 20 }, async () => await step(at, '000000')))
    expect(taken.filter(({ kind }) => kind === 'wrong')).toHaveLength(5)
  })

  it('V7.4.3: ends all other sessions when a factor is turned on or off', async () => {
    const other = await password()
    await turnOnApp(accounts, session)
    expect(await resumeSession(accounts.ctx, other.token)).toBeNull()
    const { token } = await password()
    expect(await turnOffFactor(accounts.ctx, session, 'totp', HOME)).toBe('off')
    expect(await resumeSession(accounts.ctx, token)).toBeNull()
    expect((await sessionsOf(accounts.ctx, session.personId)).map(({ id }) => id)).toEqual([session.id])
  })

  const requirements: Record<string, (personId: string) => Promise<Partial<AccountContext['policy']>>> = {
    'the person': async (id) => {
      await updateAccount(accounts.store.db, id, { requires_second: 1 })
      return {}
    },
    'the organisation': async (id) => {
      await inStrictOrganisation(accounts, id)
      return {}
    },
    'the role of contacts': async () => ({ requireSecond: { agents: false, contacts: true } }),
    'the role of agents': async (id) => {
      await updatePerson(accounts.store.db, id, { kind: 'agent' })
      return { requireSecond: { agents: true, contacts: false } }
    },
  }
  it.each(Object.entries(requirements))(
    'V6.3.3: must be set up before anything else where %s requires it, and stays',
    async (_, require) => {
      const policy = { ...accounts.ctx.policy, ...(await require(session.personId)) }
      const strict: Accounts = { ...accounts, ctx: { ...accounts.ctx, policy } }
      const at = await afterPassword(strict, address)
      expect(at.stage).toBe('setup')
      const also = await afterPassword(strict, address)
      const phone = await scan(strict, at)
      const theirs = await scan(strict, also)
      const on = await turnOnFactor(strict.ctx, at, { factor: 'totp', code: phone.code() }, HOME)
      if (on.kind !== 'on' || !on.entered) throw new Error(on.kind)
      expect(on.entered.session).toMatchObject({ stage: 'full', ways: ['password', 'totp'] })
      // Whoever else was waiting there with the password cannot put a phone of their own beside it.
      const stolen = await turnOnFactor(strict.ctx, also, { factor: 'totp', code: theirs.code() }, AWAY)
      expect(stolen).toEqual({ kind: 'unproven' })
      expect(await turnOffFactor(strict.ctx, on.entered.session, 'totp', HOME)).toBe('needed')
      expect((await afterPassword(strict, address)).stage).toBe('second')
      expect((await afterPassword(accounts, address)).stage).toBe('second')
    },
  )

  it('is turned on by nobody who has not proven themselves lately', async () => {
    const phone = await scan(accounts, session)
    accounts.world.pass(15 * MINUTE)
    const on = await turnOnFactor(accounts.ctx, session, { factor: 'totp', code: phone.code() }, HOME)
    expect(on).toEqual({ kind: 'unproven' })
  })
})

async function inStrictOrganisation({ store }: Accounts, personId: string): Promise<void> {
  const id = `organisation of ${personId}`
  await store.db
    .insertInto('organisations')
    .values({ id, name: id, created_at: '2026-01-01T00:00:00.000Z', requires_second: 1 })
    .execute()
  await store.db.updateTable('people').set({ organisation_id: id }).where('id', '=', personId).execute()
}
