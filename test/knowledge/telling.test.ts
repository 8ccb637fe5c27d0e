import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { followArea, makeArea, requireArea, unfollowArea } from '../../src/knowledge/areas.ts'
import { commentOnArticle, publishArticle } from '../../src/knowledge/articles.ts'
import { finishTellings } from '../../src/knowledge/tell-followers.ts'
import { insertRows } from '../../src/store/insert.ts'
import { insertFollow, listTellings } from '../../src/store/knowledge.ts'
import { type DigestDesk, openDigestDesk } from '../digest/desk.ts'
import { engines } from '../support/databases.ts'

describe.each(engines)('followers of an area on %s', (engine) => {
  let desk: DigestDesk
  let areaId: string
  beforeEach(async () => {
    desk = await openDigestDesk(engine)
    const area = await desk.store.transaction(async (tx) => await makeArea(tx, desk.digests, ' Udskrivning  og papir '))
    areaId = area.id
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const follow = async (id: string) => {
    await followArea(desk.store.db, desk.digests, areaId, id)
    return id
  }
  const publish = async (over: { authorId?: string; title?: string; text?: string } = {}) =>
    await publishArticle(desk.digests, {
      areaId,
      title: 'Sådan nulstiller du printeren',
      text: 'Hold knappen inde.',
      authorId: null,
      ...over,
    })
  const rows = async () => {
    const all = await desk.store.db
      .selectFrom('outbox')
      .select(['kind', 'to_address as to', 'status', 'language', 'mailbox', 'case_id', 'data'])
      .orderBy('id')
      .execute()
    return all.map(({ data, ...row }) => ({ ...row, data: JSON.parse(data) as Record<string, unknown> }))
  }

  it('are told of an article once, each in their language, but not its author', async () => {
    const lee = await follow(await desk.person('Lee'))
    const pat = await follow(await desk.person('Pat'))
    await follow(lee)
    await desk.store.db.updateTable('people').set({ language: 'sv' }).where('id', '=', pat).execute()
    const eva = await follow(await desk.person('Eva', { kind: 'agent' }))
    const id = await publish({ authorId: eva })
    expect(await rows()).toEqual([
      {
        kind: 'article-published',
        to: 'lee@customer.test',
        status: 'waiting',
        language: 'da',
        mailbox: 'support',
        case_id: null,
        data: {
          article: {
            area: 'Udskrivning og papir',
            title: 'Sådan nulstiller du printeren',
            author: 'Eva',
            at: '2026-11-20T10:00:00.000Z',
            url: null,
          },
          threadId: id,
          text: 'Hold knappen inde.',
        },
      },
      expect.objectContaining({ to: 'pat@customer.test', language: 'sv' }),
    ])
    expect(await listTellings(desk.store.db)).toEqual([])
  })

  it('are told of a comment in the same thread, but not whoever wrote it', async () => {
    const lee = await follow(await desk.person('Lee'))
    await follow(await desk.person('Pat'))
    const articleId = await publish()
    await commentOnArticle(desk.digests, { articleId, authorId: lee, text: 'Det virkede, tak.' })
    expect((await rows()).slice(2)).toMatchObject([
      {
        kind: 'article-commented',
        to: 'pat@customer.test',
        data: { author: 'Lee', text: 'Det virkede, tak.', threadId: articleId, article: { author: null } },
      },
    ])
  })

  it('are not told who followed later, or not any more', async () => {
    const lee = await follow(await desk.person('Lee'))
    await unfollowArea(desk.store.db, areaId, lee)
    await publish()
    desk.world.pass(1_000)
    await follow(await desk.person('Pat'))
    await finishTellings(desk.digests)
    expect(await rows()).toEqual([])
  })

  it('are written to where they have shown that they read their mail, and not elsewhere', async () => {
    await follow(await desk.person('Lee', { verified: false }))
    await publish()
    expect((await rows()).map(({ status }) => status)).toEqual(['suppressed'])
  })

  it('get the first words of a long article', async () => {
    await follow(await desk.person('Lee'))
    await publish({ text: 'ord '.repeat(1_000) })
    await publish({ text: '😀'.repeat(1_000) })
    const texts = (await rows()).map(({ data }) => String(data.text))
    expect(texts[0]).toMatch(/^(ord )+…$/)
    for (const text of texts) {
      expect(text.length).toBeLessThan(610)
      expect(text.isWellFormed()).toBe(true)
    }
  })

  it('are each told once when the program dies half way, and when two go on at once', async () => {
    const at = new Date(desk.world.now()).toISOString()
    const follows = (await desk.crowd(450, 'contact')).map((id) => ({ area_id: areaId, person_id: id, created_at: at }))
    await insertRows(desk.store.db, 'follows', follows)
    let left = 300
    const id = () => {
      left -= 1
      if (left < 0) throw new Error('the power is out')
      return desk.world.id()
    }
    const article = { areaId, title: 'Ny', text: 'Hold knappen inde.', authorId: null }
    await expect(publishArticle({ ...desk.digests, world: { ...desk.world, id } }, article)).rejects.toThrow(
      'the power',
    )
    expect(await rows()).toHaveLength(200)
    // Somebody who follows now is not told, whatever their id is.
    desk.world.pass(1_000)
    await insertFollow(desk.store.db, areaId, await desk.person('Late'), new Date(desk.world.now()).toISOString())
    await Promise.all([finishTellings(desk.digests), finishTellings(desk.digests)])
    const told = (await rows()).map(({ to }) => to)
    expect(told).toHaveLength(450)
    expect(new Set(told).size).toBe(450)
    expect(await listTellings(desk.store.db)).toEqual([])
  })

  it('follow areas that exist, and an area is made once', async () => {
    await expect(requireArea(desk.store.db, 'Scanning')).rejects.toThrow("there is no area 'Scanning'")
    expect((await requireArea(desk.store.db, 'Udskrivning og  papir')).id).toBe(areaId)
    const again = async (name: string) =>
      await desk.store.transaction(async (tx) => await makeArea(tx, desk.digests, name))
    await expect(again('Udskrivning og papir')).rejects.toThrow('already')
    await expect(again('  ')).rejects.toThrow('1 to 100 characters')
    await expect(publish({ text: ' ' })).rejects.toThrow('a title and a text')
  })
})
