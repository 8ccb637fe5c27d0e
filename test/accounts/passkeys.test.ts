import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { passkeyPlace } from '../../src/accounts/passkey-challenge.ts'
import { askPasskey, enterByPasskey } from '../../src/accounts/passkey-sign-in.ts'
import { addPasskey, beginPasskey, passkeysOf, removePasskey, renamePasskey } from '../../src/accounts/passkeys.ts'
import { resumeSession, type Session } from '../../src/accounts/sessions.ts'
import { setPasswordByLink } from '../../src/accounts/set-password.ts'
import { signIn } from '../../src/accounts/sign-in.ts'
import { signUp } from '../../src/accounts/sign-up.ts'
import { updateAccount } from '../../src/store/accounts/accounts.ts'
import { listSecurityLog } from '../../src/store/accounts/security-log.ts'
import { type Accounts, GOOD, HOME, openAccounts } from '../support/accounts.ts'
import { type Faults, makeAuthenticator } from '../support/authenticator.ts'
import { engines } from '../support/databases.ts'

const AT = { origin: 'https://help.acme.test', host: 'help.acme.test' }
const BROWSER = 'the cookie of a browser'
const MINUTE = 60_000

describe.each(engines)('passkeys, on %s', (engine) => {
  let accounts: Accounts
  beforeAll(async () => {
    accounts = await openAccounts(engine)
  })
  afterAll(async () => await accounts.close())

  const newPerson = async (address: string): Promise<Session> => {
    await signUp(accounts.ctx, { name: 'Kim Larsen', address, language: 'da' }, HOME)
    const token = await accounts.token(address, 'welcome')
    const set = await setPasswordByLink(accounts.ctx, { token, password: GOOD, name: null, deviceToken: null }, HOME)
    if (set.kind !== 'in') throw new Error(set.kind)
    return set.session
  }
  const begin = async (session: Session) => {
    const begun = await beginPasskey(accounts.ctx, session, { browser: BROWSER, brand: 'Acme' })
    if (begun.kind !== 'options') throw new Error(begun.kind)
    return begun.options
  }
  const add = async (session: Session, key = makeAuthenticator(AT), faults: Faults = {}, name = 'Telefon') => {
    const made = key.make(await begin(session), faults)
    return { key, ...(await addPasskey(accounts.ctx, session, { made, browser: BROWSER, name }, HOME)) }
  }
  const ask = async () => {
    const options = await askPasskey(accounts.ctx, BROWSER)
    if (!options) throw new Error('no passkeys here')
    return options
  }
  const enter = async (
    key: ReturnType<typeof makeAuthenticator>,
    faults: Faults = {},
    over: { browser?: string; session?: Session | null } = {},
  ) => {
    const answer = key.answer(await ask(), faults)
    return await enterByPasskey(accounts.ctx, { answer, browser: BROWSER, session: null, ...over }, HOME)
  }

  it('V6.3.3: a passkey signs in alone, as two factors in one, and its owner is told that it was added', async () => {
    const session = await newPerson('kim@customer.test')
    const { key, kind } = await add(session)
    expect(kind).toBe('added')
    await updateAccount(accounts.store.db, session.personId, { requires_second: 1 })
    expect(await enter(key)).toMatchObject({ kind: 'in', session: { stage: 'full', ways: ['passkey'] } })
    expect(await passkeysOf(accounts.store.db, session.personId)).toMatchObject([
      { name: 'Telefon', lastUsedAt: '2026-11-20T10:00:00.000Z' },
    ])
    const mail = (await accounts.written('kim@customer.test')).at(-1)
    expect(mail).toMatchObject({ kind: 'second-factor-on', data: { factor: 'passkey' } })
  })

  it('V6.3.3: where a second factor is required and there is a passkey, a password leads to no setting up of another', async () => {
    const wish = { address: 'kim@customer.test', password: GOOD, deviceToken: null, browserToken: null }
    expect(await signIn(accounts.ctx, wish, HOME)).toMatchObject({ kind: 'in', session: { stage: 'second' } })
  })

  it('V7.2.4: whoever is half-way in, or proves themselves anew, gets a new token', async () => {
    const session = await newPerson('anew@customer.test')
    const { key } = await add(session)
    const wish = { address: 'anew@customer.test', password: GOOD, deviceToken: null, browserToken: null }
    const signed = await signIn(accounts.ctx, wish, HOME)
    if (signed.kind !== 'in') throw new Error(signed.kind)
    accounts.world.pass(20 * MINUTE)
    const entered = await enter(key, {}, { session: signed.session })
    expect(entered).toMatchObject({ kind: 'in', session: { id: signed.session.id, ways: ['password', 'passkey'] } })
    expect(await resumeSession(accounts.ctx, signed.token)).toBeNull()
  })

  it('V6.7.2: an answer counts once, within five minutes, from the browser that was asked', async () => {
    const session = await newPerson('once@customer.test')
    const { key } = await add(session)
    const answer = key.answer(await ask())
    const use = async (browser: string) =>
      (await enterByPasskey(accounts.ctx, { answer, browser, session: null }, HOME)).kind
    expect([await use(BROWSER), await use(BROWSER)]).toEqual(['in', 'late'])
    expect((await enter(key, {}, { browser: 'another one' })).kind).toBe('late')
    const late = key.answer(await ask())
    accounts.world.pass(5 * MINUTE)
    expect((await enterByPasskey(accounts.ctx, { answer: late, browser: BROWSER, session: null }, HOME)).kind).toBe(
      'late',
    )
  })

  it('V6.7.2: what was asked for to add a passkey lets nobody in, and the other way round', async () => {
    const session = await newPerson('purpose@customer.test')
    const { key } = await add(session)
    const answer = key.answer({ challenge: (await begin(session)).challenge })
    expect((await enterByPasskey(accounts.ctx, { answer, browser: BROWSER, session: null }, HOME)).kind).toBe('late')
    const options = { ...(await begin(session)), challenge: (await ask()).challenge }
    const made = makeAuthenticator(AT).make(options)
    expect((await addPasskey(accounts.ctx, session, { made, browser: BROWSER, name: '' }, HOME)).kind).toBe('late')
  })

  const wrong: [string, Faults][] = [
    ['from another origin', { origin: 'https://help.acme.test.evil.test' }],
    ['for another host', { host: 'evil.test' }],
    ['of somebody who was not verified', { flags: 0x01 }],
    ['of another kind', { type: 'payment.get' }],
    ['with a wrong signature', { signature: Buffer.from('MEUCIQ', 'base64') }],
    ['of a counter that goes back', { counter: 1 }],
    ['said to be of somebody else', { userHandle: 'AAAA' }],
    ['said to be of nobody', { userHandle: '' }],
  ]
  it('V6.8.2: no answer lets in that is not right in everything, and its owner can read of each', async () => {
    const session = await newPerson('wrong@customer.test')
    const { key } = await add(session)
    for (const _ of [1, 2]) expect((await enter(key)).kind).toBe('in')
    for (const [what, faults] of wrong) {
      expect([what, (await enter(key, faults)).kind]).toEqual([what, 'refused'])
      accounts.world.pass(20 * MINUTE)
    }
    expect((await enter(key, { crossOrigin: true })).kind).toBe('late')
    accounts.world.pass(20 * MINUTE)
    const log = await listSecurityLog(accounts.store.db, session.personId, 50)
    expect(log.filter((it) => it.what === 'passkey-refused')).toHaveLength(wrong.length)
    expect((await enter(key)).kind).toBe('in')
    await updateAccount(accounts.store.db, session.personId, { disabled_at: '2026-11-20T10:00:00.000Z' })
    expect((await enter(key)).kind).toBe('refused')
  })

  it('lets a copy of a passkey in no more than once with the same counter, even at the same moment', async () => {
    const { key } = await add(await newPerson('copy@customer.test'))
    const both = await Promise.all([enter(key, { counter: 9 }), enter(key, { counter: 9 })])
    expect(both.map(({ kind }) => kind).sort()).toEqual(['in', 'refused'])
  })

  it('V6.3.1: wrong answers are slowed down, and cost nobody else', async () => {
    const session = await newPerson('slow@customer.test')
    const { key } = await add(session)
    const stranger = makeAuthenticator(AT)
    const kinds: string[] = []
    for (let tries = 0; tries < 7; tries += 1) kinds.push((await enter(stranger)).kind)
    expect(kinds.slice(0, 4)).toEqual(Array(4).fill('unknown'))
    expect(kinds.at(-1)).toBe('wait')
    expect((await enter(key)).kind).toBe('in')
  })

  it('keeps no passkey of another origin, of a device that verified nobody, with a certificate, or twice', async () => {
    const session = await newPerson('made@customer.test')
    const refused: Faults[] = [
      { origin: 'https://evil.test' },
      { host: 'evil.test' },
      { flags: 0x41 },
      { format: 'packed', attestation: new Map([['x5c', [new Uint8Array([1])]]]) },
      { format: 'made-up' },
    ]
    for (const faults of refused)
      expect([faults, (await add(session, makeAuthenticator(AT), faults)).kind]).toEqual([faults, 'refused'])
    const log = await listSecurityLog(accounts.store.db, session.personId, 10)
    expect(log.map((it) => it.detail)).toContain('it brings a certificate along')
    const { key } = await add(session)
    expect((await add(session, key)).kind).toBe('taken')
    const { excludeCredentials, user, attestation } = await begin(session)
    expect(excludeCredentials).toEqual([{ id: key.id, type: 'public-key', transports: ['internal'] }])
    expect(attestation).toBe('none')
    expect(Buffer.from(user.id, 'base64url').toString('latin1')).not.toContain(session.personId)
  })

  it('V7.5.1: who has proven themselves too long ago neither adds a passkey nor removes one', async () => {
    const session = await newPerson('proven@customer.test')
    const { key } = await add(session)
    accounts.world.pass(14 * MINUTE)
    const made = makeAuthenticator(AT).make(await begin(session))
    accounts.world.pass(MINUTE)
    expect((await addPasskey(accounts.ctx, session, { made, browser: BROWSER, name: '' }, HOME)).kind).toBe('unproven')
    const [passkey] = await passkeysOf(accounts.store.db, session.personId)
    expect(passkey?.id).toBe(key.id)
    expect(await removePasskey(accounts.ctx, session, passkey?.key ?? '', HOME)).toBe('unproven')
    const begun = await beginPasskey(accounts.ctx, session, { browser: BROWSER, brand: 'Acme' })
    expect(begun.kind).toBe('unproven')
  })

  it('takes no passkey of somebody else while a person is signed in', async () => {
    const [one, two] = [await newPerson('one@customer.test'), await newPerson('two@customer.test')]
    const { key } = await add(two)
    expect((await enter(key, {}, { session: one })).kind).toBe('other')
  })

  it('V6.3.7: a passkey is renamed and removed by its owner alone, told by mail, and never the last way in', async () => {
    const address = 'last@customer.test'
    const [session, other] = [await newPerson(address), await newPerson('other@customer.test')]
    const { key } = await add(session)
    await add(session, makeAuthenticator(AT), {}, 'Nøgle')
    const [first, second] = await passkeysOf(accounts.store.db, session.personId)
    if (!first || !second) throw new Error('there are not two')
    expect(await renamePasskey(accounts.ctx, other, { key: first.key, name: 'Mine' }, HOME)).toBe(false)
    expect(await removePasskey(accounts.ctx, other, first.key, HOME)).toBe('unknown')
    expect(await renamePasskey(accounts.ctx, session, { key: first.key, name: ' Ny ' }, HOME)).toBe(true)
    await updateAccount(accounts.store.db, session.personId, { password_hash: null })
    const both = [first, second].map(async (it) => await removePasskey(accounts.ctx, session, it.key, HOME))
    expect((await Promise.all(both)).sort()).toEqual(['last', 'removed'])
    expect(await passkeysOf(accounts.store.db, session.personId)).toHaveLength(1)
    expect((await accounts.written(address)).at(-1)).toMatchObject({ kind: 'second-factor-off' })
    expect(['in', 'unknown']).toContain((await enter(key)).kind)
  })
})

it.each([
  ['https://help.acme.test/support', 'help.acme.test'],
  ['http://localhost:8025', 'localhost'],
  ['http://help.acme.test', undefined],
  ['https://192.0.2.1', undefined],
  ['https://[2001:db8::1]', undefined],
])('passkeys at %s are those of %s', (url, host) => {
  expect(passkeyPlace(url)?.host).toBe(host)
})
