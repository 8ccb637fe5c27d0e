import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountContext } from '../../src/accounts/context.ts'
import { makeHasher } from '../../src/accounts/hasher.ts'
import { helpBackIn } from '../../src/accounts/help-back-in.ts'
import { disableAccount } from '../../src/accounts/manage.ts'
import { PASSWORD_PRESETS } from '../../src/accounts/password-rules.ts'
import { setPasswordByLink } from '../../src/accounts/set-password.ts'
import { listSecurityLog } from '../../src/store/accounts/security-log.ts'
import { findPersonByAddress, markVerified } from '../../src/store/people.ts'
import { suppressAddress } from '../../src/store/suppressions.ts'
import { GOOD, HOME, PORTAL } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const KIM = 'kim@customer.test'
const AT = '2026-01-01T00:00:00.000Z'

describe.each(engines)("an agent's #reset, on %s", (engine) => {
  let desk: HelpDesk
  let accounts: AccountContext
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    const { store } = desk
    let secrets = 0
    const world = { ...desk.world, secret: (bytes: number) => Buffer.alloc(bytes, ++secrets) }
    accounts = {
      ...{ store, world, hasher: makeHasher({ memory: 8, passes: 1, atOnce: 1, waiting: 10 }), sms: null },
      policy: {
        ...desk.ctx.policy,
        portalUrl: PORTAL,
        passwords: PASSWORD_PRESETS.nist,
        requireSecond: { agents: false, contacts: false },
      },
    }
    desk.ctx.policy = { ...desk.ctx.policy, portalUrl: PORTAL }
    desk.ctx.accounts = { helpBackIn: async (tx, person, by) => await helpBackIn(tx, accounts, person, by) }
    await desk.take({ reply: 'Nulstil min adgangskode, tak.' })
  })
  afterEach(async () => await desk.store.close())

  const command = async (reply: string) => await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply })
  const rows = async (kind: string) =>
    (
      await desk.store.db
        .selectFrom('outbox')
        .select(['to_address as to', 'status', 'data'])
        .where('kind', '=', kind)
        .orderBy('id')
        .execute()
    ).map(({ data, ...row }) => ({ ...row, data: JSON.parse(data) }))
  const prove = async () => await desk.store.transaction(async (tx) => await markVerified(tx, KIM, AT))
  const refusal = async () => (await rows('command-receipt')).at(-1)?.data.refused

  it('writes to somebody without an account how to make one, and to others how to set a new password', async () => {
    await prove()
    expect(await command('#reset')).toMatchObject({ decision: 'command' })
    const [welcome] = await rows('welcome')
    expect(welcome).toMatchObject({ to: KIM, status: 'waiting', data: { hours: 24 } })
    expect((await rows('command-receipt')).at(-1)?.data).toMatchObject({
      done: [{ key: 'welcome', value: KIM }],
      refused: [],
    })
    const token = welcome?.data.url.split('/').at(-1)
    const wish = { token, password: GOOD, name: null, deviceToken: null }
    expect(await setPasswordByLink(accounts, wish, HOME)).toMatchObject({ kind: 'in' })

    await command('#reset\nDu får en mail nu.')
    expect(await rows('reset-password')).toMatchObject([{ to: KIM, status: 'waiting' }])
    const it = await desk.show(1)
    expect(it.log.filter(({ what }) => what === 'account')).toMatchObject([
      { actor: 'Anna Holm', to: 'welcome' },
      { actor: 'Anna Holm', to: 'reset-password' },
    ])
    expect(it.comments.at(-1)?.text).toBe('Du får en mail nu.')
    const person = await findPersonByAddress(desk.store.db, KIM)
    const log = await listSecurityLog(desk.store.db, person?.id ?? '', 9)
    expect(log[0]).toMatchObject({ what: 'reset-asked', actor: 'Anna Holm', detail: 'case #1' })
  })

  it('V6.4.6: shows the link to nobody but its owner', async () => {
    await prove()
    await command('#reset')
    const token = (await rows('welcome'))[0]?.data.url.split('/').at(-1)
    expect(token).toHaveLength(43)
    expect(JSON.stringify(await desk.show(1))).not.toContain(token)
    expect(JSON.stringify(await rows('command-receipt'))).not.toContain(token)
  })

  it.each([
    ['an address that nobody is shown to read', 'unproven-contact', async () => undefined],
    [
      'an address that mail came back from',
      'suppressed-contact',
      async () => {
        await prove()
        const row = { address: KIM, reason: '550 no such user', at: AT, row: null }
        await desk.store.transaction(async (tx) => await suppressAddress(tx, row))
      },
    ],
    [
      'a disabled account',
      'disabled-account',
      async () => {
        await prove()
        const person = await findPersonByAddress(desk.store.db, KIM)
        if (!person) throw new Error('nobody')
        await desk.store.transaction(async (tx) => await disableAccount(tx, accounts, person, 'administrator'))
      },
    ],
    [
      'no web pages',
      'no-portal',
      async () => {
        await prove()
        desk.ctx.policy = { ...desk.ctx.policy, portalUrl: null }
      },
    ],
  ])('is refused for %s', async (_, why, arrange) => {
    await arrange()
    await command('#reset\nDu får en mail nu.')
    expect(await refusal()).toEqual([{ line: '#reset', why }])
    expect([...(await rows('welcome')), ...(await rows('reset-password')), ...(await rows('comment-added'))]).toEqual(
      [],
    )
  })

  it('is refused beside another contact: the mail would go to somebody whom the case was not', async () => {
    await prove()
    await command('#contact lee@elsewhere.test\n#reset')
    expect(await refusal()).toEqual([{ line: '#reset', why: 'not-together' }])
    expect((await desk.show(1)).contact.address).toBe(KIM)
  })

  it("is nothing in a customer's mail", async () => {
    await prove()
    await desk.take({ to: [desk.key(1, 'customer')], reply: '#reset' })
    expect(await rows('welcome')).toEqual([])
  })
})
