import { createHash } from 'node:crypto'
import { simpleParser } from 'mailparser'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { RETRY_AFTER } from '../../src/delivery/schedule.ts'
import { readOwnMessageId, readReplyAddress } from '../../src/model/thread-key.ts'
import type { SmtpAnswer } from '../../src/sandbox/smtp-server.ts'
import { insertAttachments } from '../../src/store/attachments.ts'
import { listChanges } from '../../src/store/change-log.ts'
import { listOutbox } from '../../src/store/outbox.ts'
import { claimDue } from '../../src/store/outbox-claim.ts'
import { retryOutbox } from '../../src/store/outbox-edit.ts'
import { engines } from '../support/databases.ts'
import { PRIVATE } from '../support/notices.ts'
import { openPostOffice, type PostOffice, SECRETS } from '../support/post-office.ts'

const reject = (code: number, text: string): SmtpAnswer => ({ kind: 'reject', code, text })

describe.each(engines)('delivery on %s', (engine) => {
  let office: PostOffice
  beforeEach(async () => {
    office = await openPostOffice(engine)
  })
  afterEach(async () => {
    await office.close()
  })

  /** Until the row has a status, and then the row. */
  const settled = async (id: string, status: string) =>
    await vi.waitFor(
      async () => {
        const row = await office.row(id)
        expect(row.status).toBe(status)
        return row
      },
      { timeout: 10_000, interval: 10 },
    )
  const attempted = async (id: string, attempts = 1) =>
    await vi.waitFor(
      async () => {
        const row = await office.row(id)
        expect([row.status, row.attempts]).toEqual(['waiting', attempts])
        return row
      },
      { timeout: 10_000, interval: 10 },
    )
  const messageIds = () => office.smtp.mails.map((mail) => /^Message-ID: <(.*)>/m.exec(mail.raw.toString())?.[1])

  describe('a comment', () => {
    test('reaches the contact from the agent’s name, threaded, and answers lead back to the case', async () => {
      const it = await office.openCase()
      await office.comment(it.id, 'Hvad står der i displayet?', { by: 'anna', messageId: 'anna-1@private.test' })
      await office.comment(it.id, 'Fejl 7, æøå', { by: 'kim', messageId: 'kim-2@customer.test' })
      const commentId = await office.comment(it.id, 'Prøv at slukke den, Søren.', { messageId: 'anna-2@private.test' })
      const first = await office.tell('case-received', it)
      const second = await office.tell('comment-added', it, { comment_id: commentId })
      office.work()
      const [, mail] = await office.smtp.waitForMails(2)
      const row = await settled(second, 'sent')
      expect(row).toMatchObject({
        attempts: 1,
        last_error: null,
        lease_until: null,
        subject: 'Re: [#1] Printeren på Ærø',
      })
      const parsed = await simpleParser(mail?.raw ?? '')
      expect(mail).toMatchObject({
        from: expect.stringMatching(/^support\+b\..*@acme\.test$/),
        to: ['kim@customer.test'],
      })
      expect(parsed.from?.value[0]).toEqual({ name: 'Anna, Acme Support', address: 'support@acme.test' })
      expect(parsed.text).toContain('Prøv at slukke den, Søren.')
      expect(parsed.messageId).toBe(`<${row.message_id}>`)
      expect(readOwnMessageId(SECRETS, row.message_id)).toEqual({ caseNumber: 1, row: second })
      const references = [parsed.references ?? []].flat().map((id) => id.slice(1, -1))
      expect(readOwnMessageId(SECRETS, references[0] ?? '')).toEqual({ caseNumber: 1, row: 'root' })
      const receipt = (await office.row(first)).message_id
      expect(references.slice(1)).toEqual(['opening-1@customer.test', 'kim-2@customer.test', receipt])
      expect(parsed.inReplyTo).toBe(`<${references.at(-1)}>`)
      const key = readReplyAddress(SECRETS, parsed.replyTo?.value[0]?.address ?? '')
      expect(key).toMatchObject({ caseNumber: 1, audience: 'customer' })
      for (const sent of office.smtp.mails) expect(sent.raw.toString()).not.toContain('private.test')
    })

    test('reaches an agent under the customer’s name, with the agents’ key and the attachment', async () => {
      const bytes = Buffer.from('indhold\0\r\n.\r\næøå')
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const it = await office.openCase()
      await office.store.transaction(async (tx) => {
        await office.store.blobs.put(tx, sha256, bytes.length, { bytes })
        const about = { mail_id: 'm', case_id: it.id, comment_id: null, content_id: null, inline: 0 }
        const file = { filename: 'billede æ.bin', content_type: 'application/x-thing', size: bytes.length, sha256 }
        await insertAttachments(tx, [{ id: 'a', position: 0, ...about, ...file }])
      })
      await office.tell('case-opened', it)
      office.work()
      const [mail] = await office.smtp.waitForMails(1)
      const parsed = await simpleParser(mail?.raw ?? '')
      expect(mail?.to).toEqual([PRIVATE])
      expect(parsed.from?.value[0]?.name).toBe('Kim Ærø (Acme Support)')
      expect(parsed.text).toContain('Den er gået i stå.')
      expect(readReplyAddress(SECRETS, parsed.replyTo?.value[0]?.address ?? '')?.audience).toBe('agent')
      expect(parsed.attachments[0]).toMatchObject({ filename: 'billede æ.bin', contentType: 'application/x-thing' })
      expect(Buffer.compare(parsed.attachments[0]?.content ?? Buffer.alloc(0), bytes)).toBe(0)
    })

    test('that is internal never leaves for somebody who is no agent', async () => {
      const it = await office.openCase()
      const commentId = await office.comment(it.id, 'hemmeligt', { visibility: 'internal' })
      const toContact = await office.tell('comment-added', it, { comment_id: commentId })
      const wrongKind = await office.tell('comment-added-agent', it, {
        comment_id: commentId,
        person_id: office.kim,
        to_address: 'kim2@customer.test',
      })
      const toAgent = await office.tell('comment-added-agent', it, { comment_id: commentId })
      office.work()
      await settled(toAgent, 'sent')
      expect((await settled(toContact, 'failed')).last_error).toContain('is internal')
      expect((await settled(wrongKind, 'failed')).last_error).toContain('is no agent')
      // The agent is told that the mail to the contact will not arrive.
      expect(new Set(office.smtp.mails.flatMap((mail) => mail.to))).toEqual(new Set([PRIVATE]))
    })
  })

  test('mail-too-large is made from the row’s data', async () => {
    const data = JSON.stringify({ subject: 'Billeder', size: 62_914_560, limit: 52_428_800 })
    await office.tell('mail-too-large', null, { data })
    office.work()
    const [mail] = await office.smtp.waitForMails(1)
    const parsed = await simpleParser(mail?.raw ?? '')
    expect(parsed.subject).toBe('Re: Billeder')
    expect(parsed.text).toContain('60 MB')
    expect(parsed.headers.get('auto-submitted')).toBe('auto-replied')
  })

  describe('what the server says', () => {
    test('4xx: the row waits as the schedule says, and is sent then, once', async () => {
      office.smtp.behave({ recipient: () => reject(451, '4.7.1 greylisted') })
      const id = await office.tell('case-received', await office.openCase())
      const worker = office.work()
      const row = await attempted(id)
      expect(row.last_error).toContain('451')
      const waits = Date.parse(row.next_attempt_at) - office.world.now()
      expect(waits).toBeGreaterThan((RETRY_AFTER[0] ?? 0) - 5_000)
      expect(waits).toBeLessThanOrEqual(RETRY_AFTER[0] ?? 0)
      office.smtp.behave({})
      office.world.pass(RETRY_AFTER[0] ?? 0)
      worker.nudge()
      expect((await settled(id, 'sent')).attempts).toBe(2)
      expect(office.smtp.mails.length).toBe(1)
    })

    test('4xx for days: it is given up, and the case says so', async () => {
      office.smtp.behave({ data: () => reject(452, '4.2.2 mailbox full') })
      const it = await office.openCase()
      const id = await office.tell('case-received', it)
      const worker = office.work()
      for (const [at, wait] of RETRY_AFTER.entries()) {
        await attempted(id, at + 1)
        office.world.pass(wait)
        worker.nudge()
      }
      expect((await settled(id, 'failed')).last_error).toContain('given up after 11 attempts')
      expect((await listChanges(office.store.db, it.id)).map((row) => row.what)).toEqual(['delivery'])
    })

    test.each([
      ['RCPT', { recipient: () => reject(550, '5.1.1 no such user') }],
      ['DATA', { data: () => reject(554, '5.7.1 refused') }],
    ])('5xx at %s: it failed, and the case says so', async (_, behaviour) => {
      office.smtp.behave(behaviour)
      const it = await office.openCase()
      const id = await office.tell('case-received', it)
      office.work()
      expect((await settled(id, 'failed')).last_error).toMatch(/^55\d .*5\.\d\.1/)
      const [change] = await listChanges(office.store.db, it.id)
      expect(change).toMatchObject({
        actor: 'posthorn',
        what: 'delivery',
        from_value: 'case-received to kim@customer.test',
      })
      expect(change?.to_value).toMatch(/^failed: 55/)
    })

    test('5xx for an agent: the case’s change log does not give the agent’s address away', async () => {
      office.smtp.behave({ recipient: (address) => reject(550, `5.1.1 <${address}> is unknown`) })
      const it = await office.openCase()
      office.work()
      await settled(await office.tell('case-opened', it), 'failed')
      const [change] = await listChanges(office.store.db, it.id)
      expect(change?.to_value).toContain('5.1.1 <a…@private.test> is unknown')
      expect(JSON.stringify(change)).not.toContain(PRIVATE)
    })

    test('nothing: the attempt ends by itself and is repeated', async () => {
      office.smtp.behave({ recipient: () => ({ kind: 'hang' }) })
      const id = await office.tell('case-received', await office.openCase())
      office.work({}, { silence: 200 })
      const row = await attempted(id)
      expect(row.last_error).toMatch(/ETIMEDOUT/)
      expect(row.last_error).not.toContain('may have arrived')
    })

    test('nothing after the data: it may have arrived, and is repeated with the same Message-ID', async () => {
      office.smtp.behave({ data: () => ({ kind: 'drop', kept: true }) })
      const id = await office.tell('case-received', await office.openCase())
      const worker = office.work()
      expect((await attempted(id)).last_error).toContain('(it may have arrived)')
      office.smtp.behave({})
      office.world.pass(RETRY_AFTER[0] ?? 0)
      worker.nudge()
      await settled(id, 'sent')
      const { message_id } = await office.row(id)
      expect(messageIds()).toEqual([message_id, message_id])
      expect(office.smtp.mails[0]?.raw).toEqual(office.smtp.mails[1]?.raw)
    })

    test('goodbye before the greeting, or no server at all: it is temporary', async () => {
      office.smtp.behave({ greeting: () => reject(554, 'no service') })
      const id = await office.tell('case-received', await office.openCase())
      const worker = office.work()
      await attempted(id)
      await office.smtp.close()
      office.world.pass(RETRY_AFTER[0] ?? 0)
      worker.nudge()
      expect((await attempted(id, 2)).last_error).toMatch(/ECONNREFUSED|ESOCKET|ECONNECTION/)
    })
  })

  test('of five recipients one is refused: the other four get the mail once, and it is never repeated for them', async () => {
    office.smtp.behave({
      recipient: (address) => (address === 'p2@customer.test' ? reject(550, 'no') : { kind: 'accept' }),
    })
    const it = await office.openCase()
    const commentId = await office.comment(it.id, 'Til alle')
    const ids: string[] = []
    for (let n = 0; n < 5; n++)
      ids.push(await office.tell('comment-added', it, { comment_id: commentId, to_address: `p${n}@customer.test` }))
    const worker = office.work()
    await settled(ids[2] ?? '', 'failed')
    for (const n of [0, 1, 3, 4]) await settled(ids[n] ?? '', 'sent')
    office.world.pass(86_400_000)
    worker.nudge()
    await worker.stop()
    const arrived = office.smtp.mails.map((mail) => mail.to[0]).filter((address) => address !== PRIVATE)
    expect(arrived.sort()).toEqual([0, 1, 3, 4].map((n) => `p${n}@customer.test`))
  })

  test('comments of a case reach a person in order, also when the first one has to wait', async () => {
    let refusals = 1
    office.smtp.behave({
      recipient: (address) =>
        address === 'kim@customer.test' && refusals-- > 0 ? reject(451, 'later') : { kind: 'accept' },
    })
    const it = await office.openCase()
    const ids: string[] = []
    for (let n = 0; n < 6; n++) {
      const commentId = await office.comment(it.id, `nummer ${n}`)
      ids.push(await office.tell('comment-added', it, { comment_id: commentId }))
    }
    const other = await office.tell('case-received', await office.openCase(), { to_address: 'bo@customer.test' })
    const worker = office.work()
    await attempted(ids[0] ?? '')
    await settled(other, 'sent')
    expect((await office.rows()).filter((row) => row.status === 'sent').map((row) => row.id)).toEqual([other])
    office.world.pass(RETRY_AFTER[0] ?? 0)
    worker.nudge()
    const mails = await office.smtp.waitForMails(7)
    const numbers = mails.map((mail) => /nummer (\d)/.exec(mail.raw.toString())?.[1]).filter((n) => n !== undefined)
    expect(numbers).toEqual(['0', '1', '2', '3', '4', '5'])
  })

  test('two workers at once never send a row twice', async () => {
    const ids: string[] = []
    for (let n = 0; n < 60; n++) {
      const it = await office.openCase()
      ids.push(await office.tell('case-received', it, { to_address: `p${n}@customer.test` }))
    }
    for (let n = 0; n < 3; n++) office.work()
    await office.smtp.waitForMails(60)
    for (const id of ids) await settled(id, 'sent')
    expect(new Set(messageIds()).size).toBe(60)
    expect(office.smtp.mails.length).toBe(60)
  })

  describe('a lease', () => {
    test('that ran out makes the row due again, with the same Message-ID, and the late word of the first worker is not heard', async () => {
      const id = await office.tell('case-received', await office.openCase())
      const claim = { leaseMs: 60_000, limit: 10, inHand: [], countMinute: false, roomFor: () => 10 }
      const [claimed] = await claimDue(office.store, { ...claim, now: office.world.now() })
      expect(claimed).toMatchObject({ id, status: 'sending', attempts: 1 })
      expect(await claimDue(office.store, { ...claim, now: office.world.now() })).toEqual([])
      office.world.pass(60_001)
      office.work()
      const row = await settled(id, 'sent')
      expect(row.attempts).toBe(2)
      expect(row.message_id).toBe(claimed?.message_id)
    })

    test('is renewed while a slow server has the mail', async () => {
      office.smtp.behave({ data: () => ({ kind: 'hang' }) })
      const id = await office.tell('case-received', await office.openCase())
      office.work({ leaseMs: 300 }, { silence: 1_500 })
      const before = await settled(id, 'sending')
      await vi.waitFor(async () => {
        const { lease_until, attempts } = await office.row(id)
        expect(attempts).toBe(1)
        expect(Date.parse(lease_until ?? '') - Date.parse(before.lease_until ?? '')).toBeGreaterThan(300)
      })
      expect((await attempted(id)).last_error).toContain('may have arrived')
    })

    test('that ran out while the machine slept does not make a worker send what it is sending', async () => {
      office.smtp.behave({ data: () => ({ kind: 'hang' }) })
      const id = await office.tell('case-received', await office.openCase())
      const worker = office.work({}, { silence: 600 })
      await settled(id, 'sending')
      office.world.pass(3_600_000)
      worker.nudge()
      expect((await attempted(id)).last_error).toContain('may have arrived')
    })
  })

  describe('stopping', () => {
    test('finishes what is in flight and starts nothing new', async () => {
      const begun = Promise.withResolvers<void>()
      office.smtp.behave({
        data: () => {
          begun.resolve()
          return { kind: 'accept' }
        },
      })
      for (let n = 0; n < 20; n++) await office.tell('case-received', await office.openCase())
      const worker = office.work({ connections: 1 })
      await begun.promise
      await worker.stop()
      const rows = await office.rows()
      expect(rows.filter((row) => row.status === 'sending')).toEqual([])
      const sent = rows.filter((row) => row.status === 'sent').length
      expect(sent).toBe(office.smtp.mails.length)
      expect(sent).toBeLessThan(20)
      expect(rows.filter((row) => row.status === 'waiting').every((row) => row.attempts === 0)).toBe(true)
    })

    test('cuts off a server that does not answer, and the row is tried again', async () => {
      const taken = Promise.withResolvers<void>()
      office.smtp.behave({
        data: () => {
          taken.resolve()
          return { kind: 'hang' }
        },
      })
      const id = await office.tell('case-received', await office.openCase())
      const worker = office.work({ stopMs: 100 }, { silence: 60_000 })
      await taken.promise
      await worker.stop()
      const row = await office.row(id)
      expect(row).toMatchObject({ status: 'waiting', attempts: 1 })
      expect(row.last_error).toContain('(it may have arrived)')
    })
  })

  test('a nudge sends at once', async () => {
    const worker = office.work({ pollMs: 3_600_000 })
    const id = await office.tell('case-received', await office.openCase())
    worker.nudge()
    await settled(id, 'sent')
  })

  test('what is listed, and a failed row that is sent again', async () => {
    const kimOnly = (address: string) => address === 'kim@customer.test'
    office.smtp.behave({ recipient: (to) => (kimOnly(to) ? reject(550, 'no such user') : { kind: 'accept' }) })
    const it = await office.openCase()
    const id = await office.tell('case-received', it)
    const worker = office.work()
    const failed = await settled(id, 'failed')
    expect(await listOutbox(office.store.db, { status: 'failed', kind: null, to: null, case: null, most: 10 })).toEqual(
      [
        {
          id,
          kind: 'case-received',
          to: 'kim@customer.test',
          case: it.number,
          subject: null,
          status: 'failed',
          attempts: 1,
          nextAttemptAt: failed.next_attempt_at,
          lastError: failed.last_error,
          messageId: failed.message_id,
        },
      ],
    )
    office.smtp.behave({})
    const retried = await office.store.transaction(
      async (tx) => await retryOutbox(tx, [], new Date(office.world.now()).toISOString()),
    )
    expect(retried).toEqual({ due: 1, refused: [] })
    worker.nudge()
    await settled(id, 'sent')
  })
})
