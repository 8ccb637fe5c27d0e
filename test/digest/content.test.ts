import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { admitHeld } from '../../src/cases/hold.ts'
import type { DigestName } from '../../src/digest/edition.ts'
import { runByHand } from '../../src/digest/run.ts'
import { followArea, makeArea } from '../../src/knowledge/areas.ts'
import { commentOnArticle, publishArticle } from '../../src/knowledge/articles.ts'
import type { Message } from '../../src/message/message.ts'
import type { NoticeKind } from '../../src/model/notice.ts'
import { listHolds } from '../../src/store/holds.ts'
import { markBounced } from '../../src/store/outbox.ts'
import { findPersonByAddress, markVerified } from '../../src/store/people.ts'
import { engines } from '../support/databases.ts'
import { watchedStore } from '../support/queries.ts'
import { type DigestDesk, openDigestDesk } from './desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const KIM = 'kim@customer.test'
const HOUR = 3_600_000

describe.each(engines)('a digest on %s', (engine) => {
  let desk: DigestDesk
  beforeEach(async () => {
    desk = await openDigestDesk(engine)
    desk.setClock('2026-11-16T08:00:00.000Z')
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const answer = async (number: number, reply: string, over: Partial<Message> = {}) => {
    desk.world.pass(HOUR)
    return await desk.take({ from: ANNA, to: [desk.key(number, 'agent')], reply, ...over })
  }
  const ask = async (number: number, reply: string, over: Partial<Message> = {}) => {
    desk.world.pass(HOUR)
    return await desk.take({ to: [desk.key(number, 'customer')], reply, ...over })
  }
  /** The digests of a kind, by who gets them. */
  const run = async (name: DigestName) => {
    const before = (await desk.written()).length
    desk.world.pass(HOUR)
    await runByHand(desk.digests, name, {})
    return new Map((await desk.written()).slice(before).map((row) => [row.to, row]))
  }
  const idOf = async (address: string) => (await findPersonByAddress(desk.store.db, address))?.id ?? ''

  describe('for agents', () => {
    const annas = async () => (await run('agents')).get(ANNA.address)?.data
    const numbers = (section: { cases: { number: number | null }[] } | undefined) =>
      section?.cases.map(({ number }) => number)

    it('says what is new, what waits on us, what waits longest, what is nobody’s and what was solved', async () => {
      for (const subject of ['Første', 'Anden', 'Tredje', 'Fjerde']) await desk.take({ subject })
      await run('agents')
      await answer(1, 'Prøv igen.')
      await answer(2, '#assign me\nJeg ser på det.')
      await ask(2, 'Hvornår?')
      await ask(2, 'Hallo?')
      await answer(3, '#solved Den er nulstillet.')
      await answer(4, '#note\nKender nogen det?')
      await desk.take({ subject: 'Femte' })
      const digest = await annas()
      expect(numbers(digest?.opened)).toEqual([5])
      expect(numbers(digest?.waitingOnUs)).toEqual([5, 2, 4])
      // Only what waited when the last digest was written.
      expect(numbers(digest?.waitingLongest)).toEqual([4])
      expect(numbers(digest?.unassigned)).toEqual([1, 4, 5])
      expect(numbers(digest?.solved)).toEqual([3])
      expect(digest?.waitingOnUs.cases[1]).toMatchObject({
        title: 'Anden',
        status: 'open',
        contact: 'Kim',
        assignee: 'Anna Holm',
        // Since the first of the words that nobody answered.
        since: '2026-11-16T12:00:00.000Z',
        url: null,
      })
      expect(digest?.timeZone).toBe('Europe/Copenhagen')
      // What was new and solved is not so again; what waits still does.
      const next = await annas()
      expect([next?.opened.of, next?.solved.of, next?.waitingOnUs.of]).toEqual([0, 0, 3])
      expect(numbers(next?.waitingLongest)).toEqual([4, 2, 5])
    })

    it('counts all and lists ten', async () => {
      for (let n = 0; n < 13; n += 1) await desk.take({ subject: `Nummer ${n}` })
      const digest = await annas()
      expect(digest?.opened.of).toBe(13)
      expect(digest?.opened.cases).toHaveLength(10)
      expect(numbers(digest?.unassigned)?.[0]).toBe(1)
      expect(numbers(digest?.opened)?.[0]).toBe(13)
    })

    it('names the mails that did not arrive, by when that was known', async () => {
      await desk.take({})
      await answer(1, 'Prøv igen.')
      await run('agents')
      await run('agents')
      const row = await desk.store.db
        .selectFrom('outbox')
        .select('id')
        .where('kind', '=', 'comment-added')
        .executeTakeFirstOrThrow()
      await markBounced(desk.store.db, row.id, '550 no such user', new Date(desk.world.now()).toISOString())
      desk.world.pass(HOUR)
      const digest = await annas()
      expect(digest?.failed).toMatchObject({ of: 1, cases: [{ number: 1, to: KIM, why: '550 no such user' }] })
      expect((await annas())?.failed.of ?? 0).toBe(0)
    })

    it('leaves out merged cases, and mailboxes that the agent wants to hear nothing of', async () => {
      await desk.take({ subject: 'Første' })
      await desk.take({ subject: 'Anden' })
      await desk.store.db.updateTable('cases').set({ merged_into: 'x' }).where('number', '=', 1).execute()
      expect(numbers((await annas())?.unassigned)).toEqual([2])
      await desk.prefer(await idOf(ANNA.address), 'comments', 'off', 'support')
      const digests = await run('agents')
      expect([...digests.keys()]).toEqual(['bo@private.test'])
      await desk.prefer(await idOf(ANNA.address), 'comments', 'now', 'support')
      await desk.prefer(await idOf(ANNA.address), 'comments', 'off')
      expect(numbers((await annas())?.unassigned)).toEqual([2])
    })
  })

  describe('for contacts', () => {
    const kims = async () => (await run('contacts')).get(KIM)
    const choose = async (address = KIM) => {
      await markVerified(desk.store.db, address, new Date(desk.world.now()).toISOString())
      await desk.prefer(await idOf(address), 'comments', 'digest')
    }

    it('goes only to those who chose it', async () => {
      await desk.take({})
      expect(await run('contacts')).toEqual(new Map())
      await desk.prefer(await idOf(KIM), 'digests', 'now')
      expect([...(await run('contacts')).keys()]).toEqual([KIM])
      await choose()
      await desk.prefer(await idOf(KIM), 'digests', 'off')
      expect(await run('contacts')).toEqual(new Map())
    })

    it('says what others wrote in public, and nothing of what agents said among themselves', async () => {
      await desk.take({})
      await choose()
      await run('contacts')
      await answer(1, 'Prøv igen.')
      await answer(1, '#note\nKunden er svær.')
      await ask(1, 'Det hjalp ikke.')
      await answer(1, '#solved Den er nulstillet.')
      const digest = await kims()
      expect(digest?.status).toBe('waiting')
      expect(digest?.data).toMatchObject({ of: 1, timeZone: 'Europe/Copenhagen' })
      expect(digest?.data.cases).toEqual([
        {
          case: {
            number: 1,
            title: 'Printeren',
            status: 'solved',
            contact: '',
            assignee: null,
            since: '2026-11-16T08:00:00.000Z',
            url: null,
          },
          comments: 2,
          solved: true,
          was: 'new',
        },
      ])
      expect(JSON.stringify(digest)).not.toMatch(/private\.test|Anna|svær/)
      // Solved and unchanged: there is nothing to read.
      expect(await kims()).toBeUndefined()
    })

    it('lists open cases without news, the last changed first, and counts those that are not listed', async () => {
      for (let n = 1; n <= 12; n += 1) await desk.take({ subject: `Nummer ${n}` })
      await choose()
      await answer(3, 'Prøv igen.')
      await run('contacts')
      const digest = await kims()
      expect(digest?.data.of).toBe(12)
      expect(digest?.data.cases).toHaveLength(10)
      expect(digest?.data.cases[0]).toMatchObject({ case: { number: 3 }, comments: 0, solved: false, was: null })
    })

    it('counts what was held when it is let in, and not before', async () => {
      await desk.take({})
      await choose()
      await run('contacts')
      await ask(1, 'Mig også.', { from: { name: 'Mallory', address: 'mallory@elsewhere.test' } })
      expect((await kims())?.data.cases[0]?.comments).toBe(0)
      desk.world.pass(24 * HOUR)
      const [hold] = await listHolds(desk.store.db, 'waiting')
      await desk.store.transaction(async (tx) => await admitHeld(tx, desk.ctx, hold?.id ?? '', null))
      desk.world.pass(HOUR)
      expect((await kims())?.data.cases[0]?.comments).toBe(1)
      expect((await kims())?.data.cases[0]?.comments).toBe(0)
    })

    it('is silent about cases that are held, merged, left, or answered otherwise', async () => {
      for (let n = 1; n <= 5; n += 1) await desk.take({ subject: `Nummer ${n}` })
      await choose()
      const change = async (number: number, set: object) =>
        await desk.store.db.updateTable('cases').set(set).where('number', '=', number).execute()
      const { id } = await desk.store.db
        .selectFrom('cases')
        .select('id')
        .where('number', '=', 1)
        .executeTakeFirstOrThrow()
      const at = '2026-11-16T08:00:00.000Z'
      const hold = { id, case_id: id, comment_id: null, reason: 'a rule', at, decided_at: null, decided_by: null }
      await desk.store.db
        .insertInto('holds')
        .values({ ...hold, state: 'held' })
        .execute()
      await change(2, { merged_into: 'x' })
      await change(3, { answer_by: 'none' })
      await change(4, { contact_id: await idOf('bo@private.test') })
      expect((await kims())?.data.cases.map((it) => it.case.number)).toEqual([5])
    })

    it('lists the cases that somebody takes part in', async () => {
      const lee = await desk.person('Lee')
      await choose('lee@customer.test')
      await desk.take({})
      const { id } = await desk.store.db.selectFrom('cases').select('id').executeTakeFirstOrThrow()
      const part = { case_id: id, person_id: lee, created_at: '2026-11-16T08:00:00.000Z' }
      await desk.store.db
        .insertInto('participants')
        .values({ ...part, left_at: null })
        .execute()
      expect((await run('contacts')).get('lee@customer.test')?.data.of).toBe(1)
      await desk.store.db.updateTable('participants').set({ left_at: part.created_at }).execute()
      expect(await run('contacts')).toEqual(new Map())
    })

    it('tells no title that an unproven sender wrote, before an agent has answered', async () => {
      await desk.take({ subject: 'Køb billigt' })
      await desk.store.db.updateTable('outbox').set({ data: '{"titled":false}' }).execute()
      await choose()
      expect((await kims())?.data.cases[0]?.case.title).toBe('')
      await answer(1, 'Hvad mener du?')
      expect((await kims())?.data.cases[0]?.case.title).toBe('Køb billigt')
    })

    it('goes to no address that nobody has shown to read', async () => {
      await desk.person('Lee', { verified: false })
      await desk.store.db.updateTable('person_addresses').set({ verified_at: null }).execute()
      await desk.take({ from: { name: 'Lee', address: 'lee@customer.test' } })
      await desk.store.db.updateTable('person_addresses').set({ verified_at: null }).execute()
      await desk.prefer(await idOf('lee@customer.test'), 'comments', 'digest')
      expect((await run('contacts')).get('lee@customer.test')).toMatchObject({
        status: 'suppressed',
        error: expect.stringContaining('not verified'),
      })
    })
  })

  describe('for followers', () => {
    const area = async (name: string) =>
      (await desk.store.transaction(async (tx) => await makeArea(tx, { world: desk.world }, name))).id
    const follow = async (areaId: string, personId: string) =>
      await followArea(desk.store.db, { world: desk.world }, areaId, personId)
    const publish = async (areaId: string, title: string, authorId: string | null = null) => {
      desk.world.pass(HOUR)
      return await publishArticle(desk.digests, { areaId, title, text: 'Hold knappen inde.', authorId })
    }
    const comment = async (articleId: string, authorId: string) => {
      desk.world.pass(HOUR)
      return await commentOnArticle(desk.digests, { articleId, authorId, text: 'Det virkede.' })
    }
    const told = async (kind: NoticeKind) => {
      const rows = desk.store.db.selectFrom('outbox').select(['to_address as to', 'status']).where('kind', '=', kind)
      return await rows.orderBy('id').execute()
    }

    it('lists what is new in their areas, not their own and nothing from before they followed', async () => {
      const [print, scan] = [await area('Udskrivning'), await area('Scanning')]
      const lee = await desk.person('Lee')
      const pat = await desk.person('Pat')
      await publish(print, 'Gammel')
      desk.world.pass(HOUR)
      for (const id of [lee, pat]) await follow(print, id)
      await desk.prefer(lee, 'areas', 'digest')
      await publish(print, 'Ny', pat)
      await publish(print, 'Egen', lee)
      await publish(scan, 'Anden')
      desk.world.pass(HOUR)
      const digest = await run('articles')
      expect([...digest.keys()]).toEqual(['lee@customer.test'])
      expect(digest.get('lee@customer.test')).toMatchObject({
        status: 'waiting',
        data: {
          of: 1,
          articles: [{ area: 'Udskrivning', title: 'Ny', author: 'Pat', url: null }],
          commented: { of: 0, comments: 0, articles: [] },
        },
      })
      expect(await run('articles')).toEqual(new Map())
      // Pat hears at once, and Lee in the digest.
      expect(await told('article-published')).toEqual([
        { to: 'lee@customer.test', status: 'suppressed' },
        { to: 'pat@customer.test', status: 'waiting' },
      ])
    })

    it('counts what others wrote about articles since they follow, old ones too, the last commented one first', async () => {
      const [print, scan] = [await area('Udskrivning'), await area('Scanning')]
      const [lee, pat, mia] = [await desk.person('Lee'), await desk.person('Pat'), await desk.person('Mia')]
      const old = await publish(print, 'Gammel', lee)
      const silent = await publish(print, 'Stille')
      await comment(old, pat)
      for (const id of [lee, pat]) await follow(print, id)
      for (const id of [lee, pat]) await desk.prefer(id, 'areas', 'digest')
      const elsewhere = await publish(scan, 'Anden')
      await run('articles')
      await comment(silent, lee)
      await comment(elsewhere, pat)
      await comment(old, pat)
      await comment(old, lee)
      await comment(silent, mia)
      const last = new Date(desk.world.now()).toISOString()
      await comment(old, lee)
      const digests = await run('articles')
      const articlesOf = (name: string) => digests.get(`${name}@customer.test`)?.data.commented
      expect(articlesOf('lee')).toEqual({
        of: 2,
        comments: 2,
        articles: [
          { area: 'Udskrivning', title: 'Stille', at: last, comments: 1, url: null },
          expect.objectContaining({ title: 'Gammel', comments: 1 }),
        ],
      })
      expect(articlesOf('pat')).toMatchObject({
        of: 2,
        comments: 4,
        articles: [
          { title: 'Gammel', comments: 2 },
          { title: 'Stille', comments: 2 },
        ],
      })
      expect(digests.get('lee@customer.test')).toMatchObject({ status: 'waiting', data: { of: 0, articles: [] } })
      expect(digests.has('mia@customer.test')).toBe(false)
      // What each mail of its own was refused for is now in the digest, and not again in the next one.
      expect(new Set((await told('article-commented')).map(({ status }) => status))).toEqual(new Set(['suppressed']))
      expect(await run('articles')).toEqual(new Map())
    })

    it('says nothing of the comments from before they followed, nor of their own', async () => {
      const print = await area('Udskrivning')
      const [lee, pat] = [await desk.person('Lee'), await desk.person('Pat')]
      const article = await publish(print, 'Gammel')
      await follow(print, pat)
      await desk.prefer(pat, 'areas', 'digest')
      await desk.prefer(lee, 'areas', 'digest')
      await run('articles')
      await comment(article, pat)
      desk.world.pass(HOUR)
      await follow(print, lee)
      expect(await run('articles')).toEqual(new Map())
    })

    it('lists ten articles with comments and counts all, for all readers in one query', async () => {
      const print = await area('Udskrivning')
      const pat = await desk.person('Pat')
      const readers = ['Lee', 'Ida', 'Max']
      for (const name of readers) {
        const id = await desk.person(name)
        await follow(print, id)
        await desk.prefer(id, 'areas', 'digest')
      }
      await run('articles')
      for (let n = 0; n < 12; n += 1) await comment(await publish(print, `Nummer ${n}`), pat)
      const queries: string[] = []
      const store = watchedStore(desk.store, ({ sql }) => queries.push(sql))
      expect(await runByHand({ ...desk.digests, store }, 'articles', { dryRun: true })).toBe(readers.length)
      // Its parts are told too, without the limit.
      const whole = queries.filter((sql) => sql.includes('article_comments') && sql.includes('"place" <='))
      expect(whole).toHaveLength(1)
      const { commented } = (await run('articles')).get('lee@customer.test')?.data ?? {}
      expect([commented?.of, commented?.comments]).toEqual([12, 12])
      expect(commented?.articles.map(({ title }) => title)).toEqual(
        Array.from({ length: 10 }, (_, index) => `Nummer ${11 - index}`),
      )
    })
  })
})
