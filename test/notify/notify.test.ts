import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NoticeKind } from '../../src/model/notice.ts'
import type { Mode, Topic } from '../../src/model/preferences.ts'
import { type NewNotice, notify } from '../../src/notify/notify.ts'
import { setPreferences } from '../../src/notify/preferences.ts'
import { findPersonByAddress, markVerified, type Person } from '../../src/store/people.ts'
import { suppressAddress } from '../../src/store/suppressions.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'
import { type Query, watchedStore } from '../support/queries.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const BO = { name: 'Bo Dahl', address: 'bo@private.test' }
const KIM = { name: 'Kim', address: 'kim@customer.test' }
const ONE = { counter: 'test', limit: 1, window: 3_600_000, refusal: 'one is enough' }
const AT = '2026-11-20T10:00:00.000Z'

describe.each(engines)('telling people, on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    desk.ctx.policy = { ...desk.ctx.policy, digests: { agents: true, contacts: true, articles: true } }
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const person = async ({ address }: { address: string }): Promise<Person> => {
    const found = await findPersonByAddress(desk.store.db, address)
    if (!found) throw new Error(`nobody has ${address}`)
    return found
  }
  const choose = async (who: typeof KIM, topic: Topic, mode: Mode) => {
    const { id, kind } = await person(who)
    await desk.store.transaction(
      async (tx) => await setPreferences(tx, desk.ctx, { id, kind }, [{ topic, mailbox: '', mode }]),
    )
  }
  const notice = (to: NewNotice['to'], kind: NoticeKind, over: Partial<NewNotice> = {}): NewNotice => {
    const [mailbox] = desk.ctx.policy.mailboxes
    if (!mailbox) throw new Error('there is no mailbox')
    return { kind, to, language: 'da', mailbox, case: null, commentId: null, data: { x: 1 }, ...over }
  }
  const tell = async (...notices: NewNotice[]) => {
    const ids = await desk.store.transaction(async (tx) => await notify(tx, desk.ctx, notices))
    const rows = await desk.store.db.selectFrom('outbox').selectAll().where('id', 'in', ids).orderBy('id').execute()
    return rows.map((row) => [row.status, row.last_error])
  }
  const rowsOf = async (kind: NoticeKind) => {
    const rows = await desk.store.db.selectFrom('outbox').selectAll().where('kind', '=', kind).orderBy('id').execute()
    return rows.map((row) => [row.to_address, row.status])
  }

  it('leaves every refusal on its row, with the reason', async () => {
    await desk.take({})
    const kim = await person(KIM)
    expect(await tell(notice(kim, 'article-published'))).toEqual([
      ['suppressed', 'not verified: nobody has shown that they read mail at this address'],
    ])
    await markVerified(desk.store.db, KIM.address, AT)
    expect(await tell(notice(kim, 'article-published'))).toEqual([['waiting', null]])
    const robot = { ...kim, id: null, address: 'noreply@customer.test' }
    const own = { ...kim, id: null, address: 'support+x@acme.test' }
    expect(await tell(notice(robot, 'mail-too-large'), notice(own, 'comment-added'))).toEqual([
      ['suppressed', 'automatic: no person reads mail at this address'],
      ['suppressed', 'automatic: it is an address of ours, and we would write to ourselves'],
    ])
    const paid = notice(kim, 'welcome', { charges: [ONE] })
    expect(await tell(paid, paid)).toEqual([
      ['waiting', null],
      ['suppressed', 'one is enough'],
    ])
    await choose(KIM, 'areas', 'off')
    await choose(KIM, 'comments', 'digest')
    expect(await tell(notice(kim, 'article-commented'), notice(kim, 'comment-added'))).toEqual([
      ['suppressed', 'unsubscribed: they want no mail about areas'],
      ['suppressed', 'in the digest: they want no mail of its own about comments'],
    ])
    await suppressAddress(desk.store.db, { address: KIM.address, reason: 'no such user', at: AT, row: null })
    expect(await tell(notice(kim, 'sign-in-link'))).toEqual([
      ['suppressed', `not written to since ${AT}: no such user`],
    ])
  })

  it('writes at once what would wait for a digest that cannot come to an unproven address', async () => {
    await desk.take({})
    await choose(KIM, 'comments', 'digest')
    const kim = await person(KIM)
    expect(await tell(notice(kim, 'comment-added'))).toEqual([['waiting', null]])
    desk.ctx.policy = { ...desk.ctx.policy, digests: { agents: true, contacts: false, articles: true } }
    await markVerified(desk.store.db, KIM.address, AT)
    expect(await tell(notice(kim, 'comment-added'))).toEqual([['waiting', null]])
    desk.ctx.policy = { ...desk.ctx.policy, digests: { agents: false, contacts: true, articles: false } }
    expect(await tell(notice(kim, 'comment-added'))).toEqual([['suppressed', expect.stringMatching(/^in the digest/)]])
  })

  it('charges nobody for what is not written', async () => {
    await desk.take({})
    const kim = await person(KIM)
    await choose(KIM, 'comments', 'off')
    const used = async () => await desk.store.db.selectFrom('budget_counters').selectAll().orderBy('name').execute()
    const before = await used()
    await tell(notice(kim, 'comment-added', { charges: [ONE] }))
    expect(await used()).toEqual(before)
  })

  it('tells the assignee what a customer writes, though they want no mail, and a colleague nothing', async () => {
    await desk.take({})
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: '#assign me' })
    await choose(ANNA, 'comments', 'off')
    await desk.take({ to: [desk.key(1, 'customer')], reply: 'Stadig død.' })
    expect(await rowsOf('comment-added-agent')).toEqual([[ANNA.address, 'waiting']])
    await desk.take({ from: BO, to: [desk.key(1, 'agent')], reply: '#note\nSe også #7.' })
    expect((await rowsOf('comment-added-agent')).at(-1)).toEqual([ANNA.address, 'suppressed'])
  })

  it('tells all agents what a customer writes, where mail to the assignee came back', async () => {
    await desk.take({})
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: '#assign me' })
    await suppressAddress(desk.store.db, { address: ANNA.address, reason: 'no such user', at: AT, row: null })
    await desk.take({ to: [desk.key(1, 'customer')], reply: 'Stadig død.' })
    expect(await rowsOf('comment-added-agent')).toEqual([
      [ANNA.address, 'suppressed'],
      [BO.address, 'waiting'],
    ])
  })

  it('tells a new case to the one agent who wants to hear of it, else to all', async () => {
    await choose(ANNA, 'comments', 'off')
    await desk.take({})
    expect(await rowsOf('case-opened')).toEqual([
      [ANNA.address, 'suppressed'],
      [BO.address, 'waiting'],
    ])
    await choose(BO, 'comments', 'off')
    await desk.take({})
    expect((await rowsOf('case-opened')).slice(2)).toEqual([
      [ANNA.address, 'waiting'],
      [BO.address, 'waiting'],
    ])
  })

  it('asks three questions of many notices, and none again of the same people', async () => {
    await desk.take({})
    const people = [await person(ANNA), await person(BO), await person(KIM)]
    const reads: Query[] = []
    const store = watchedStore(desk.store, (query) => {
      if (/^select/i.test(query.sql)) reads.push(query)
    })
    const all = people.flatMap((to) => [notice(to, 'comment-added'), notice(to, 'article-published')])
    await store.transaction(async (tx) => {
      await notify(tx, desk.ctx, all)
      expect(reads).toHaveLength(3)
      await notify(
        tx,
        desk.ctx,
        people.map((to) => notice(to, 'comment-added')),
      )
      expect(reads.slice(3).map((it) => it.sql)).toEqual([expect.stringContaining('suppressions')])
    })
  })
})
