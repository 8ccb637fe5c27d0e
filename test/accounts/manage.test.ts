import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Invitation, invite } from '../../src/accounts/invite.ts'
import { openLink } from '../../src/accounts/links.ts'
import {
  disableAccount,
  enableAccount,
  findOrganisation,
  joinOrganisation,
  requireSecond,
  requireSecondOfAll,
  resetSecond,
} from '../../src/accounts/manage.ts'
import { sessionsOf } from '../../src/accounts/sessions.ts'
import { PASSWORD_LINKS, setPasswordByLink } from '../../src/accounts/set-password.ts'
import { signIn } from '../../src/accounts/sign-in.ts'
import { askWayBack, signUp } from '../../src/accounts/sign-up.ts'
import { writeFactor } from '../../src/store/accounts/factors.ts'
import { listAccounts } from '../../src/store/accounts/list.ts'
import { listSecurityLog } from '../../src/store/accounts/security-log.ts'
import { findPersonByAddress, insertPerson, type Person } from '../../src/store/people.ts'
import type { Db } from '../../src/store/schema.ts'
import { suppressAddress } from '../../src/store/suppressions.ts'
import { type Accounts, GOOD, HOME, openAccounts } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'

const AT = '2026-01-01T00:00:00.000Z'
const ACTOR = 'administrator'

