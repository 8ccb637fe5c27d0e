import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { confirmEmergencyCode, useEmergencyCode } from '../../src/accounts/emergency.ts'
import { renewEmergencyCode, turnOffFactor } from '../../src/accounts/factors.ts'
import { secondWays, takeSecondStep } from '../../src/accounts/second-step.ts'
import type { Session } from '../../src/accounts/sessions.ts'
import { findFactor } from '../../src/store/accounts/factors.ts'
import { type Accounts, HOME, openAccounts } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'
import { afterPassword, openSession, turnOnApp } from '../support/factors.ts'

describe.each(engines)('an emergency code, on %s', (engine) => {
  let accounts: Accounts
  let session: Session
  let code: string
  let people = 0
  beforeAll(async () => {
    accounts = await openAccounts(engine)
  })
  beforeEach(async () => {
    people += 1
    session = await openSession(accounts, `kim${people}@customer.test`)
    code = (await turnOnApp(accounts, session)).emergencyCode
  })
  afterAll(async () => await accounts.close())

  const use = async (typed: string) => {
    const second = await afterPassword(accounts, `kim${people}@customer.test`)
    const answer = { way: 'emergency', code: typed, remember: false } as const
    return await takeSecondStep(accounts.ctx, second, answer, HOME)
  }
  const kept = async () => await findFactor(accounts.store.db, session.personId, 'emergency')

  it('comes with the first factor: six groups without letters that look alike, of which the hash alone is kept', async () => {
    expect(code).toMatch(/^(?:[A-HJ-NP-Z2-9]{4}-){5}[A-HJ-NP-Z2-9]{4}$/)
    expect(JSON.stringify(await kept())).not.toContain(code.replaceAll('-', ''))
    expect(await kept()).toMatchObject({ confirmed_at: null })
    await accounts.store.transaction(async (tx) => await confirmEmergencyCode(tx, accounts.ctx, session.personId))
    expect((await kept())?.confirmed_at).not.toBeNull()
  })

  it('V6.5.1: lets its owner in once, told by mail, and another one takes its place', async () => {
    const entered = await use(` ${code.toLowerCase().replaceAll('-', ' ')} `)
    if (entered.kind !== 'in' || !entered.newCode) throw new Error(entered.kind)
    expect(entered.session).toMatchObject({ stage: 'full', ways: ['password', 'emergency'] })
    expect((await accounts.written(`kim${people}@customer.test`)).at(-1)?.kind).toBe('emergency-code-used')
    expect(await use(code)).toMatchObject({ kind: 'wrong' })
    expect(await use(entered.newCode)).toMatchObject({ kind: 'in' })
  })

  it('V6.5.1: is gone with its use, before another one is made', async () => {
    const twice = await accounts.store.transaction(async (tx) => [
      await useEmergencyCode(tx, session.personId, code),
      await useEmergencyCode(tx, session.personId, code),
    ])
    expect(twice).toEqual([true, false])
  })

  it('V6.5.1: lets in one of two who come with it at the same moment', async () => {
    const both = await Promise.all([use(code), use(code)])
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['in', 'wrong'])
  })

  it.each(['', 'AAAA', '-'.repeat(60)])('is nothing else: %j', async (typed) => {
    expect(await use(typed)).toMatchObject({ kind: 'wrong' })
    expect(await use(`${code}A`)).toMatchObject({ kind: 'wrong' })
  })

  it('V6.3.1: cannot be guessed at faster than a password', async () => {
    for (let tries = 0; tries < 5; tries += 1) await use('AAAA-AAAA')
    expect(await use(code)).toMatchObject({ kind: 'wait' })
  })

  it('can be made anew by whoever has proven themselves lately: the old one is none any more', async () => {
    const renewed = await renewEmergencyCode(accounts.ctx, session, HOME)
    expect(await use(code)).toMatchObject({ kind: 'wrong' })
    expect(await use(renewed ?? '')).toMatchObject({ kind: 'in' })
    accounts.world.pass(15 * 60_000)
    expect(await renewEmergencyCode(accounts.ctx, session, HOME)).toBeNull()
  })

  it('goes with the last factor', async () => {
    expect(await turnOffFactor(accounts.ctx, session, 'totp', HOME)).toBe('off')
    expect(await kept()).toBeNull()
    expect(await renewEmergencyCode(accounts.ctx, session, HOME)).toBeNull()
    expect(await secondWays(accounts.store.db, accounts.ctx, session.personId)).toEqual({
      totp: false,
      sms: null,
      emergency: false,
      passkey: false,
    })
  })
})
