import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Entered } from '../../src/accounts/enter.ts'
import {
  type Arrived,
  arrive,
  chooseAccount,
  identitiesOf,
  linkIdentity,
  unlinkIdentity,
  whatNow,
} from '../../src/accounts/identities.ts'
import { beginVisit, endVisit, IDENTITY_LIFE, type VisitWish } from '../../src/accounts/identity-visit.ts'
import { askToMove, moveByLink, moveByPassword } from '../../src/accounts/move-identity.ts'
import type { ProvenIdentity } from '../../src/accounts/proven-identity.ts'
import { resumeSession, SESSION_LIFE, type Session } from '../../src/accounts/sessions.ts'
import { setPasswordByLink } from '../../src/accounts/set-password.ts'
import { signUp } from '../../src/accounts/sign-up.ts'
import { updateAccount } from '../../src/store/accounts/accounts.ts'
import { writeFactor } from '../../src/store/accounts/factors.ts'
import { listSecurityLog } from '../../src/store/accounts/security-log.ts'
import { type Accounts, AWAY, GOOD, HOME, openAccounts } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'

const ISSUER = 'https://login.example.com'
const providers = { list: [{ name: 'ms', label: 'Microsoft', issuer: ISSUER }] }
const ENTER: VisitWish = { provider: 'ms', wants: 'enter', personId: null, to: '/cases' }

const identity = (subject: string, over: Partial<ProvenIdentity> = {}): ProvenIdentity => ({
  ...{ provider: 'ms', providerLabel: 'Microsoft', issuer: ISSUER, subject, label: `${subject}@ms.test` },
  ...{ name: 'Kim', address: `${subject}@ms.test`, strong: false },
  ...over,
})

