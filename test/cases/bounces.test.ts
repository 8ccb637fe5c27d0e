import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bounce } from '../../src/message/message.ts'
import { bounceAddress, ownMessageId } from '../../src/model/thread-key.ts'
import { liftSuppression, listSuppressions } from '../../src/store/suppressions.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const DAEMON = { name: null, address: 'mailer-daemon@customer.test' }

describe.each(engines)('a bounce on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    await desk.take({})
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: 'Sluk for den.' })
    await send()
  })
  afterEach(async () => {
    await desk.store.close()
  })

  /** As delivery would: everything that waits is with its server. */
  const send = async () => {
    await desk.store.db
      .updateTable('outbox')
      .set({ status: 'sent', sent_at: '2026-11-20T10:00:00.000Z', attempts: 1 })
      .where('status', '=', 'waiting')
      .execute()
  }
  const rowTo = async (address: string, kind: string) => {
    const query = desk.store.db.selectFrom('outbox').selectAll().where('to_address', '=', address)
    return await query.where('kind', '=', kind).executeTakeFirstOrThrow()
  }
  const failed = (address: string): Bounce => ({
    recipients: [
      { address, action: 'failed', status: '5.1.1', permanent: true, diagnostic: `no such user ${address}` },
    ],
    originalMessageId: null,
  })
  const bounceTo = async (row: string, bounce: Bounce) => {
    const verp = bounceAddress(desk.ctx.policy.secrets, 'support@acme.test', row) ?? ''
    return await desk.take({ from: DAEMON, returnPath: '', to: [{ name: null, address: verp }], reply: '', bounce })
  }
  const suppressed = async () => (await listSuppressions(desk.store.db)).map((row) => row.address)

  it('marks the delivery on the comment, stops mail to the address, and tells the agents', async () => {
    const { id } = await rowTo('kim@customer.test', 'comment-added')
    await bounceTo(id, failed('kim@customer.test'))
    const it = await desk.show(1)
    expect(it.comments[0]?.delivery).toContainEqual(
      expect.objectContaining({ to: 'kim@customer.test', status: 'failed' }),
    )
    expect(it.comments[1]).toMatchObject({ visibility: 'internal', role: 'system' })
    expect(it.comments[1]?.text).toContain('No more mail is sent to kim@customer.test')
    expect(it.log.map((row) => row.what)).toContain('delivery')
    expect(await suppressed()).toEqual(['kim@customer.test'])
    expect((await desk.outbox()).slice(-2)).toMatchObject([
      { kind: 'delivery-failed', to: 'anna@private.test' },
      { kind: 'delivery-failed', to: 'bo@private.test' },
    ])
    const notice = await desk.store.db
      .selectFrom('outbox')
      .select('data')
      .where('kind', '=', 'delivery-failed')
      .executeTakeFirstOrThrow()
    expect(JSON.parse(notice.data).failure).toMatchObject({
      to: 'kim@customer.test',
      of: 'comment-added',
      why: expect.stringContaining('5.1.1 no such user'),
      stopped: true,
    })
  })

  it('is told of once, however many reports come', async () => {
    const { id } = await rowTo('kim@customer.test', 'comment-added')
    await bounceTo(id, failed('kim@customer.test'))
    const before = (await desk.outbox()).length
    await bounceTo(id, failed('kim@customer.test'))
    expect(await desk.outbox()).toHaveLength(before)
    expect((await desk.show(1)).comments).toHaveLength(3)
  })

  it('leaves later mail to the address unsent, with the reason', async () => {
    const { id } = await rowTo('kim@customer.test', 'comment-added')
    await bounceTo(id, failed('kim@customer.test'))
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: 'Er du der?' })
    const it = await desk.show(1)
    expect(it.comments[2]?.delivery).toContainEqual(
      expect.objectContaining({ to: 'kim@customer.test', status: 'suppressed' }),
    )
    const last = await desk.store.db.selectFrom('outbox').selectAll().orderBy('id', 'desc').limit(3).execute()
    expect(last.find((row) => row.to_address === 'kim@customer.test')?.last_error).toContain('no such user')
  })

  it('takes back what was still waiting for the address', async () => {
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: 'Er du der?' })
    const { id } = await rowTo('kim@customer.test', 'comment-added')
    await bounceTo(id, failed('kim@customer.test'))
    const statuses = (await desk.outbox()).filter((row) => row.kind === 'comment-added').map((row) => row.status)
    expect(statuses).toEqual(['failed', 'suppressed'])
  })

  it("stops an agent's notices too, and starts no mail about it", async () => {
    const before = (await desk.outbox()).length
    const { id } = await rowTo('bo@private.test', 'case-opened')
    await bounceTo(id, failed('bo@private.test'))
    expect(await desk.outbox()).toHaveLength(before)
    expect((await desk.show(1)).delivery).toContainEqual(
      expect.objectContaining({ to: 'bo@private.test', status: 'failed' }),
    )
    await desk.take({ subject: 'Endnu en' })
    expect((await desk.outbox()).slice(-2)).toMatchObject([
      { to: 'anna@private.test', status: 'waiting' },
      { to: 'bo@private.test', status: 'suppressed' },
    ])
  })

  it("gives no agent's address away in the change log", async () => {
    const { id } = await rowTo('bo@private.test', 'case-opened')
    await bounceTo(id, failed('bo@private.test'))
    const it = await desk.show(1)
    expect(JSON.stringify(it.log)).toContain('b…@private.test')
    expect(JSON.stringify(it.log)).not.toContain('bo@private.test')
  })

  it('is known by the Message-ID of our mail where the envelope sender does not say', async () => {
    const { message_id } = await rowTo('kim@customer.test', 'comment-added')
    await desk.take({
      from: DAEMON,
      returnPath: '',
      reply: '',
      bounce: { ...failed('kim@customer.test'), originalMessageId: message_id },
    })
    expect(await suppressed()).toEqual(['kim@customer.test'])
  })

  it('of a mail that had an envelope sender of its own is noted, where it came back to another address', async () => {
    const { policy } = desk.ctx
    desk.ctx.policy = { ...policy, mailboxes: policy.mailboxes.map((it) => ({ ...it, verp: true })) }
    const { id, message_id } = await rowTo('kim@customer.test', 'comment-added')
    await desk.take({
      from: DAEMON,
      returnPath: '',
      reply: '',
      bounce: { ...failed('kim@customer.test'), originalMessageId: message_id },
    })
    expect(await suppressed()).toEqual([])
    expect((await desk.show(1)).comments[1]).toMatchObject({ visibility: 'internal', role: 'system' })
    expect((await desk.show(1)).comments[1]?.text).toContain('no such user')
    await bounceTo(id, failed('kim@customer.test'))
    expect(await suppressed()).toEqual(['kim@customer.test'])
  })

  it('of a delay stops nothing', async () => {
    const { id } = await rowTo('kim@customer.test', 'comment-added')
    const [recipient] = failed('kim@customer.test').recipients
    if (!recipient) throw new Error('no recipient')
    await bounceTo(id, {
      recipients: [{ ...recipient, action: 'delayed', status: '4.4.1', permanent: false }],
      originalMessageId: null,
    })
    expect(await suppressed()).toEqual([])
    expect((await desk.show(1)).comments[0]?.delivery).toContainEqual(
      expect.objectContaining({ to: 'kim@customer.test', status: 'sent' }),
    )
  })

  it('is forgotten when the address writes again, before anybody is told', async () => {
    const { id } = await rowTo('kim@customer.test', 'comment-added')
    await bounceTo(id, failed('kim@customer.test'))
    desk.world.pass(2 * 3_600_000)
    await desk.take({ subject: 'Ny sag' })
    expect(await suppressed()).toEqual([])
    expect(await desk.outbox()).toContainEqual(
      expect.objectContaining({ kind: 'case-received', to: 'kim@customer.test', status: 'waiting' }),
    )
    expect((await desk.show(2)).log).toContainEqual(
      expect.objectContaining({ what: 'delivery', from: 'suppressed', to: 'Kim is written to again' }),
    )
  })

  it('is not forgotten by an answer of a machine', async () => {
    const { id } = await rowTo('kim@customer.test', 'comment-added')
    await bounceTo(id, failed('kim@customer.test'))
    await desk.take({ automatic: { kind: 'out-of-office', evidence: 'x' }, to: [desk.key(1, 'customer')] })
    expect(await suppressed()).toEqual(['kim@customer.test'])
    expect(await liftSuppression(desk.store.db, 'kim@customer.test')).toBe(true)
    expect(await suppressed()).toEqual([])
  })

  it('that names a row which was never sent does nothing', async () => {
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: 'Mere' })
    const waiting = await desk.store.db
      .selectFrom('outbox')
      .selectAll()
      .where('status', '=', 'waiting')
      .where('kind', '=', 'comment-added')
      .executeTakeFirstOrThrow()
    expect((await bounceTo(waiting.id, failed('kim@customer.test'))).decision).toBe('ignore')
    expect(await suppressed()).toEqual([])
  })

  it('that names the root of a case is about no mail', async () => {
    const originalMessageId = ownMessageId(desk.ctx.policy.secrets, 'acme.test', 1, 'root')
    const receipt = await desk.take({ from: DAEMON, bounce: { ...failed('kim@customer.test'), originalMessageId } })
    expect(receipt.decision).toBe('ignore')
  })

  it('of a machine that answers the envelope sender is kept on the case it answers', async () => {
    const { id } = await rowTo('kim@customer.test', 'comment-added')
    const verp = bounceAddress(desk.ctx.policy.secrets, 'support@acme.test', id) ?? ''
    await desk.take({
      automatic: { kind: 'out-of-office', evidence: 'Auto-Submitted' },
      to: [{ name: null, address: verp }],
      reply: 'Jeg er på ferie.',
    })
    expect((await desk.show(1)).comments[1]).toMatchObject({ visibility: 'internal', text: 'Jeg er på ferie.' })
  })
})
