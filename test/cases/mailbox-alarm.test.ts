import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mailboxDown, mailboxUp } from '../../src/cases/mailbox-alarm.ts'
import { PosthornError } from '../../src/core/errors.ts'
import { loadNotice } from '../../src/store/notices.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ADMIN = 'admin@acme.test'
const MINUTE = 60_000
const away = new PosthornError('imap-connect', 'mailbox support: nobody answers at mail.acme.test:993')

describe.each(engines)('the alarm about a mailbox on %s', (engine) => {
  let desk: HelpDesk
  let since: number
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    since = desk.world.now()
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const down = async ({ administrator = ADMIN as string | null, refused = false, error = away as unknown } = {}) =>
    await mailboxDown(desk.ctx, administrator, { mailbox: 'support', since, error, refused })
  const up = async (administrator: string | null = ADMIN) => await mailboxUp(desk.ctx, administrator, 'support')
  const notices = async () => {
    const rows = await desk.store.db.selectFrom('outbox').selectAll().orderBy('id').execute()
    return await Promise.all(
      rows.map(
        async (row) =>
          await loadNotice(desk.store.db, row, {
            secrets: desk.ctx.policy.secrets,
            mailbox: () => ({ address: 'support@acme.test', plusAddress: true, verp: true }),
          }),
      ),
    )
  }
  const recipients = async () => (await notices()).map((it) => it.to.address)

  it('is raised after a quarter of an hour, once, and tells since when and why', async () => {
    desk.world.pass(15 * MINUTE - 1)
    expect(await down()).toBe(false)
    expect(await notices()).toEqual([])
    desk.world.pass(1)
    expect(await down()).toBe(true)
    expect(await down()).toBe(true)
    expect(await notices()).toMatchObject([
      {
        kind: 'mailbox-alarm',
        to: { address: ADMIN },
        language: 'da',
        alarm: { mailbox: 'support', since: '2026-11-20T10:00:00.000Z', error: away.message, recoveredAt: null },
      },
    ])
  })

  it('is raised after two minutes where the login is refused', async () => {
    desk.world.pass(2 * MINUTE - 1)
    expect(await down({ refused: true })).toBe(false)
    desk.world.pass(1)
    expect(await down({ refused: true })).toBe(true)
    expect(await recipients()).toEqual([ADMIN])
  })

  it('is raised by one of many programs that watch the mailbox', async () => {
    desk.world.pass(20 * MINUTE)
    await Promise.all([down(), down(), down(), down()])
    expect(await recipients()).toEqual([ADMIN])
  })

  it('is not raised again by a program that was started anew', async () => {
    desk.world.pass(20 * MINUTE)
    await down()
    since = desk.world.now()
    desk.world.pass(20 * MINUTE)
    await down()
    expect(await recipients()).toEqual([ADMIN])
  })

  it('ends with another mail, once, whoever reaches the mailbox first', async () => {
    desk.world.pass(20 * MINUTE)
    await down()
    desk.world.pass(10 * MINUTE)
    await Promise.all([up(), up(), up()])
    expect((await notices()).slice(1)).toMatchObject([
      { to: { address: ADMIN }, alarm: { since: '2026-11-20T10:00:00.000Z', recoveredAt: '2026-11-20T10:30:00.000Z' } },
    ])
  })

  it('is raised anew in the next outage', async () => {
    desk.world.pass(20 * MINUTE)
    await down()
    await up()
    since = desk.world.now()
    desk.world.pass(20 * MINUTE)
    await down()
    expect(await recipients()).toEqual([ADMIN, ADMIN, ADMIN])
  })

  it('that was never raised does not end', async () => {
    desk.world.pass(5 * MINUTE)
    await down()
    await up()
    expect(await notices()).toEqual([])
  })

  it('goes to every agent, in their language, where no administrator is named', async () => {
    desk.world.pass(20 * MINUTE)
    await down({ administrator: null })
    expect((await notices()).map((it) => [it.to.address, it.language])).toEqual([
      ['anna@private.test', 'en'],
      ['bo@private.test', 'da'],
    ])
  })

  it('goes to an administrator who is an agent, or a customer, all the same', async () => {
    await desk.take({ from: { name: 'Pat', address: 'pat@customer.test' }, automatic: { kind: 'bulk', evidence: 'x' } })
    await desk.store.db.deleteFrom('outbox').execute()
    desk.world.pass(20 * MINUTE)
    await down({ administrator: 'Anna@private.test' })
    await up('pat@customer.test')
    expect(await notices()).toMatchObject([
      { to: { name: 'Anna Holm', address: 'anna@private.test' }, language: 'en' },
      { to: { address: 'pat@customer.test' } },
    ])
  })

  it('shortens what a server says', async () => {
    desk.world.pass(20 * MINUTE)
    await down({ error: new Error('x'.repeat(5_000)) })
    const [notice] = await notices()
    expect(notice?.kind === 'mailbox-alarm' && notice.alarm.error.length).toBe(500)
  })
})
