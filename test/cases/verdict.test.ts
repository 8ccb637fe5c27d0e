import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acceptSolution } from '../../src/cases/accept-solution.ts'
import { giveVerdict, viewVerdict } from '../../src/cases/verdict-by-key.ts'
import type { Message } from '../../src/message/message.ts'
import { BUDGET_DEFAULTS } from '../../src/model/policy.ts'
import { bounceAddress, type Verdict, verdictAddress, verdictKey } from '../../src/model/thread-key.ts'
import { findCaseByNumber } from '../../src/store/cases.ts'
import { findPersonByAddress } from '../../src/store/people.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const BO = { name: 'Bo Dahl', address: 'bo@private.test' }
const KIM = { name: 'Kim', address: 'kim@customer.test' }
const PAT = { name: 'Pat', address: 'pat@customer.test' }
const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }
const SUPPORT = { address: 'support@acme.test', plusAddress: true }
const DAY = 86_400_000

describe.each(engines)('what customers say of a solution, on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    await desk.take({ cc: [PAT] })
    await agent('#solved\nSkift netdelen.')
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const agent = async (reply: string, number = 1) =>
    await desk.take({ from: ANNA, to: [desk.key(number, 'agent')], reply })
  const rowTo = async ({ address }: typeof KIM) => {
    const rows = desk.store.db.selectFrom('outbox').select('id').where('to_address', '=', address)
    const row = await rows.where('kind', '=', 'solution-proposed').orderBy('id', 'desc').executeTakeFirstOrThrow()
    return row.id
  }
  /** The key in the newest solution that went to somebody. */
  const keyOf = async (who: typeof KIM, verdict: Verdict, number = 1) =>
    verdictKey(desk.ctx.policy.secrets, verdict, number, await rowTo(who))
  const give = async (key: string) => (await giveVerdict(desk.ctx, key))?.state ?? null
  const look = async (key: string) => (await viewVerdict(desk.ctx, key))?.state ?? null
  const yesAddress = async (who = KIM) => ({
    name: null,
    address: verdictAddress(SUPPORT, await keyOf(who, 'yes')) ?? '',
  })
  /** Kim's mail to the address that says yes. */
  const mail = async (over: Partial<Message> = {}) =>
    await desk.take({ from: KIM, to: [await yesAddress()], subject: '[#1] OK', reply: '', text: '', ...over })
  const case1 = async () => {
    const { status, comments } = await desk.show(1)
    const row = await desk.store.db
      .selectFrom('cases')
      .select('solution_accepted')
      .where('number', '=', 1)
      .executeTakeFirstOrThrow()
    return { status, comments: comments.length, accepted: row.solution_accepted }
  }
  const lastChange = async () => (await desk.show(1)).log.at(-1)
  const told = async (since: number) => (await desk.outbox()).slice(since).map((row) => `${row.kind} ${row.to}`)
  const outboxSize = async () => (await desk.outbox()).length

  describe('by a key on a page', () => {
    it('yes: it is accepted and stays solved, and nobody is told', async () => {
      const before = await outboxSize()
      const key = await keyOf(KIM, 'yes')
      expect(await look(key)).toBe('open')
      expect(await give(key)).toBe('done')
      expect(await case1()).toEqual({ status: 'solved', comments: 1, accepted: 1 })
      expect(await lastChange()).toMatchObject({ actor: 'Kim', what: 'solution', from: 'proposed', to: 'accepted' })
      expect(await told(before)).toEqual([])
    })

    it('no: it is open again, and the agents are told', async () => {
      const before = await outboxSize()
      expect(await give(await keyOf(KIM, 'no'))).toBe('done')
      expect(await case1()).toEqual({ status: 'open', comments: 1, accepted: 0 })
      expect((await desk.show(1)).log.slice(-2)).toMatchObject([
        { actor: 'Kim', what: 'solution', from: 'proposed', to: 'rejected' },
        { actor: 'Kim', what: 'status', from: 'solved', to: 'open' },
      ])
      expect(await told(before)).toEqual([`case-reopened-agent ${ANNA.address}`, `case-reopened-agent ${BO.address}`])
    })

    it('looking changes nothing', async () => {
      const before = await case1()
      await look(await keyOf(KIM, 'no'))
      expect(await case1()).toEqual(before)
    })

    it.each(['yes', 'no'] as const)('%s twice, or at the same time, is once', async (verdict) => {
      const key = await keyOf(KIM, verdict)
      expect(await Promise.all([give(key), give(key), give(key)])).toEqual(['done', 'done', 'done'])
      expect(await give(key)).toBe('done')
      expect((await desk.show(1)).log.filter((row) => row.what === 'solution')).toHaveLength(2)
      expect((await desk.outbox()).filter((row) => row.kind === 'case-reopened-agent')).toHaveLength(
        verdict === 'no' ? 2 : 0,
      )
    })

    it('of two people at the same time one is heard', async () => {
      await Promise.all([give(await keyOf(KIM, 'no')), give(await keyOf(PAT, 'no'))])
      expect((await desk.outbox()).filter((row) => row.kind === 'case-reopened-agent')).toHaveLength(2)
    })

    it('a yes that was on its way when somebody said no is not heard', async () => {
      const before = await findCaseByNumber(desk.store.db, 1)
      const kim = await findPersonByAddress(desk.store.db, KIM.address)
      if (!before || !kim) throw new Error('no case or nobody')
      await give(await keyOf(PAT, 'no'))
      const heard = await desk.store.transaction(async (tx) => await acceptSolution(tx, desk.ctx, before, kim))
      expect([heard, await case1()]).toEqual([false, { status: 'open', comments: 1, accepted: 0 }])
    })

    it('no after yes is heard; yes after no comes too late', async () => {
      await give(await keyOf(KIM, 'yes'))
      expect(await give(await keyOf(KIM, 'no'))).toBe('done')
      expect(await lastChange()).toMatchObject({ from: 'solved', to: 'open' })
      expect(await give(await keyOf(KIM, 'yes'))).toBe('over')
      expect(await case1()).toMatchObject({ status: 'open', accepted: 0 })
    })

    it("a participant's key says as much as the contact's", async () => {
      expect(await give(await keyOf(PAT, 'yes'))).toBe('done')
      expect(await lastChange()).toMatchObject({ actor: 'Pat', to: 'accepted' })
      expect(await give(await keyOf(PAT, 'no'))).toBe('done')
      expect(await lastChange()).toMatchObject({ actor: 'Pat', from: 'solved', to: 'open' })
    })

    it.each([
      ['a later solution', '#solved\nSkift kablet.'],
      ['the same answer, proposed again', '#solved'],
      ['a case that is open again', '#open'],
      ['a case that was closed', '#closed'],
    ])('an older key comes too late for %s', async (_what, reply) => {
      const keys = [await keyOf(KIM, 'yes'), await keyOf(KIM, 'no')]
      desk.world.pass(60_000)
      await agent(reply)
      const before = await case1()
      for (const key of keys) expect([await look(key), await give(key)]).toEqual(['over', 'over'])
      expect(await case1()).toEqual(before)
    })

    it('a key comes too late after words that opened the case again', async () => {
      await desk.take({ to: [desk.key(1, 'customer')], reply: 'Den er stadig død.' })
      expect(await give(await keyOf(KIM, 'yes'))).toBe('over')
    })

    it('a key that is older than keys are accepted comes too late', async () => {
      desk.ctx.policy = { ...desk.ctx.policy, keyDays: 30 }
      const key = await keyOf(KIM, 'yes')
      desk.world.pass(29 * DAY)
      expect(await look(key)).toBe('open')
      desk.world.pass(2 * DAY)
      expect(await give(key)).toBe('over')
    })

    it('is heard so many times a day, as words are', async () => {
      desk.ctx.policy = { ...desk.ctx.policy, budgets: { ...BUDGET_DEFAULTS, reopensPerDay: 1 } }
      await give(await keyOf(KIM, 'no'))
      await agent('#solved\nOg nu?')
      const before = await outboxSize()
      expect(await give(await keyOf(KIM, 'no'))).toBe('over')
      expect(await case1()).toMatchObject({ status: 'solved', accepted: 0 })
      expect(await lastChange()).toMatchObject({ what: 'not-reopened', from: 'the solution did not help' })
      expect(await told(before)).toEqual([])
    })

    it('is nobody’s when it is forged, foreign, of somebody who left, or of another case', async () => {
      const key = await keyOf(PAT, 'no')
      const row = await rowTo(PAT)
      await desk.take({ subject: 'Endnu en' })
      await agent('#solved\nSluk for den.', 2)
      const foreign = [
        verdictKey(['another secret of at least thirty-two characters'], 'no', 1, row),
        verdictKey(desk.ctx.policy.secrets, 'no', 2, row),
        key.replace('n1.', 'y1.'),
        key.replace('n1.', 'n2.'),
        key.replace('n1.', 'n999999999999.'),
        key.slice(0, -1),
        `${key}a`,
        'n1.aaaaaaaaaaaaaaaa',
        '',
      ]
      for (const it of foreign) expect([it, await give(it)]).toEqual([it, null])
      await desk.store.db.updateTable('participants').set({ left_at: '2026-11-20T10:00:00.000Z' }).execute()
      expect(await give(key)).toBeNull()
      expect(await case1()).toMatchObject({ status: 'solved', accepted: null })
    })

    it('of a case that was merged changes nothing in the other one', async () => {
      const key = await keyOf(KIM, 'no')
      await desk.take({ subject: 'Endnu en' })
      await agent('#merge 2')
      expect(await give(key)).toBe('over')
      expect((await desk.show(2)).status).toBe('new')
    })
  })

  describe('by mail', () => {
    it('without words accepts, and opens nothing', async () => {
      const before = await outboxSize()
      expect(await mail()).toMatchObject({ decision: 'accept' })
      await mail()
      expect(await case1()).toEqual({ status: 'solved', comments: 1, accepted: 1 })
      expect(await told(before)).toEqual([])
      await expect(desk.show(2)).rejects.toThrow('no case 2')
    })

    it('with words adds them as a comment, and stays solved', async () => {
      const before = await outboxSize()
      await mail({ reply: 'Tak, det virker!' })
      expect(await case1()).toEqual({ status: 'solved', comments: 2, accepted: 1 })
      expect((await desk.show(1)).comments[1]).toMatchObject({ text: 'Tak, det virker!', role: 'contact' })
      expect(await told(before)).toEqual([
        `comment-added-agent ${ANNA.address}`,
        `comment-added-agent ${BO.address}`,
        `comment-added ${PAT.address}`,
      ])
    })

    it('that was forwarded and has no words counts as the holder’s', async () => {
      await mail({ from: MALLORY })
      expect(await lastChange()).toMatchObject({ actor: 'Kim', to: 'accepted' })
    })

    it('by somebody else with words is held, and accepts nothing', async () => {
      await mail({ from: MALLORY, reply: 'Hos os er den stadig død.' })
      expect(await case1()).toEqual({ status: 'solved', comments: 2, accepted: null })
      expect((await desk.show(1)).comments[1]).toMatchObject({ visibility: 'internal' })
    })

    it.each([
      ['an auto-reply', { automatic: { kind: 'auto-reply', evidence: 'Auto-Submitted' }, reply: 'Jeg er på ferie.' }],
      ['an out-of-office mail', { automatic: { kind: 'out-of-office', evidence: 'Auto-Submitted' }, reply: 'Væk.' }],
      ['a mail of a list', { automatic: { kind: 'bulk', evidence: 'Precedence' }, reply: 'Nyt!' }],
      ['a bounce', { bounce: { recipients: [], originalMessageId: null }, returnPath: '' }],
    ] as [string, Partial<Message>][])('changes no status when it is %s', async (_what, over) => {
      await mail(over)
      expect(await case1()).toMatchObject({ status: 'solved', accepted: null })
    })

    it('to the bounce address of the solution changes nothing', async () => {
      const verp = bounceAddress(desk.ctx.policy.secrets, SUPPORT.address, await rowTo(KIM)) ?? ''
      await mail({ to: [{ name: null, address: verp }] })
      expect((await case1()).accepted).toBeNull()
    })

    it('to a forged key, or one that says no, accepts nothing', async () => {
      const no = verdictAddress(SUPPORT, await keyOf(KIM, 'no')) ?? ''
      for (const address of [no, 'support+y1.aaaaaaaaaaaaaaaa@acme.test']) await mail({ to: [{ name: null, address }] })
      expect((await case1()).accepted).toBeNull()
    })

    it('that comes too late is dropped where it holds no words, and is an answer where it does', async () => {
      const to = [await yesAddress()]
      await desk.take({ to: [desk.key(1, 'customer')], reply: 'Den er stadig død.' })
      expect(await mail({ to })).toMatchObject({ decision: 'ignore' })
      expect(await mail({ to, reply: 'Nu virker den.' })).toMatchObject({ decision: 'comment' })
      expect(await case1()).toEqual({ status: 'open', comments: 3, accepted: null })
    })

    it('with words to a case that was closed since carries it on in a new one', async () => {
      await agent('#closed')
      await mail({ reply: 'Den er død igen.' })
      expect((await desk.show(2)).log.map((row) => row.what)).toContain('follow-up')
    })
  })
})
