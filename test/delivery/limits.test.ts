import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SmtpMail } from '../../src/sandbox/smtp-server.ts'
import { pauseOutbox, resumeOutbox } from '../../src/store/switches.ts'
import { engines } from '../support/databases.ts'
import { openPostOffice, type PostOffice } from '../support/post-office.ts'

describe.each(engines)('the limits of a domain on %s', (engine) => {
  let office: PostOffice
  /** Resolved when the server may accept mail to slow.test. */
  let gate: PromiseWithResolvers<void>
  let atOnce: number
  let most: number
  beforeEach(async () => {
    gate = Promise.withResolvers()
    atOnce = 0
    most = 0
    office = await openPostOffice(engine, { onMail: holdSlow })
  })
  afterEach(async () => {
    gate.resolve()
    await office.close()
  })

  const isSlow = (mail: SmtpMail) => mail.to[0]?.endsWith('@slow.test')
  const holdSlow = async (mail: SmtpMail) => {
    if (!isSlow(mail)) return
    atOnce += 1
    most = Math.max(most, atOnce)
    await gate.promise
    atOnce -= 1
  }
  /** One row for each, about cases of their own. */
  const tellAll = async (count: number, domain: string) => {
    const ids: string[] = []
    for (let n = 0; n < count; n++)
      ids.push(await office.tell('case-received', await office.openCase(), { to_address: `p${n}@${domain}` }))
    return ids
  }
  const arrived = (domain: string) =>
    office.smtp.mails.map((mail) => mail.to[0] ?? '').filter((address) => address.endsWith(`@${domain}`))
  const statuses = async (ids: string[]) =>
    (await office.rows()).filter((row) => ids.includes(row.id)).map((row) => row.status)
  const until = async (look: () => Promise<void> | void) => await vi.waitFor(look, { timeout: 10_000, interval: 10 })

  test('a slow one gets no more at once than it may, from two workers, and keeps none from a fast one', async () => {
    const slow = await tellAll(20, 'slow.test')
    const fast = await tellAll(30, 'fast.test')
    const options = { connections: 4, perDomain: { connections: 2, perMinute: null } }
    const workers = [office.work(options), office.work(options)]
    await until(() => expect(arrived('fast.test').length).toBe(30))
    await until(async () => expect(await statuses(fast)).toEqual(fast.map(() => 'sent')))
    expect(arrived('slow.test')).toEqual([])
    gate.resolve()
    await until(async () => expect(await statuses(slow)).toEqual(slow.map(() => 'sent')))
    await Promise.all(workers.map(async (worker) => await worker.stop()))
    expect(most).toBe(2)
    expect(new Set(arrived('slow.test')).size).toBe(20)
    expect(arrived('slow.test').length).toBe(20)
    expect(arrived('fast.test').length).toBe(30)
  })

  test('many workers that begin at the same moment do not go over it together', async () => {
    const slow = await tellAll(40, 'slow.test')
    for (let n = 0; n < 4; n++) office.work({ connections: 2, perDomain: { connections: 3, perMinute: null } })
    await until(() => expect(atOnce).toBe(3))
    const other = await tellAll(1, 'fast.test')
    await until(async () => expect(await statuses(other)).toEqual(['sent']))
    gate.resolve()
    await until(async () => expect(await statuses(slow)).toEqual(slow.map(() => 'sent')))
    expect(most).toBe(3)
    expect(arrived('slow.test').length).toBe(40)
  })

  test('what waits behind a slow mail in one worker is sent by another', async () => {
    const [slow] = await tellAll(1, 'slow.test')
    const fast = await tellAll(3, 'fast.test')
    office.work({ connections: 1, perDomain: { connections: 1, perMinute: null } })
    await until(async () => expect(await statuses([slow ?? ''])).toEqual(['sending']))
    office.work({ connections: 1, perDomain: { connections: 1, perMinute: null } })
    await until(async () => expect(await statuses(fast)).toEqual(['sent', 'sent', 'sent']))
    for (const row of await office.rows()) expect(row.attempts).toBe(1)
    expect(await statuses([slow ?? ''])).toEqual(['sending'])
  })

  test('no more in a minute than it may, over all workers; the rest follows, and others are not held up', async () => {
    await tellAll(8, 'slow.test')
    gate.resolve()
    const options = { perDomain: { connections: 3, perMinute: 3 } }
    const workers = [office.work(options), office.work(options)]
    for (const expected of [3, 6, 8]) {
      await until(() => expect(arrived('slow.test').length).toBe(expected))
      const [other] = await tellAll(1, `after${expected}.test`)
      for (const worker of workers) worker.nudge()
      await until(async () => expect(await statuses([other ?? ''])).toEqual(['sent']))
      expect(arrived('slow.test').length).toBe(expected)
      office.world.pass(60_001)
    }
    expect(new Set(arrived('slow.test')).size).toBe(8)
  })

  test('a retry counts, and comes when the schedule says', async () => {
    office.smtp.behave({ recipient: () => ({ kind: 'reject', code: 451, text: '4.7.1 greylisted' }) })
    const ids = await tellAll(2, 'slow.test')
    gate.resolve()
    const worker = office.work({ perDomain: { connections: 2, perMinute: 2 } })
    const attempts = async () => (await office.rows()).map((row) => [row.status, row.attempts])
    await until(async () => expect(await attempts()).toEqual(ids.map(() => ['waiting', 1])))
    office.smtp.behave({})
    const late = await tellAll(1, 'slow.test')
    office.world.pass(59_000)
    worker.nudge()
    const other = await tellAll(1, 'fast.test')
    await until(async () => expect(await statuses(other)).toEqual(['sent']))
    expect(await statuses([...ids, ...late])).toEqual(['waiting', 'waiting', 'waiting'])
    office.world.pass(2_000)
    await until(async () => expect((await statuses([...ids, ...late])).filter((it) => it === 'sent').length).toBe(2))
    office.world.pass(60_001)
    await until(async () => expect(await statuses([...ids, ...late])).toEqual(['sent', 'sent', 'sent']))
  })

  describe('a paused outbox', () => {
    const now = () => new Date(office.world.now()).toISOString()

    test('finishes what is in flight, begins nothing, takes rows in, and goes on when it is resumed', async () => {
      const ids = await tellAll(6, 'slow.test')
      const options = { connections: 1, perDomain: { connections: 3, perMinute: null } }
      office.work(options)
      await until(() => expect(atOnce).toBe(1))
      expect(await pauseOutbox(office.store.db, { at: now(), reason: 'a new server' })).toBe(true)
      await until(async () => expect((await statuses(ids)).filter((it) => it === 'sending').length).toBe(1))
      gate.resolve()
      const rest = ['waiting', 'waiting', 'waiting', 'waiting', 'waiting']
      await until(async () => expect(await statuses(ids)).toEqual(['sent', ...rest]))
      const late = await tellAll(1, 'fast.test')
      const second = office.work(options)
      const paused = () => office.log.lines.filter((line) => String(line.msg).startsWith('the outbox is paused'))
      await until(() => expect(paused()).toMatchObject([{ reason: 'a new server' }, { reason: 'a new server' }]))
      second.nudge()
      expect(await statuses([...ids, ...late])).toEqual(['sent', ...rest, 'waiting'])
      expect((await office.rows()).map((row) => row.attempts)).toEqual([1, 0, 0, 0, 0, 0, 0])
      expect(await resumeOutbox(office.store.db)).toBe(true)
      await until(async () => expect(new Set(await statuses([...ids, ...late]))).toEqual(new Set(['sent'])))
      expect(arrived('slow.test').length).toBe(6)
    })
  })
})