describe.each(engines)('identities at providers, on %s', (engine) => {
  let accounts: Accounts
  beforeAll(async () => {
    accounts = await openAccounts(engine)
  })
  afterAll(async () => await accounts.close())
  // Whoever was wrong in one test has not to wait in the next.
  afterEach(() => accounts.world.pass(4 * 3_600_000))

  let people = 0
  /** Somebody with an account, signed in just now. */
  const newAccount = async (): Promise<Entered & { address: string; personId: string }> => {
    people += 1
    const address = `person${people}@customer.test`
    await signUp(accounts.ctx, { name: `Person ${people}`, address, language: 'en' }, HOME)
    const token = await accounts.token(address, 'welcome')
    const set = await setPasswordByLink(accounts.ctx, { token, password: GOOD, name: null, deviceToken: null }, HOME)
    if (set.kind !== 'in') throw new Error(set.kind)
    return { ...set, address, personId: set.session.personId }
  }
  const come = async (it: ProvenIdentity, wish: VisitWish = ENTER): Promise<Arrived> =>
    await arrive(accounts.ctx, it, { wish, deviceToken: null }, HOME)
  /** The token of an identity that waits to be decided about. */
  const kept = async (it: ProvenIdentity, wish: VisitWish = ENTER): Promise<string> => {
    const arrived = await come(it, wish)
    if (arrived.kind !== 'ask') throw new Error(arrived.kind)
    return arrived.token
  }
  const linkFor = async (session: Session, it: ProvenIdentity) => {
    const wish = { ...ENTER, wants: 'link', personId: session.personId } as const
    return await linkIdentity(accounts.ctx, session, await kept(it, wish), HOME)
  }
  const logOf = async (personId: string) =>
    (await listSecurityLog(accounts.store.db, personId, 50)).map(({ what, detail }) => `${what} ${detail}`.trim())
  const labelsOf = async (personId: string) =>
    (await identitiesOf(accounts.store.db, providers, personId)).map((it) => it.label)
  const changes = async (address: string) =>
    (await accounts.written(address)).filter((it) => it.kind === 'identity-changed').map((it) => it.data.change)

  describe('a visit to a provider', () => {
    const begin = async () => await beginVisit(accounts.ctx, ENTER)

    it('V10.1.2: ends well in the browser that it began in, and once', async () => {
      const [mine, theirs] = [await begin(), await begin()]
      const { state } = mine.secrets
      expect(await endVisit(accounts.ctx, theirs.token, { provider: 'ms', state })).toBeNull()
      expect(await endVisit(accounts.ctx, null, { provider: 'ms', state })).toBeNull()
      expect(await endVisit(accounts.ctx, mine.token, { provider: 'ms', state: `${state}x` })).toBeNull()
      expect(await endVisit(accounts.ctx, mine.token, { provider: 'ms', state: '' })).toBeNull()
      expect(await endVisit(accounts.ctx, mine.token, { provider: 'ms', state })).toMatchObject(ENTER)
      expect(await endVisit(accounts.ctx, mine.token, { provider: 'ms', state })).toBeNull()
    })

    it('V10.2.2: ends at the provider that it began for', async () => {
      const { token, secrets } = await begin()
      expect(await endVisit(accounts.ctx, token, { provider: 'other', state: secrets.state })).toBeNull()
    })

    it('is over after 15 minutes', async () => {
      const { token, secrets } = await begin()
      accounts.world.pass(IDENTITY_LIFE.visit)
      expect(await endVisit(accounts.ctx, token, { provider: 'ms', state: secrets.state })).toBeNull()
    })

    it('has secrets that are all different, and none of them is what the browser keeps', async () => {
      const all = [await begin(), await begin()].flatMap(({ token, secrets }) => [token, ...Object.values(secrets)])
      expect(new Set(all).size).toBe(8)
      const rows = await accounts.store.db.selectFrom('challenges').selectAll().execute()
      expect(JSON.stringify(rows)).not.toContain(all[0])
    })
  })

  it('signs in by an identity that was linked, with a new session, and says so in the log', async () => {
    const kim = await newAccount()
    expect(await linkFor(kim.session, identity('kim'))).toBe('linked')
    const arrived = await come(identity('kim', { label: 'kim@new.test' }))
    expect(arrived).toMatchObject({
      kind: 'in',
      session: { stage: 'full', ways: ['identity'], personId: kim.personId },
    })
    expect(arrived.kind === 'in' && arrived.token).not.toBe(kim.token)
    expect(await labelsOf(kim.personId)).toEqual(['kim@new.test'])
    expect((await logOf(kim.personId)).slice(0, 2)).toEqual([
      'signed-in identity',
      'identity-linked Microsoft: kim@ms.test',
    ])
  })

  it('V6.3.7: tells the person of each identity that is linked or taken away', async () => {
    const kim = await newAccount()
    await linkFor(kim.session, identity('told'))
    const [it] = await identitiesOf(accounts.store.db, providers, kim.personId)
    expect(await unlinkIdentity(accounts.ctx, providers, kim.session, it?.key ?? '', HOME)).toBe('unlinked')
    expect(await changes(kim.address)).toEqual(['linked', 'unlinked'])
    expect(await come(identity('told'))).toMatchObject({ kind: 'ask' })
  })

  it('V10.5.2: opens nothing by an address that a provider tells, proven or not', async () => {
    const victim = await newAccount()
    const token = await kept(identity('attacker', { address: victim.address, label: victim.address }))
    expect(await whatNow(accounts.ctx, token, null)).toMatchObject({ kind: 'unknown' })
    expect(await labelsOf(victim.personId)).toEqual([])
  })

  it('V6.8.1: knows a subject at one issuer from the same one at another', async () => {
    const kim = await newAccount()
    await linkFor(kim.session, identity('same'))
    expect(await come(identity('same', { issuer: 'https://evil.example' }))).toMatchObject({ kind: 'ask' })
  })

  it('asks for the second factor all the same, but where the provider is believed to have checked two', async () => {
    const kim = await newAccount()
    await linkFor(kim.session, identity('second'))
    const at = new Date(accounts.world.now()).toISOString()
    const factor = { person_id: kim.personId, kind: 'totp', secret: 'x', created_at: at, last_step: null } as const
    await writeFactor(accounts.store.db, { ...factor, confirmed_at: at })
    expect(await come(identity('second'))).toMatchObject({ kind: 'in', session: { stage: 'second' } })
    expect(await come(identity('second', { strong: true }))).toMatchObject({ kind: 'in', session: { stage: 'full' } })
  })

  it('lets nobody in whose account was disabled', async () => {
    const kim = await newAccount()
    await linkFor(kim.session, identity('disabled'))
    await updateAccount(accounts.store.db, kim.personId, { disabled_at: '2026-11-20T10:00:00.000Z' })
    expect(await come(identity('disabled'))).toEqual({ kind: 'closed' })
  })

  describe('V7.5.1: whoever has not proven themselves lately', () => {
    it('links, moves and unlinks nothing', async () => {
      const [kim, pat] = [await newAccount(), await newAccount()]
      await linkFor(kim.session, identity('stale'))
      await linkFor(pat.session, identity('theirs'))
      const [own] = await identitiesOf(accounts.store.db, providers, kim.personId)
      accounts.world.pass(SESSION_LIFE.proven)
      const token = await kept(identity('theirs'), { ...ENTER, wants: 'link', personId: kim.personId })
      const wish = { token, from: pat.personId, password: GOOD }
      expect(await linkIdentity(accounts.ctx, kim.session, token, HOME)).toBe('unproven')
      expect(await moveByPassword(accounts.ctx, kim.session, wish, HOME)).toEqual({ kind: 'unproven' })
      await askToMove(accounts.ctx, kim.session, wish, HOME)
      expect((await accounts.written(pat.address)).map((it) => it.kind)).not.toContain('identity-move')
      expect(await unlinkIdentity(accounts.ctx, providers, kim.session, own?.key ?? '', HOME)).toBe('unproven')
    })
  })

  it('links to nobody but whoever set out to link, and once', async () => {
    const [kim, pat] = [await newAccount(), await newAccount()]
    const token = await kept(identity('mine'), { ...ENTER, wants: 'link', personId: kim.personId })
    expect(await whatNow(accounts.ctx, token, pat.session)).toEqual({ kind: 'over' })
    expect(await linkIdentity(accounts.ctx, pat.session, token, HOME)).toBe('over')
    expect(await whatNow(accounts.ctx, token, kim.session)).toMatchObject({ kind: 'link', others: [] })
    expect(await linkIdentity(accounts.ctx, kim.session, token, HOME)).toBe('linked')
    expect(await linkIdentity(accounts.ctx, kim.session, token, HOME)).toBe('over')
  })

  it('links an identity that was not known, once its person has signed in, within the hour', async () => {
    const kim = await newAccount()
    const [token, late] = [await kept(identity('unknown')), await kept(identity('late'))]
    expect(await whatNow(accounts.ctx, token, kim.session)).toMatchObject({ kind: 'link', others: [] })
    expect(await linkIdentity(accounts.ctx, kim.session, token, HOME)).toBe('linked')
    accounts.world.pass(IDENTITY_LIFE.proven)
    expect(await whatNow(accounts.ctx, late, kim.session)).toEqual({ kind: 'over' })
  })

  it('never takes the last way in, nor all of them at once', async () => {
    const kim = await newAccount()
    const subjects = ['a', 'b', 'c', 'd', 'e', 'last']
    for (const subject of subjects) await linkFor(kim.session, identity(subject))
    await updateAccount(accounts.store.db, kim.personId, { password_hash: null })
    const keys = (await identitiesOf(accounts.store.db, providers, kim.personId)).map((it) => it.key)
    const unlink = async (key: string) => await unlinkIdentity(accounts.ctx, providers, kim.session, key, HOME)
    expect((await Promise.all(keys.map(unlink))).sort()).toEqual(['last', ...new Array<string>(5).fill('unlinked')])
    expect(await labelsOf(kim.personId)).toHaveLength(1)
  })

  it('keeps the last way in beside a password that no mail could ever set anew', async () => {
    const kim = await newAccount()
    await linkFor(kim.session, identity('unread'))
    await accounts.store.db
      .updateTable('person_addresses')
      .set({ verified_at: null })
      .where('address', '=', kim.address)
      .execute()
    const [own] = await identitiesOf(accounts.store.db, providers, kim.personId)
    expect(await unlinkIdentity(accounts.ctx, providers, kim.session, own?.key ?? '', HOME)).toBe('last')
  })

  describe('an identity for two accounts', () => {
    it('lets its person choose, and opens none that it was not linked to', async () => {
      const [kim, desk, other] = [await newAccount(), await newAccount(), await newAccount()]
      await linkFor(kim.session, identity('roles'))
      expect(await linkFor(desk.session, identity('roles'))).toBe('linked')
      const token = await kept(identity('roles'))
      const now = await whatNow(accounts.ctx, token, null)
      expect(now.kind === 'choose' && now.accounts.map((it) => it.person.address)).toEqual([kim.address, desk.address])
      const choose = async (personId: string) =>
        await chooseAccount(accounts.ctx, { token, personId, deviceToken: null }, AWAY)
      expect(await choose(other.personId)).toBeNull()
      expect(await choose(desk.personId)).toMatchObject({ session: { personId: desk.personId, ways: ['identity'] } })
      expect(await choose(desk.personId)).toBeNull()
    })
  })

  describe('an identity that opens another account', () => {
    const conflict = async (subject: string) => {
      const [giver, taker] = [await newAccount(), await newAccount()]
      await linkFor(giver.session, identity(subject))
      const wish = { ...ENTER, wants: 'link', personId: taker.personId } as const
      return { giver, taker, token: await kept(identity(subject), wish) }
    }

    it('is said to, and moves by the password of that account: both are told, and both logs say so', async () => {
      const { giver, taker, token } = await conflict('moves')
      const now = await whatNow(accounts.ctx, token, taker.session)
      expect(now).toMatchObject({ kind: 'link', others: [{ person: { address: giver.address } }] })
      const wish = { token, from: giver.personId, password: GOOD }
      expect(await moveByPassword(accounts.ctx, taker.session, wish, HOME)).toMatchObject({ kind: 'moved' })
      expect(await come(identity('moves'))).toMatchObject({ kind: 'in', session: { personId: taker.personId } })
      expect((await changes(giver.address)).at(-1)).toBe('moved-away')
      expect((await changes(taker.address)).at(-1)).toBe('moved-here')
      const masked = (address: string) => `${address.slice(0, 1)}…@customer.test`
      expect((await logOf(giver.personId))[0]).toBe(
        `identity-moved-away Microsoft: moves@ms.test → ${masked(taker.address)}`,
      )
      expect(await logOf(taker.personId)).toContain(
        `identity-moved Microsoft: moves@ms.test ← ${masked(giver.address)}`,
      )
      expect(await moveByPassword(accounts.ctx, taker.session, wish, HOME)).toEqual({ kind: 'over' })
    })

    it('V6.3.1: is not moved by a wrong password, and guessing is slowed as signing in is', async () => {
      const { giver, taker, token } = await conflict('guess')
      const wish = { token, from: giver.personId, password: 'wrong wrong wrong wrong' }
      const guess = async () => (await moveByPassword(accounts.ctx, taker.session, wish, AWAY)).kind
      for (let tries = 0; tries < 5; tries += 1) expect(await guess()).toBe('wrong')
      expect(await guess()).toBe('wait')
      expect(await labelsOf(giver.personId)).toEqual(['guess@ms.test'])
    })

    it('is moved from nobody whose account it does not open', async () => {
      const { taker, token } = await conflict('stranger')
      const stranger = await newAccount()
      const wish = { token, from: stranger.personId, password: GOOD }
      expect(await moveByPassword(accounts.ctx, taker.session, wish, HOME)).toEqual({ kind: 'over' })
    })

    it('moves by a link to the address of that account, once', async () => {
      const { giver, taker, token } = await conflict('mailed')
      await askToMove(accounts.ctx, taker.session, { token, from: giver.personId }, HOME)
      const mail = (await accounts.written(giver.address)).at(-1)
      expect(mail).toMatchObject({ kind: 'identity-move', data: { hours: 1, newAddress: 'p…@customer.test' } })
      const link = await accounts.token(giver.address, 'identity-move')
      expect(await labelsOf(giver.personId)).toHaveLength(1)
      expect(await moveByLink(accounts.ctx, link, AWAY)).toEqual({ kind: 'moved', address: taker.address })
      expect(await moveByLink(accounts.ctx, link, AWAY)).toEqual({ kind: 'link', state: 'spent' })
      expect(await labelsOf(giver.personId)).toEqual([])
      expect(await labelsOf(taker.personId)).toEqual(['mailed@ms.test'])
    })

    it('stays where the link is over, or went to an address that is theirs no more', async () => {
      const { giver, taker, token } = await conflict('overdue')
      await askToMove(accounts.ctx, taker.session, { token, from: giver.personId }, HOME)
      const link = await accounts.token(giver.address, 'identity-move')
      await accounts.store.db
        .updateTable('account_links')
        .set({ address: 'before@customer.test' })
        .where('purpose', '=', 'move-identity')
        .where('person_id', '=', giver.personId)
        .execute()
      expect(await moveByLink(accounts.ctx, link, HOME)).toEqual({ kind: 'link', state: 'spent' })
      accounts.world.pass(3_600_000)
      expect(await moveByLink(accounts.ctx, link, HOME)).toEqual({ kind: 'link', state: 'expired' })
      expect(await labelsOf(giver.personId)).toHaveLength(1)
    })

    it('stays where it is the only way in', async () => {
      const { giver, taker, token } = await conflict('only')
      await askToMove(accounts.ctx, taker.session, { token, from: giver.personId }, HOME)
      await updateAccount(accounts.store.db, giver.personId, { password_hash: null })
      const link = await accounts.token(giver.address, 'identity-move')
      expect(await moveByLink(accounts.ctx, link, HOME)).toEqual({ kind: 'last' })
      expect(await labelsOf(giver.personId)).toHaveLength(1)
    })
  })

  it('V7.2.4: gives no session that was there before', async () => {
    const kim = await newAccount()
    await linkFor(kim.session, identity('fresh'))
    const [one, two] = [await come(identity('fresh')), await come(identity('fresh'))]
    if (one.kind !== 'in' || two.kind !== 'in') throw new Error('nobody came in')
    expect(new Set([kim.token, one.token, two.token]).size).toBe(3)
    expect(await resumeSession(accounts.ctx, two.token)).toMatchObject({ personId: kim.personId })
  })
})
