import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reportTooLarge } from '../../src/cases/too-large.ts'
import { loadNotice } from '../../src/store/notices.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'
import { makeMessage } from '../support/messages.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const HOUR = 3_600_000

describe.each(engines)('budgets on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const rows = async (kind: string) =>
    await desk.store.db
      .selectFrom('outbox')
      .select(['id', 'status', 'last_error', 'to_address'])
      .where('kind', '=', kind)
      .orderBy('id')
      .execute()
  const statuses = async (kind: string) => (await rows(kind)).map((row) => row.status)

  it('acknowledge one mail of a sender in an hour, and write down why the others are not', async () => {
    await desk.take({})
    await desk.take({})
    desk.world.pass(HOUR)
    await desk.take({})
    expect(await statuses('case-received')).toEqual(['waiting', 'suppressed', 'waiting'])
    expect((await rows('case-received'))[1]?.last_error).toContain('less than an hour ago')
    await expect(desk.show(3)).resolves.toMatchObject({ number: 3 })
  })

  it('count a mail that is too large as well, and send nothing of the sender back', async () => {
    const tooLarge = (uid: number) =>
      reportTooLarge(desk.ctx, {
        place: { mailbox: 'support', uidValidity: '1', uid },
        size: 9_000_000,
        limit: 1_000_000,
        message: makeMessage({ subject: 'Visit evil dot example' }),
      })
    await tooLarge(901)
    await tooLarge(902)
    await desk.take({})
    expect(await statuses('mail-too-large')).toEqual(['waiting', 'suppressed'])
    expect(await statuses('case-received')).toEqual(['suppressed'])
    const data = await desk.store.db.selectFrom('outbox').select('data').where('kind', '=', 'mail-too-large').execute()
    expect(JSON.stringify(data)).not.toContain('evil')
  })

  it('acknowledge so many mails of one address in a day', async () => {
    for (let hour = 0; hour < 23; hour++) {
      await desk.take({})
      desk.world.pass(HOUR)
    }
    const all = await statuses('case-received')
    expect(all.filter((status) => status === 'waiting')).toHaveLength(10)
    desk.world.pass(HOUR)
    await desk.take({})
    expect((await statuses('case-received')).at(-1)).toBe('waiting')
  })

  it('acknowledge so many mails of one domain in a day', async () => {
    desk.ctx.policy = { ...desk.ctx.policy, budgets: { ...desk.ctx.policy.budgets, perDomainPerDay: 3 } }
    for (let n = 0; n < 5; n++) await desk.take({ from: { name: null, address: `p${n}@h${n}.customer.test` } })
    for (let n = 0; n < 5; n++) await desk.take({ from: { name: null, address: `p${n}@gmail.com` } })
    expect((await statuses('case-received')).filter((status) => status === 'waiting')).toHaveLength(3 + 5)
  })

  it('forget what they no longer need', async () => {
    for (let n = 0; n < 5; n++) await desk.take({ from: { name: null, address: `p${n}@customer${n}.test` } })
    desk.world.pass(25 * HOUR)
    await desk.take({})
    const counters = await desk.store.db.selectFrom('budget_counters').select('name').orderBy('name').execute()
    expect(counters.map((row) => row.name)).toEqual([
      'acknowledged kim@customer.test',
      'address kim@customer.test',
      'cleaning',
      'domain customer.test',
      'told kim@customer.test',
    ])
  })

  it('let mail reopen a case so often in a day, and tell of each answer all the same', async () => {
    await desk.take({})
    for (let n = 0; n < 7; n++) {
      await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: `#solved\nLøst ${n}` })
      desk.world.pass(60_000)
      await desk.take({ to: [desk.key(1, 'customer')], reply: `Nej ${n}` })
    }
    const it = await desk.show(1)
    expect(it.status).toBe('solved')
    expect(it.comments).toHaveLength(14)
    expect(it.log.filter((row) => row.what === 'status' && row.to === 'open')).toHaveLength(5)
    expect(it.log.filter((row) => row.what === 'not-reopened')).toMatchObject([
      { to: 'reopened 5 times within a day (budgets.reopensPerDay)' },
      {},
    ])
    const told = (await rows('comment-added-agent')).filter((row) => row.to_address === ANNA.address)
    expect(told.map((row) => row.status)).toEqual(Array(7).fill('waiting'))
    desk.world.pass(24 * HOUR)
    await desk.take({ to: [desk.key(1, 'customer')], reply: 'Stadig ikke' })
    expect((await desk.show(1)).status).toBe('open')
  })

  it('send the title back only to a sender who is proven', async () => {
    await desk.take({ subject: 'Køb nu' })
    const [row] = await desk.store.db.selectFrom('outbox').selectAll().where('kind', '=', 'case-received').execute()
    if (!row) throw new Error('no receipt')
    const mailbox = { address: 'support@acme.test', plusAddress: true, verp: true }
    const context = { secrets: desk.ctx.policy.secrets, mailbox: () => mailbox }
    expect(await loadNotice(desk.store.db, row, context)).toMatchObject({ kind: 'case-received', titled: false })
    const proven = { ...row, data: '{"titled":true}' }
    expect(await loadNotice(desk.store.db, proven, context)).toMatchObject({ kind: 'case-received', titled: true })
  })
})
