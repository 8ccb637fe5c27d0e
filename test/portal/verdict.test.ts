import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { quietLog } from '../../src/core/log.ts'
import { type Verdict, verdictKey } from '../../src/model/thread-key.ts'
import { type Portal, startPortal } from '../../src/portal/portal.ts'
import { loadPages } from '../../src/render/pages.ts'
import { findVerified } from '../../src/store/people.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const pages = loadPages([join(import.meta.dirname, '../../templates')])

describe.each(engines)('the pages on which a customer says whether a solution helped, on %s', (engine) => {
  let desk: HelpDesk
  let portal: Portal
  let nudges = 0
  const committed = () => {
    nudges += 1
  }
  beforeEach(async () => {
    nudges = 0
    desk = await openHelpDesk(engine)
    portal = await startPortal(
      { host: '127.0.0.1', port: 0 },
      { ctx: desk.ctx, pages, brandOf: () => 'Acme & Co.', committed, log: quietLog },
    )
    await desk.take({ subject: 'Min hemmelige sag', language: 'sv' })
    await solve('Skift netdelen.')
  })
  afterEach(async () => {
    await portal.close()
    await desk.store.close()
  })

  const solve = async (words: string) =>
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: `#solved\n${words}` })
  const pathOf = async (verdict: Verdict) => {
    const rows = desk.store.db.selectFrom('outbox').select('id').where('kind', '=', 'solution-proposed')
    const { id } = await rows.orderBy('id', 'desc').executeTakeFirstOrThrow()
    return `/solution/${verdictKey(desk.ctx.policy.secrets, verdict, 1, id)}`
  }
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(new URL(path, portal.url), { method })
    return { status: response.status, text: await response.text() }
  }
  const titleOf = (text: string) => /<h1>(.*)<\/h1>/.exec(text)?.[1]

  it.each([
    ['yes', 'Hjälpte lösningen i ärende #1?', 'Ärende #1 är löst', 'solved'],
    ['no', 'Hjälpte inte lösningen i ärende #1?', 'Ärende #1 är öppet igen', 'open'],
  ] as const)(
    '%s: looking shows one button and changes nothing, the button does it',
    async (verdict, before, after, status) => {
      const path = await pathOf(verdict)
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'GET']) await ask(path, method)
      const page = await ask(path)
      expect([page.status, titleOf(page.text)]).toEqual([200, before])
      expect(page.text.match(/<button>/g)).toHaveLength(1)
      expect(page.text).not.toMatch(/hemmelige|netdelen|Kim|customer\.test|private\.test/)
      expect((await desk.show(1)).log.filter((row) => row.what === 'solution')).toHaveLength(1)

      const reads = async () => (await findVerified(desk.store.db, ['kim@customer.test'])).size === 1
      expect([await reads(), nudges]).toEqual([false, 0])
      const done = await ask(path, 'POST')
      expect(nudges).toBe(1)
      expect(await reads()).toBe(true)
      expect([done.status, titleOf(done.text)]).toEqual([200, after])
      expect((await desk.show(1)).status).toBe(status)
      const again = await ask(path, 'POST')
      expect([titleOf(again.text), again.text.includes('<button')]).toEqual([after, false])
    },
  )

  it('say politely that a key comes too late', async () => {
    const path = await pathOf('no')
    await solve('Skift kablet.')
    for (const method of ['GET', 'POST']) {
      const { status, text } = await ask(path, method)
      expect([status, titleOf(text)]).toEqual([200, 'Det har hänt mer i ärende #1'])
      expect(text).toContain('support@acme.test')
      expect(text).not.toContain('<button')
    }
    expect((await desk.show(1)).status).toBe('solved')
  })

  it('are not there for a key that is guessed, cut off or of another kind', async () => {
    const path = await pathOf('yes')
    const wrong = [
      '/solution/y1.aaaaaaaaaaaaaaaa',
      path.slice(0, -1),
      path.replace('/y1.', '/n1.'),
      path.replace('/solution/', '/leave/'),
      '/solution/',
      '/solution/%00',
      `/solution/${'x'.repeat(5_000)}`,
    ]
    for (const it of wrong)
      for (const method of ['GET', 'POST']) expect([it, (await ask(it, method)).status]).toEqual([it, 404])
    expect(nudges).toBe(0)
    expect((await desk.show(1)).log.filter((row) => row.what === 'solution')).toHaveLength(1)
  })
})
