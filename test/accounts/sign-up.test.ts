import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLink } from '../../src/accounts/links.ts'
import { resumeSession, sessionsOf } from '../../src/accounts/sessions.ts'
import { PASSWORD_LINKS, setPasswordByLink } from '../../src/accounts/set-password.ts'
import { signIn, signInByLink } from '../../src/accounts/sign-in.ts'
import { askWayBack, signUp } from '../../src/accounts/sign-up.ts'
import { findPersonByAddress, insertPerson } from '../../src/store/people.ts'
import { type Accounts, AWAY, GOOD, HOME, openAccounts, PORTAL } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'

const HOUR = 3_600_000
const stranger = { deviceToken: null, browserToken: null }

describe.each(engines)('signing up, on %s', (engine) => {
  let accounts: Accounts
  beforeAll(async () => {
    accounts = await openAccounts(engine)
  })
  afterAll(async () => await accounts.close())

  const start = async (address: string, name = 'Kim Larsen') =>
    await signUp(accounts.ctx, { name, address, language: 'nb' }, HOME)
  const complete = async (address: string, kind = 'welcome', over = {}) => {
    const token = await accounts.token(address, kind)
    return await setPasswordByLink(
      accounts.ctx,
      { token, password: GOOD, name: null, deviceToken: null, ...over },
      HOME,
    )
  }
  const enterAs = async (address: string, password = GOOD, visit = HOME) =>
    await signIn(accounts.ctx, { address, password, ...stranger }, visit)

  it('makes nobody a person before the address is proven', async () => {
    await start('new@customer.test')
    expect(await findPersonByAddress(accounts.store.db, 'new@customer.test')).toBeNull()
    const [mail] = await accounts.written('new@customer.test')
    expect(mail).toMatchObject({ kind: 'welcome', status: 'waiting', data: { hours: 24 } })
    expect(mail?.data.url).toMatch(new RegExp(`^${PORTAL}/activate/[A-Za-z0-9_-]{43}$`))
  })

  it('opens the account by the link, with the name and language of the form, and signs in', async () => {
    await start('kim@customer.test', 'Kim Larsen')
    const set = await complete('kim@customer.test')
    expect(set).toMatchObject({ kind: 'in', session: { stage: 'full', ways: ['link'] } })
    const person = await findPersonByAddress(accounts.store.db, 'kim@customer.test')
    expect(person).toMatchObject({ name: 'Kim Larsen', language: 'nb', kind: 'contact' })
    expect(await enterAs('KIM@customer.test ')).toMatchObject({ kind: 'in' })
  })

  it('keeps the cases of somebody who was known from mails alone: they stay the same person', async () => {
    await insertPerson(accounts.store.db, {
      id: 'known-by-mail',
      kind: 'contact',
      name: 'pat',
      address: 'pat@customer.test',
      language: 'sv',
      createdAt: '2026-01-01T00:00:00.000Z',
    })
    await start('pat@customer.test', 'Pat Lund')
    expect((await accounts.written('pat@customer.test'))[0]?.kind).toBe('welcome')
    await complete('pat@customer.test', 'welcome', { name: 'Pat Lund' })
    const person = await findPersonByAddress(accounts.store.db, 'pat@customer.test')
    expect(person).toMatchObject({ id: 'known-by-mail', name: 'Pat Lund' })
  })

  it('tells whoever has an account already, with ways in', async () => {
    await start('kim@customer.test')
    const mail = (await accounts.written('kim@customer.test')).at(-1)
    expect(mail).toMatchObject({ kind: 'account-exists', data: { signInUrl: `${PORTAL}/sign-in` } })
    expect(mail?.data.resetUrl).toMatch(/\/reset\/[A-Za-z0-9_-]{43}$/)
  })

  it('spends a link once, even where two come at the same moment', async () => {
    await start('twice@customer.test')
    const both = await Promise.all([complete('twice@customer.test'), complete('twice@customer.test')])
    expect(both.map((it) => it.kind).sort()).toEqual(['in', 'link'])
    expect(await complete('twice@customer.test')).toEqual({ kind: 'link', state: 'spent' })
  })

  it('says that a link is over after 24 hours, and changes nothing by looking', async () => {
    await start('late@customer.test')
    const token = await accounts.token('late@customer.test', 'welcome')
    accounts.world.pass(24 * HOUR - 1)
    expect(await openLink(accounts.store.db, accounts.ctx, PASSWORD_LINKS, token)).toMatchObject({ state: 'open' })
    accounts.world.pass(1)
    expect(await complete('late@customer.test')).toEqual({ kind: 'link', state: 'expired' })
  })

  it.each(['', 'x', '%', '_'.repeat(43), `${'A'.repeat(42)}%`])('takes no token but a whole one: %j', async (token) => {
    const wish = { token, password: GOOD, name: null, deviceToken: null }
    expect(await setPasswordByLink(accounts.ctx, wish, HOME)).toEqual({ kind: 'link', state: 'unknown' })
  })

  it('takes a link for nothing but its own purpose', async () => {
    await start('purpose@customer.test')
    const token = await accounts.token('purpose@customer.test', 'welcome')
    expect(await signInByLink(accounts.ctx, { token, deviceToken: null }, HOME)).toEqual({
      kind: 'link',
      state: 'unknown',
    })
  })

  it('refuses a password that breaks the rules, and the link stays good', async () => {
    await start('weak@customer.test')
    const set = await complete('weak@customer.test', 'welcome', { password: 'password1234567' })
    expect(set.kind === 'weak' && set.rules.filter((it) => !it.met).map((it) => it.rule)).toEqual(['common'])
    expect(await complete('weak@customer.test')).toMatchObject({ kind: 'in' })
  })

  it('resets a password: other sessions end, the person is told, and the old password is none', async () => {
    const before = await enterAs('kim@customer.test')
    await askWayBack(accounts.ctx, { address: 'kim@customer.test', way: 'reset', language: 'nb' }, AWAY)
    expect(
      await complete('kim@customer.test', 'reset-password', { password: 'fire gule giraffer hopper' }),
    ).toMatchObject({
      kind: 'in',
    })
    expect(before.kind === 'in' && (await resumeSession(accounts.ctx, before.token))).toBeNull()
    expect((await accounts.written('kim@customer.test')).at(-1)?.kind).toBe('password-changed')
    expect(await enterAs('kim@customer.test')).toMatchObject({ kind: 'wrong' })
    expect(await enterAs('kim@customer.test', 'fire gule giraffer hopper')).toMatchObject({ kind: 'in' })
  })

  it('signs in once by a link that works for 15 minutes', async () => {
    await askWayBack(accounts.ctx, { address: 'kim@customer.test', way: 'link', language: 'nb' }, AWAY)
    const token = await accounts.token('kim@customer.test', 'sign-in-link')
    const use = async () => await signInByLink(accounts.ctx, { token, deviceToken: null }, AWAY)
    expect(await use()).toMatchObject({ kind: 'in', session: { ways: ['link'], stage: 'full' } })
    expect(await use()).toEqual({ kind: 'link', state: 'spent' })
  })

  it('writes nothing to an address that has no account when somebody has forgotten theirs', async () => {
    await askWayBack(accounts.ctx, { address: 'nobody@customer.test', way: 'reset', language: 'en' }, AWAY)
    expect(await accounts.written('nobody@customer.test')).toEqual([])
  })

  it('writes to one of our own mailboxes for nothing', async () => {
    await start('Support@acme.test')
    expect(await accounts.written('support@acme.test')).toEqual([])
  })

  it('tells the person of a sign-in from elsewhere, and not of one from where they have been', async () => {
    await start('where@customer.test')
    await complete('where@customer.test')
    const mails = async () => (await accounts.written('where@customer.test')).filter((it) => it.kind === 'new-sign-in')
    await enterAs('where@customer.test', GOOD, HOME)
    expect(await mails()).toEqual([])
    await enterAs('where@customer.test', GOOD, AWAY)
    await enterAs('where@customer.test', GOOD, AWAY)
    expect((await mails()).map((it) => it.data.place)).toEqual([AWAY.network])
  })

  it('ends a session after twelve hours without use, and after a week whatever happens', async () => {
    await start('idle@customer.test')
    const set = await complete('idle@customer.test')
    if (set.kind !== 'in') throw new Error(set.kind)
    for (let day = 0; day < 13; day += 1) {
      accounts.world.pass(11 * HOUR)
      expect(await resumeSession(accounts.ctx, set.token)).not.toBeNull()
    }
    accounts.world.pass(30 * HOUR)
    expect(await resumeSession(accounts.ctx, set.token)).toBeNull()
    expect(await sessionsOf(accounts.ctx, set.session.personId)).toEqual([])
  })
})
