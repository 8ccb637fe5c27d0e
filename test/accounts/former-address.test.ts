import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resendLink } from '../../src/accounts/resend-link.ts'
import { setPasswordByLink } from '../../src/accounts/set-password.ts'
import { askWayBack, signUp } from '../../src/accounts/sign-up.ts'
import { addAddress, findPersonByAddress, setPrimary } from '../../src/store/people.ts'
import { type Accounts, AWAY, GOOD, HOME, openAccounts } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'

const AT = '2026-11-20T10:00:00.000Z'
const [OLD, NEW] = ['kim@former.test', 'kim@present.test']

describe.each(engines)('an address that somebody gave up, on %s', (engine) => {
  let accounts: Accounts
  let early: string
  const start = async (address: string) => await signUp(accounts.ctx, { name: 'Kim', address, language: 'da' }, HOME)
  const use = async (token: string) =>
    await setPasswordByLink(accounts.ctx, { token, password: GOOD, name: null, deviceToken: null }, AWAY)

  beforeAll(async () => {
    accounts = await openAccounts(engine)
    await start(OLD)
    early = await accounts.token(OLD, 'welcome')
    await start(OLD)
    expect(await use(await accounts.token(OLD, 'welcome'))).toMatchObject({ kind: 'in' })
    const person = await findPersonByAddress(accounts.store.db, OLD)
    await addAddress(accounts.store.db, person?.id ?? '', NEW, AT)
    await setPrimary(accounts.store.db, person?.id ?? '', NEW)
  })
  afterAll(async () => await accounts.close())

  it('V6.4.1: gets no link by signing up with it: whoever reads mail there may be anybody by now', async () => {
    const before = (await accounts.written(OLD)).length
    await start(OLD)
    expect((await accounts.written(OLD)).length).toBe(before)
    expect((await accounts.written(NEW)).map((it) => it.kind)).toEqual(['account-exists'])
  })

  it('V6.4.1: opens the account by no link that was sent there before', async () => {
    expect(await use(early)).toEqual({ kind: 'link', state: 'unknown' })
  })

  it('V6.4.1: gets no new link in the place of one that is over, nor one for a password that was forgotten', async () => {
    const before = (await accounts.written(OLD)).length
    accounts.world.pass(25 * 3_600_000)
    await resendLink(accounts.ctx, early)
    await askWayBack(accounts.ctx, { address: OLD, way: 'reset', language: 'da' }, AWAY)
    expect((await accounts.written(OLD)).length).toBe(before)
  })
})
