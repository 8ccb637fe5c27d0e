import { simpleParser } from 'mailparser'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { RETRY_AFTER } from '../../src/delivery/schedule.ts'
import { listChanges } from '../../src/store/change-log.ts'
import { cancelOutbox, retryOutbox } from '../../src/store/outbox-edit.ts'
import { insertPerson } from '../../src/store/people.ts'
import { listSuppressions, suppressAddress } from '../../src/store/suppressions.ts'
import { engines } from '../support/databases.ts'
import { PRIVATE } from '../support/notices.ts'
import { openPostOffice, type PostOffice } from '../support/post-office.ts'

const KIM = 'kim@customer.test'
const LINK = 'https://support.acme.test/t/abcdefghijklmnop'

describe.each(engines)('a mail that fails for good on %s', (engine) => {
  let office: PostOffice
  beforeEach(async () => {
    office = await openPostOffice(engine)
  })
  afterEach(async () => {
    await office.close()
  })

  const refuse = (text: string, only = KIM) =>
    office.smtp.behave({
      recipient: (address) =>
        address === only ? { kind: 'reject', code: Number(text.slice(0, 3)), text: text.slice(4) } : { kind: 'accept' },
    })
  const settled = async (id: string, status: string) =>
    await vi.waitFor(
      async () => {
        const row = await office.row(id)
        expect(row.status).toBe(status)
        return row
      },
      { timeout: 10_000, interval: 10 },
    )
  const now = () => new Date(office.world.now()).toISOString()
  const suppressed = async () => (await listSuppressions(office.store.db)).map((row) => row.address)
  const told = async () => (await office.rows()).filter((row) => row.kind === 'delivery-failed')

  test('is told to the agents, on the case, with what the server said', async () => {
    refuse('550 5.7.1 we do not like you')
    const it = await office.openCase()
    const commentId = await office.comment(it.id, 'Prøv igen.')
    const id = await office.tell('comment-added', it, { comment_id: commentId })
    office.work()
    const row = await settled(id, 'failed')
    expect(row.failed_at).not.toBeNull()
    const [mail] = await office.smtp.waitForMails(1)
    expect(mail?.to).toEqual([PRIVATE])
    const parsed = await simpleParser(mail?.raw ?? '')
    expect(parsed.subject).toContain('[#1]')
    expect(parsed.text).toContain('5.7.1 we do not like you')
    expect(parsed.text).toContain(KIM)
    const [notice] = await told()
    expect(notice).toMatchObject({ case_id: it.id, comment_id: commentId, person_id: office.anna })
    expect(JSON.parse(notice?.data ?? '')).toEqual({
      failure: { to: KIM, of: 'comment-added', why: '550 5.7.1 we do not like you', stopped: false },
    })
    expect(await suppressed()).toEqual([])
  })

  test('is told to the assignee alone, where there is one whom mail reaches', async () => {
    const bo = office.world.id()
    const about = { kind: 'agent', name: 'Bo Dahl', address: 'bo@private.test', language: 'en' } as const
    await insertPerson(office.store.db, { id: bo, ...about, createdAt: now() })
    refuse('554 no')
    const [free, taken] = [await office.openCase(), await office.openCase()]
    await office.store.db.updateTable('cases').set({ assignee_id: bo }).where('id', '=', taken.id).execute()
    for (const it of [free, taken])
      await office.tell('comment-added', it, { comment_id: await office.comment(it.id, 'Hej') })
    const worker = office.work()
    await office.smtp.waitForMails(3)
    const to = (caseId: string) => async () =>
      (await told()).filter((row) => row.case_id === caseId).map((row) => row.to_address)
    expect((await to(free.id)()).sort()).toEqual([PRIVATE, 'bo@private.test'])
    expect(await to(taken.id)()).toEqual(['bo@private.test'])
    await office.store.transaction(
      async (tx) => await suppressAddress(tx, { address: 'bo@private.test', reason: 'gone', at: now(), row: null }),
    )
    const last = await office.tell('comment-added', taken, { comment_id: await office.comment(taken.id, 'Hej') })
    worker.nudge()
    await settled(last, 'failed')
    expect(await to(taken.id)()).toEqual(['bo@private.test', PRIVATE, 'bo@private.test'])
  })

  test('is told when it is given up after the whole schedule', async () => {
    office.smtp.behave({
      recipient: (to) => (to === KIM ? { kind: 'reject', code: 450, text: '4.1.1 not now' } : { kind: 'accept' }),
    })
    const id = await office.tell('case-received', await office.openCase())
    const worker = office.work()
    for (const [at, wait] of RETRY_AFTER.entries()) {
      await vi.waitFor(async () => expect(await office.row(id)).toMatchObject({ status: 'waiting', attempts: at + 1 }))
      expect(await told()).toEqual([])
      office.world.pass(wait)
      worker.nudge()
    }
    await settled(id, 'failed')
    const [mail] = await office.smtp.waitForMails(1)
    expect((await simpleParser(mail?.raw ?? '')).text).toContain('given up after 11 attempts')
    expect(await suppressed()).toEqual([])
  })

  test('because there is no such address: nothing more is sent there, and the mail to the agents says so', async () => {
    refuse('550 5.1.1 <kim@customer.test>: no such user')
    const it = await office.openCase()
    const first = await office.tell('case-received', it)
    const later = await office.tell('comment-added', it, { comment_id: await office.comment(it.id, 'Hej') })
    office.work()
    await settled(first, 'failed')
    expect((await settled(later, 'suppressed')).last_error).toContain('not written to since')
    expect(await suppressed()).toEqual([KIM])
    await office.smtp.waitForMails(1)
    const [notice] = await told()
    expect(JSON.parse(notice?.data ?? '')).toMatchObject({ failure: { stopped: true } })
    const [change] = await listChanges(office.store.db, it.id)
    expect(change?.to_value).toContain('(no more mail is sent there)')
  })

  test('to an agent is told to nobody, and their address is stopped as well', async () => {
    refuse('550 5.1.1 no such user', PRIVATE)
    const it = await office.openCase()
    const id = await office.tell('case-opened', it)
    const worker = office.work()
    await settled(id, 'failed')
    await worker.stop()
    expect(await suppressed()).toEqual([PRIVATE])
    expect((await office.rows()).length).toBe(1)
  })

  test('and whose telling fails too causes nothing further', async () => {
    office.smtp.behave({ recipient: () => ({ kind: 'reject', code: 554, text: 'no' }) })
    const it = await office.openCase()
    await office.tell('case-received', it)
    const worker = office.work()
    await vi.waitFor(async () => expect((await office.rows()).map((row) => row.status)).toEqual(['failed', 'failed']))
    await worker.stop()
    expect((await office.rows()).map((row) => row.kind)).toEqual(['case-received', 'delivery-failed'])
  })

  test('does not hold up the later ones of its case, nor does one that was cancelled or suppressed', async () => {
    const it = await office.openCase()
    const tell = async () => await office.tell('comment-added', it, { comment_id: await office.comment(it.id, 'Hej') })
    const [failed, cancelled, stopped, last] = [await tell(), await tell(), await tell(), await tell()]
    const set = async (id: string, status: 'failed' | 'cancelled' | 'suppressed') =>
      await office.store.db.updateTable('outbox').set({ status }).where('id', '=', id).execute()
    await set(failed, 'failed')
    await set(cancelled, 'cancelled')
    await set(stopped, 'suppressed')
    office.work()
    await settled(last, 'sent')
    expect(office.smtp.mails.length).toBe(1)
  })

  test('after its address was stopped while it was on its way is not tried again', async () => {
    const begun = Promise.withResolvers<void>()
    office.smtp.behave({
      recipient: () => {
        begun.resolve()
        return { kind: 'hang' }
      },
    })
    const id = await office.tell('case-received', await office.openCase())
    office.work({}, { silence: 300 })
    await begun.promise
    await office.store.transaction(
      async (tx) => await suppressAddress(tx, { address: KIM, reason: 'it came back', at: now(), row: null }),
    )
    expect((await settled(id, 'suppressed')).last_error).toContain('it came back')
  })

  describe('a link that lets its reader in', () => {
    const data = JSON.stringify({ url: LINK, hours: 24 })
    const reset = async () => await office.tell('reset-password', null, { data })

    test('is sent, and not kept once it was', async () => {
      const id = await reset()
      expect((await office.row(id)).data).toContain(LINK)
      office.work()
      const row = await settled(id, 'sent')
      expect(office.smtp.mails[0]?.raw.toString().replace(/=\r\n/g, '')).toContain(LINK)
      expect(row.data).toBe('{}')
    })

    test('is kept for the next attempt, and not once it failed for good: then it cannot be sent again', async () => {
      office.smtp.behave({ recipient: () => ({ kind: 'reject', code: 451, text: 'later' }) })
      const id = await reset()
      const worker = office.work()
      await vi.waitFor(async () => expect(await office.row(id)).toMatchObject({ status: 'waiting', attempts: 1 }))
      expect((await office.row(id)).data).toContain(LINK)
      refuse('550 5.7.1 no')
      office.world.pass(RETRY_AFTER[0] ?? 0)
      worker.nudge()
      expect((await settled(id, 'failed')).data).toBe('{}')
      // It belongs to no case: nobody is told.
      expect((await office.rows()).length).toBe(1)
      const named = await office.store.transaction(async (tx) => await retryOutbox(tx, [id, 'nothing'], now()))
      expect(named).toEqual({
        due: 0,
        refused: [
          { id, why: 'the link in it is gone; let the person ask for a new one' },
          { id: 'nothing', why: 'there is no such row' },
        ],
      })
      expect(await office.store.transaction(async (tx) => await retryOutbox(tx, [], now()))).toEqual({
        due: 0,
        refused: [],
      })
    })

    test('goes when the row is cancelled, or its address is stopped', async () => {
      const [cancelled, stopped] = [await reset(), await reset()]
      await office.store.transaction(async (tx) => {
        await cancelOutbox(tx, [cancelled], { at: now(), id: office.world.id })
        await suppressAddress(tx, { address: KIM, reason: 'it came back', at: now(), row: null })
      })
      expect(await office.row(cancelled)).toMatchObject({ status: 'cancelled', data: '{}' })
      expect(await office.row(stopped)).toMatchObject({ status: 'suppressed', data: '{}' })
    })
  })

  test('is not sent again while its address is stopped', async () => {
    refuse('550 5.1.1 no such user')
    const id = await office.tell('case-received', await office.openCase())
    office.work()
    await settled(id, 'failed')
    const retried = await office.store.transaction(async (tx) => await retryOutbox(tx, [id], now()))
    expect(retried).toEqual({ due: 0, refused: [{ id, why: expect.stringContaining(`suppression remove ${KIM}`) }] })
  })
})
