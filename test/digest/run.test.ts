import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { quietLog } from '../../src/core/log.ts'
import type { Prepared } from '../../src/digest/prepare.ts'
import { forgetOff, runByHand, runDue } from '../../src/digest/run.ts'
import { notify } from '../../src/notify/notify.ts'
import { openStore } from '../../src/store/open.ts'
import { findPersonByAddress } from '../../src/store/people.ts'
import { engines } from '../support/databases.ts'
import { watchedStore } from '../support/queries.ts'
import { type DigestDesk, openDigestDesk } from './desk.ts'

const BOTH = ['anna@private.test', 'bo@private.test']

describe.each(engines)('digests on %s', (engine) => {
  let desk: DigestDesk
  beforeEach(async () => {
    desk = await openDigestDesk(engine)
    desk.setClock('2026-11-16T11:00:00.000Z')
    await desk.take({})
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const runAt = async (iso: string) => {
    desk.setClock(iso)
    return await runDue(desk.digests, 'agents')
  }
  const spans = async (to = BOTH[0]) =>
    (await desk.written()).filter((row) => row.to === to).map(({ data }) => [data.from, data.until])

  it('begin with the slot after the first start: nobody hears of what was before', async () => {
    expect(await runAt('2026-11-16T11:00:00.000Z')).toBe(0)
    expect(await runAt('2026-11-17T05:59:00.000Z')).toBe(0)
    expect(await runAt('2026-11-17T06:01:00.000Z')).toBe(2)
    expect((await desk.written()).map(({ to, status }) => [to, status])).toEqual(BOTH.map((to) => [to, 'waiting']))
    expect(await spans()).toEqual([['2026-11-16T06:00:00.000Z', '2026-11-17T06:00:00.000Z']])
  })

  it('wait a minute, so that what was written before their time is committed', async () => {
    await runAt('2026-11-16T11:00:00.000Z')
    expect(await runAt('2026-11-17T06:00:59.999Z')).toBe(0)
    expect(await runAt('2026-11-17T06:01:00.000Z')).toBe(2)
  })

  it('are made up for once after an outage of three days, and cover all of it', async () => {
    await runAt('2026-11-16T11:00:00.000Z')
    await runAt('2026-11-17T06:01:00.000Z')
    expect(await runAt('2026-11-20T10:00:00.000Z')).toBe(2)
    expect(await runAt('2026-11-20T10:01:00.000Z')).toBe(0)
    expect(await runAt('2026-11-21T06:01:00.000Z')).toBe(2)
    expect((await spans()).slice(1)).toEqual([
      ['2026-11-17T06:00:00.000Z', '2026-11-20T06:00:00.000Z'],
      ['2026-11-20T06:00:00.000Z', '2026-11-21T06:00:00.000Z'],
    ])
  })

  it('come to somebody who is new with the next slot, and for no day before the last one', async () => {
    await runAt('2026-11-16T11:00:00.000Z')
    await runAt('2026-11-17T06:01:00.000Z')
    desk.setClock('2026-11-17T12:00:00.000Z')
    await desk.person('Eva', { kind: 'agent' })
    await runAt('2026-11-18T06:01:00.000Z')
    expect(await spans('eva@private.test')).toEqual([['2026-11-17T06:00:00.000Z', '2026-11-18T06:00:00.000Z']])
  })

  it('cover one day for somebody who was left out for long', async () => {
    await desk.person('Eva', { kind: 'agent' })
    await runAt('2026-11-16T11:00:00.000Z')
    await runAt('2026-11-17T06:01:00.000Z')
    const kind = async (it: 'agent' | 'contact') =>
      await desk.store.db.updateTable('people').set({ kind: it }).where('name', '=', 'Eva').execute()
    await kind('contact')
    for (const day of ['18', '19', '20', '21']) await runAt(`2026-11-${day}T06:01:00.000Z`)
    await kind('agent')
    await runAt('2026-11-22T06:01:00.000Z')
    expect((await spans('eva@private.test')).at(-1)).toEqual(['2026-11-21T06:00:00.000Z', '2026-11-22T06:00:00.000Z'])
  })

  it('leave no gap for somebody who moves to another zone', async () => {
    const eva = await desk.person('Eva', { kind: 'agent', zone: 'America/New_York' })
    await desk.person('Sefo', { kind: 'agent', zone: 'Pacific/Apia' })
    await runAt('2026-11-16T22:00:00.000Z')
    await runAt('2026-11-17T12:01:00.000Z')
    await runAt('2026-11-17T18:01:00.000Z')
    await desk.store.db.updateTable('people').set({ time_zone: 'Pacific/Apia' }).where('id', '=', eva).execute()
    await runAt('2026-11-18T18:01:00.000Z')
    const [first, second] = await spans('eva@private.test')
    expect(first?.[1]).toBe('2026-11-17T12:00:00.000Z')
    expect(second).toEqual(['2026-11-17T12:00:00.000Z', '2026-11-18T18:00:00.000Z'])
  })

  it('go by the clock of the configuration where a person has a zone that does not exist', async () => {
    await desk.person('Eva', { kind: 'agent', zone: 'Europe/Atlantis' })
    await runAt('2026-11-16T11:00:00.000Z')
    await runAt('2026-11-17T06:01:00.000Z')
    expect((await desk.written()).map(({ to }) => to)).toContain('eva@private.test')
  })

  it('begin anew when they were off', async () => {
    await runAt('2026-11-16T11:00:00.000Z')
    await runAt('2026-11-17T06:01:00.000Z')
    const off = { ...desk.digests, schedules: { agents: null, contacts: null, articles: null } }
    expect(await runDue(off, 'agents')).toBe(0)
    await forgetOff(off, 'agents')
    expect(await runAt('2026-12-17T12:00:00.000Z')).toBe(0)
    expect(await runAt('2026-12-18T06:01:00.000Z')).toBe(2)
    expect((await spans()).at(-1)).toEqual(['2026-12-17T06:00:00.000Z', '2026-12-18T06:00:00.000Z'])
  })

  it('say who waits for them when they are turned off, and for how much since the last one', async () => {
    const [mailbox] = desk.digests.policy.mailboxes
    const tell = async (name: string) => {
      const person = await findPersonByAddress(desk.store.db, name)
      if (!person || !mailbox) throw new Error(`nobody has ${name}`)
      const kind = person.kind === 'agent' ? 'comment-added-agent' : 'comment-added'
      const about = { mailbox, case: null, commentId: null, data: {}, language: 'da' } as const
      await desk.store.transaction(async (tx) => await notify(tx, desk.digests, [{ kind, to: person, ...about }]))
    }
    const lee = await desk.person('Lee')
    const anna = (await findPersonByAddress(desk.store.db, 'anna@private.test'))?.id ?? ''
    for (const topic of ['comments', 'solutions'] as const) await desk.prefer(anna, topic, 'digest')
    for (const topic of ['comments', 'areas'] as const) await desk.prefer(lee, topic, 'digest')
    for (const name of ['agents', 'contacts'] as const) await runDue(desk.digests, name)
    await tell('anna@private.test')
    await tell('lee@customer.test')
    await runAt('2026-11-17T06:01:00.000Z')
    desk.world.pass(1_000)
    for (const to of ['anna@private.test', 'anna@private.test', 'bo@private.test', 'lee@customer.test']) await tell(to)
    const off = { ...desk.digests, schedules: { agents: null, contacts: null, articles: null } }
    expect(await forgetOff(desk.digests, 'agents')).toBeNull()
    expect(await forgetOff(off, 'agents')).toEqual({ people: 1, kept: 2 })
    expect(await forgetOff(off, 'contacts')).toEqual({ people: 1, kept: 2 })
    expect(await forgetOff(off, 'articles')).toEqual({ people: 1, kept: 0 })
    expect(await forgetOff(off, 'agents')).toEqual({ people: 1, kept: 0 })
  })

  it('are not written where they would be empty, or are not wanted', async () => {
    await desk.store.db.updateTable('cases').set({ status: 'pending' }).execute()
    await runAt('2026-11-16T11:00:00.000Z')
    await runAt('2026-11-17T06:01:00.000Z')
    expect(await runAt('2026-11-18T06:01:00.000Z')).toBe(0)
    await desk.take({ subject: 'Scanneren' })
    const bo = await desk.store.db
      .selectFrom('people')
      .select('id')
      .where('name', '=', 'Bo Dahl')
      .executeTakeFirstOrThrow()
    await desk.prefer(bo.id, 'digests', 'off')
    expect(await runAt('2026-11-19T06:01:00.000Z')).toBe(1)
    expect((await spans()).at(-1)).toEqual(['2026-11-18T06:00:00.000Z', '2026-11-19T06:00:00.000Z'])
  })

  describe('for many people', () => {
    const MANY = 450
    beforeEach(async () => {
      await desk.crowd(MANY, 'agent')
      await runAt('2026-11-16T11:00:00.000Z')
    })

    it('go on where they broke off: each is written once', async () => {
      desk.setClock('2026-11-17T06:01:00.000Z')
      let left = 300
      const id = () => {
        left -= 1
        if (left < 0) throw new Error('the power is out')
        return desk.world.id()
      }
      const broken = { ...desk.digests, world: { ...desk.world, id } }
      await expect(runDue(broken, 'agents')).rejects.toThrow('the power is out')
      expect(await desk.written()).toHaveLength(200)
      expect(await runDue(desk.digests, 'agents')).toBe(MANY + 2 - 200)
      expect(new Set((await desk.written()).map(({ to }) => to)).size).toBe(MANY + 2)
      expect(await desk.written()).toHaveLength(MANY + 2)
      expect(await runDue(desk.digests, 'agents')).toBe(0)
    })

    it('are left to the next start when the program is stopped in their midst', async () => {
      desk.setClock('2026-11-17T06:01:00.000Z')
      const stopping = new AbortController()
      const options = { committed: () => stopping.abort(), signal: stopping.signal }
      expect(await runDue(desk.digests, 'agents', options)).toBe(200)
      expect(await runDue(desk.digests, 'agents')).toBe(MANY + 2 - 200)
      expect(await runDue(desk.digests, 'agents')).toBe(0)
    })

    it('are written once by two workers at once', async () => {
      const other = await openStore(desk.store.config, desk.store.dataFolder, quietLog)
      desk.setClock('2026-11-17T06:01:00.000Z')
      const counts = await Promise.all([
        runDue(desk.digests, 'agents'),
        runDue({ ...desk.digests, store: other }, 'agents'),
      ])
      await other.close()
      expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(MANY + 2)
      expect(new Set((await desk.written()).map(({ to }) => to)).size).toBe(MANY + 2)
    })

    it('cost a handful of queries a page, and not some for each person', async () => {
      desk.setClock('2026-11-17T06:01:00.000Z')
      let queries = 0
      const store = watchedStore(desk.store, () => {
        queries += 1
      })
      await runDue({ ...desk.digests, store }, 'agents')
      // Three pages.
      expect(queries).toBeLessThan(3 * 25)
    })
  })

  describe('by hand', () => {
    const byHand = async (options: { dryRun?: boolean; to?: string } = {}) => {
      const prepared: Prepared[] = []
      await runByHand(desk.digests, 'agents', { ...options, report: (page) => prepared.push(...page) })
      return prepared
    }

    it('take the place of the slot that is past, and the next one goes on from there', async () => {
      await runAt('2026-11-16T11:00:00.000Z')
      desk.setClock('2026-11-17T08:30:00.000Z')
      expect((await byHand()).map(({ to, slot }) => [to, slot])).toEqual(BOTH.map((to) => [to, '2026-11-17T09:30']))
      expect(await byHand()).toEqual([])
      expect(await runAt('2026-11-17T08:31:00.000Z')).toBe(0)
      await runAt('2026-11-18T06:01:00.000Z')
      expect(await spans()).toEqual([
        ['2026-11-16T06:00:00.000Z', '2026-11-17T08:30:00.000Z'],
        // A minute stands in both, so that nothing is lost.
        ['2026-11-17T08:29:00.000Z', '2026-11-18T06:00:00.000Z'],
      ])
    })

    it('say who would get what, and write nothing', async () => {
      await runAt('2026-11-16T11:00:00.000Z')
      await desk.store.db
        .insertInto('suppressions')
        .values({ address: 'bo@private.test', reason: 'it bounced', at: '2026-11-16T12:00:00.000Z', row: null })
        .execute()
      desk.setClock('2026-11-17T08:30:00.000Z')
      const rows = await byHand({ dryRun: true })
      expect(rows).toEqual(await byHand({ dryRun: true }))
      expect(rows).toMatchObject([
        { to: 'anna@private.test', counts: { opened: 1, waitingOnUs: 1, unassigned: 1, solved: 0 }, refused: null },
        { to: 'bo@private.test', refused: expect.stringContaining('it bounced') },
      ])
      expect(await desk.written()).toEqual([])
      expect(await desk.store.db.selectFrom('digest_marks').selectAll().execute()).toEqual([])
    })

    it('are for one person alone where one is named', async () => {
      desk.setClock('2026-11-16T11:30:00.000Z')
      expect((await byHand({ to: 'Bo@Private.test' })).map(({ to }) => to)).toEqual(['bo@private.test'])
      await expect(byHand({ to: 'nobody@private.test' })).rejects.toThrow('nobody with the address')
    })

    it('are refused where they are off', async () => {
      const off = { ...desk.digests, schedules: { agents: null, contacts: null, articles: null } }
      await expect(runByHand(off, 'agents', {})).rejects.toThrow("the digest 'agents' is off")
    })
  })
})