describe.each(engines)('an administrator, on %s', (engine) => {
  let accounts: Accounts
  beforeAll(async () => {
    accounts = await openAccounts(engine)
  })
  afterAll(async () => await accounts.close())

  const within = async <T>(work: (tx: Db) => Promise<T>) => await accounts.store.transaction(work)
  const inviteTo = async (address: string, over: Partial<Invitation> = {}) =>
    await within(
      async (tx) =>
        await invite(tx, accounts.ctx, {
          ...{ address, name: null, language: null, inviter: 'Anna Holm', mayBeNew: true, actor: ACTOR },
          ...over,
        }),
    )
  const setBy = async (token: string) =>
    await setPasswordByLink(accounts.ctx, { token, password: GOOD, name: null, deviceToken: null }, HOME)
  const enterAs = async (address: string) =>
    await signIn(accounts.ctx, { address, password: GOOD, deviceToken: null, browserToken: null }, HOME)
  const personOf = async (address: string): Promise<Person> => {
    const person = await findPersonByAddress(accounts.store.db, address)
    if (!person) throw new Error(`${address} is nobody's`)
    return person
  }
  /** Invited, activated and signed in. */
  const open = async (address: string) => {
    await inviteTo(address)
    expect(await setBy(await accounts.token(address, 'activate-account'))).toMatchObject({ kind: 'in' })
    return await personOf(address)
  }
  const logOf = async ({ id }: Person) =>
    (await listSecurityLog(accounts.store.db, id, 20)).map(({ what, actor }) => `${what}${actor && ` by ${actor}`}`)
  const giveApp = async ({ id }: Person) =>
    await within(async (tx) => {
      const secret = { secret: 'sealed', created_at: AT, confirmed_at: AT, last_step: null }
      await writeFactor(tx, { person_id: id, kind: 'totp', ...secret })
    })

  describe('invites', () => {
    it('somebody new, who activates the account by the mail', async () => {
      expect(await inviteTo('new@customer.test', { name: 'Nora Berg', language: 'nb' })).toMatchObject({
        kind: 'invited',
        isNew: true,
        hours: 24,
      })
      const [mail] = await accounts.written('new@customer.test')
      expect(mail).toMatchObject({ kind: 'activate-account', data: { hours: 24, inviter: 'Anna Holm' } })
      expect(await enterAs('new@customer.test')).toMatchObject({ kind: 'wrong' })
      expect(await setBy(await accounts.token('new@customer.test', 'activate-account'))).toMatchObject({ kind: 'in' })
      const person = await personOf('new@customer.test')
      expect(person).toMatchObject({ name: 'Nora Berg', language: 'nb' })
      expect(await logOf(person)).toContain('invited by administrator')
    })

    it('somebody known from mails, who stays the same person with their cases', async () => {
      const kim = { kind: 'contact', name: 'Kim', address: 'kim@customer.test', language: 'da' } as const
      await within(async (tx) => await insertPerson(tx, { id: 'kim-by-mail', ...kim, createdAt: AT }))
      expect(await inviteTo('Kim@Customer.test', { mayBeNew: false })).toMatchObject({ isNew: false })
      await setBy(await accounts.token('kim@customer.test', 'activate-account'))
      expect(await personOf('kim@customer.test')).toMatchObject({ id: 'kim-by-mail', name: 'Kim' })
    })

    it('V6.4.1: the older invitation opens nothing once there is a newer one', async () => {
      await inviteTo('twice@customer.test')
      const first = await accounts.token('twice@customer.test', 'activate-account')
      await inviteTo('twice@customer.test')
      expect(await setBy(first)).toEqual({ kind: 'link', state: 'spent' })
      expect(await setBy(await accounts.token('twice@customer.test', 'activate-account'))).toMatchObject({ kind: 'in' })
    })

    it('nobody who has an account, is unknown, is a mailbox of ours, or cannot be written to', async () => {
      expect(await inviteTo('kim@customer.test')).toMatchObject({ kind: 'open' })
      expect(await inviteTo('who@customer.test', { mayBeNew: false })).toEqual({ kind: 'unknown' })
      expect(await inviteTo('support@acme.test')).toEqual({ kind: 'own' })
      await within(async (tx) => {
        await suppressAddress(tx, { address: 'gone@customer.test', reason: '550 no such user', at: AT, row: null })
      })
      expect(await inviteTo('gone@customer.test')).toMatchObject({ kind: 'suppressed' })
      expect(await findPersonByAddress(accounts.store.db, 'gone@customer.test')).toBeNull()
    })
  })

  describe('disables an account', () => {
    it('V7.4.2: sessions and links end at once, and no way leads in', async () => {
      const person = await open('out@customer.test')
      await askWayBack(accounts.ctx, { address: person.address, way: 'reset', language: 'da' }, HOME)
      const token = await accounts.token(person.address, 'reset-password')
      expect(await sessionsOf(accounts.ctx, person.id)).toHaveLength(1)

      expect(await within(async (tx) => await disableAccount(tx, accounts.ctx, person, ACTOR))).toBe(true)
      expect(await sessionsOf(accounts.ctx, person.id)).toEqual([])
      expect(await openLink(accounts.store.db, accounts.ctx, PASSWORD_LINKS, token)).toMatchObject({ state: 'spent' })
      expect(await enterAs(person.address)).toMatchObject({ kind: 'wrong' })
      const before = (await accounts.written(person.address)).length
      await askWayBack(accounts.ctx, { address: person.address, way: 'link', language: 'da' }, HOME)
      await signUp(accounts.ctx, { name: 'Out', address: person.address, language: 'da' }, HOME)
      expect((await accounts.written(person.address)).length).toBe(before)
      expect(await inviteTo(person.address)).toMatchObject({ kind: 'disabled' })

      expect(await within(async (tx) => await disableAccount(tx, accounts.ctx, person, ACTOR))).toBe(false)
      expect(await within(async (tx) => await enableAccount(tx, accounts.ctx, person, ACTOR))).toBe(true)
      expect(await enterAs(person.address)).toMatchObject({ kind: 'in' })
      expect(await logOf(person)).toEqual(
        expect.arrayContaining(['disabled by administrator', 'enabled by administrator']),
      )
    })

    it('of somebody who has none: signing up leads nowhere', async () => {
      const lee = { kind: 'contact', name: 'Lee', address: 'lee@customer.test', language: 'en' } as const
      await within(async (tx) => await insertPerson(tx, { id: 'lee-by-mail', ...lee, createdAt: AT }))
      await within(async (tx) => await disableAccount(tx, accounts.ctx, { id: 'lee-by-mail', ...lee }, ACTOR))
      await signUp(accounts.ctx, { name: 'Lee', address: lee.address, language: 'en' }, HOME)
      expect(await accounts.written(lee.address)).toEqual([])
    })
  })

  describe('asks for a second factor', () => {
    it('of a person, who sets one up at the next sign-in, and no longer', async () => {
      const person = await open('second@customer.test')
      const ask = async (required: boolean) =>
        await within(async (tx) => await requireSecond(tx, accounts.ctx, person, { required, actor: ACTOR }))
      expect(await ask(true)).toBe(true)
      expect(await sessionsOf(accounts.ctx, person.id)).toEqual([])
      expect(await enterAs(person.address)).toMatchObject({ kind: 'in', session: { stage: 'setup' } })
      await ask(false)
      expect(await enterAs(person.address)).toMatchObject({ kind: 'in', session: { stage: 'full' } })
      expect(await logOf(person)).toEqual(expect.arrayContaining(['second-not-required by administrator']))
    })

    it('of an organisation, and of whoever joins it later; those who have one stay signed in', async () => {
      const [one, two, later] = [await open('one@org.test'), await open('two@org.test'), await open('later@org.test')]
      await giveApp(two)
      for (const person of [one, two])
        await within(async (tx) => await joinOrganisation(tx, accounts.ctx, person, 'Byens Bageri'))
      const organisation = await findOrganisation(accounts.store.db, ' byens  BAGERI')
      if (!organisation) throw new Error('there is no organisation')
      const wish = { required: true, actor: ACTOR }
      expect(await within(async (tx) => await requireSecondOfAll(tx, accounts.ctx, organisation, wish))).toBe(2)
      expect(await sessionsOf(accounts.ctx, one.id)).toEqual([])
      expect(await sessionsOf(accounts.ctx, two.id)).toHaveLength(1)
      await within(async (tx) => await joinOrganisation(tx, accounts.ctx, later, 'Byens bageri'))
      expect(await enterAs(later.address)).toMatchObject({ kind: 'in', session: { stage: 'setup' } })
    })
  })

  it('V6.4.4: takes away lost second factors: sessions end, a mail says so, and the log has it', async () => {
    const person = await open('lost@customer.test')
    await giveApp(person)
    expect(await enterAs(person.address)).toMatchObject({ session: { stage: 'second' } })
    expect(await within(async (tx) => await resetSecond(tx, accounts.ctx, person, ACTOR))).toEqual(['totp'])
    expect(await sessionsOf(accounts.ctx, person.id)).toEqual([])
    expect((await accounts.written(person.address)).at(-1)).toMatchObject({
      kind: 'second-factor-off',
      data: { factor: 'totp' },
    })
    expect(await enterAs(person.address)).toMatchObject({ kind: 'in', session: { stage: 'full' } })
    expect(await within(async (tx) => await resetSecond(tx, accounts.ctx, person, ACTOR))).toEqual([])
    expect((await logOf(person)).filter((line) => line.startsWith('second-reset'))).toEqual([
      'second-reset by administrator',
    ])
  })

  it('lists accounts with their state', async () => {
    const rows = new Map((await listAccounts(accounts.store.db)).map((row) => [row.address, row]))
    expect(rows.get('two@org.test')).toMatchObject({
      organisation: 'Byens Bageri',
      factors: ['totp'],
      requiresSecond: true,
      disabledAt: null,
      lastSignedInAt: expect.stringMatching(/Z$/),
    })
    expect(rows.get('lee@customer.test')).toMatchObject({ activatedAt: null, disabledAt: expect.any(String) })
  })
})
