import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { quietLog } from '../../src/core/log.ts'
import type { Topic } from '../../src/model/preferences.ts'
import { settingsKey, stopKey } from '../../src/model/thread-key.ts'
import { viewPreferences } from '../../src/notify/preferences.ts'
import { type Portal, startPortal } from '../../src/portal/portal.ts'
import { loadPages } from '../../src/render/pages.ts'
import { findPersonByAddress, findVerified } from '../../src/store/people.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const KIM = 'kim@customer.test'
const ANNA = 'anna@private.test'
const ONE_CLICK = 'List-Unsubscribe=One-Click'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const pages = loadPages([join(import.meta.dirname, '../../templates')])

describe.each(engines)('the pages of what people are told of, on %s', (engine) => {
  let desk: HelpDesk
  let portal: Portal
  let nudges = 0
  const committed = () => {
    nudges += 1
  }
  beforeEach(async () => {
    nudges = 0
    desk = await openHelpDesk(engine)
    const { policy } = desk.ctx
    const sales = policy.mailboxes.map((it) => ({ ...it, name: 'sales & co', address: 'sales@acme.test' }))
    desk.ctx.policy = {
      ...policy,
      mailboxes: [...policy.mailboxes, ...sales],
      digests: { agents: true, contacts: true, articles: false },
    }
    portal = await startPortal(
      { host: '127.0.0.1', port: 0 },
      { ctx: desk.ctx, pages, brandOf: () => 'Acme & Co.', committed, log: quietLog },
    )
    await desk.take({ language: 'sv' })
  })
  afterEach(async () => {
    await portal.close()
    await desk.store.close()
  })

  const personOf = async (address: string) => {
    const found = await findPersonByAddress(desk.store.db, address)
    if (!found) throw new Error(`nobody has ${address}`)
    return found
  }
  const settingsOf = async (address: string) =>
    `/settings/${settingsKey(desk.ctx.policy.secrets, (await personOf(address)).id)}`
  const stopOf = async (address: string, topic: Topic) =>
    `/stop/${stopKey(desk.ctx.policy.secrets, topic, (await personOf(address)).id)}`
  const held = async (address: string) => {
    const view = await viewPreferences(desk.store.db, desk.ctx, (await personOf(address)).id)
    return Object.fromEntries(
      (view?.choices ?? []).map(({ topic, mailbox, mode }) => [mailbox ? `${topic}@${mailbox}` : topic, mode]),
    )
  }
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(new URL(path, portal.url), { redirect: 'error', ...init })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const post = async (path: string, body: RequestInit['body'] = null, headers: Record<string, string> = {}) =>
    await ask(path, { method: 'POST', body: body ?? null, headers })
  const ALL = { comments: 'off', solutions: 'digest', areas: 'now', digests: 'now' }
  const NEVER_CHOSE = { comments: 'now', solutions: 'now', areas: 'now', digests: 'now' }

  it('show a form with what holds now, in the person’s language, and no more of them than a masked address', async () => {
    const { status, text } = await ask(await settingsOf(KIM))
    expect(status).toBe(200)
    expect(text).toContain('<h1>Välj vilka mejl du får</h1>')
    expect(text).not.toMatch(/kim@|Kim|sales/)
    const checked = [...text.matchAll(/name="([^"]+)" value="([^"]+)" required checked/g)].map((it) => it.slice(1))
    expect(Object.fromEntries(checked)).toEqual(NEVER_CHOSE)
    expect([...text.matchAll(/name="areas" value="(\w+)"/g)].map((it) => it[1])).toEqual(['now', 'off'])
    expect(text).not.toContain('role="status"')
  })

  it('write what was chosen, show it, and note that somebody reads there', async () => {
    expect([...(await findVerified(desk.store.db, [KIM]))]).toEqual([])
    const { status, text } = await post(await settingsOf(KIM), new URLSearchParams(ALL))
    expect([nudges, status, text]).toEqual([
      1,
      200,
      expect.stringContaining('<p class="done" role="status">Dina val är sparade.</p>'),
    ])
    expect(text).toMatch(/name="comments" value="off" required checked/)
    expect(await held(KIM)).toEqual(ALL)
    expect([...(await findVerified(desk.store.db, [KIM]))]).toEqual([KIM])
  })

  it('let agents choose for each mailbox', async () => {
    const path = await settingsOf(ANNA)
    const { text } = await ask(path)
    expect(text).toContain('name="comments@sales &amp; co"')
    expect(text).toContain('New cases and comments · sales@acme.test')
    const chosen = { ...ALL, 'comments@support': 'default', 'comments@sales & co': 'off' }
    expect((await post(path, new URLSearchParams(chosen))).status).toBe(200)
    expect(await held(ANNA)).toEqual({ ...ALL, 'comments@support': null, 'comments@sales & co': 'off' })
  })

  it.each<[string, string | FormData | null, Record<string, string>?]>([
    ['a field that is missing', 'comments=off&solutions=now&areas=now'],
    ['a field that is not on the page', 'comments=off&solutions=now&areas=now&digests=now&admin=1'],
    ['a field that is not on the page in place of one that is', 'comments=off&solutions=now&areas=now&admin=1'],
    ['a field twice', 'comments=off&comments=now&solutions=now&areas=now'],
    ['a choice that is not on offer', 'comments=off&solutions=now&areas=digest&digests=now'],
    ['a choice that nobody has', 'comments=off&solutions=now&areas=now&digests=default'],
    ['a mailbox, from a contact', 'comments=off&solutions=now&areas=now&digests=now&comments%40support=off'],
    ['nothing', ''],
    ['no body at all', null, {}],
    ['too much', `comments=off&solutions=now&areas=now&digests=${'x'.repeat(20_000)}`],
    ['another type', '{"comments":"off"}', { 'content-type': 'application/json' }],
    ['what a mail program sends to end a topic', ONE_CLICK],
    ['a form of the other kind', new FormData(), {}],
  ])('say what to do when the form has %s, and write nothing', async (_what, body, headers = FORM) => {
    const { status, text } = await post(await settingsOf(KIM), body, headers)
    expect(status).toBe(400)
    expect(text).toContain('<h1>Intet blev gemt</h1>')
    expect(text).toContain('<a href="?">')
    expect(nudges).toBe(0)
    expect(await held(KIM)).toEqual(NEVER_CHOSE)
    expect([...(await findVerified(desk.store.db, [KIM]))]).toEqual([])
  })

  it('change nothing when they are looked at', async () => {
    for (const path of [await settingsOf(KIM), await stopOf(KIM, 'comments'), `${await stopOf(KIM, 'comments')}?undo`])
      for (const method of ['GET', 'HEAD', 'OPTIONS']) await ask(path, { method })
    expect(await held(KIM)).toEqual(NEVER_CHOSE)
    expect(await desk.store.db.selectFrom('notification_preferences').selectAll().execute()).toEqual([])
  })

  it.each([
    ['the button of the page', '', FORM],
    ['a mail program (RFC 8058)', ONE_CLICK, FORM],
    ['a mail program that writes no body and no type', null, {}],
    ['a browser that says where it comes from', '', { ...FORM, origin: 'null', referer: 'https://mail.example/' }],
  ])('end a topic by %s, without a cookie or a redirect', async (_name, body, headers) => {
    const path = await stopOf(KIM, 'comments')
    expect((await ask(path)).text).toContain('<h1>Få inga fler av de här mejlen</h1>')
    const { status, text, headers: answered } = await post(path, body, headers)
    expect([status, text]).toEqual([200, expect.stringContaining('<h1>Du får inga fler av de här mejlen</h1>')])
    expect(answered.get('set-cookie')).toBeNull()
    expect([nudges, await held(KIM)]).toEqual([1, { ...NEVER_CHOSE, comments: 'off' }])
    // A provider may do so by itself: nobody has shown that they read there.
    expect([...(await findVerified(desk.store.db, [KIM]))]).toEqual([])
  })

  it('take that back to what it was, by a button', async () => {
    await post(await settingsOf(KIM), new URLSearchParams(ALL))
    const path = await stopOf(KIM, 'digests')
    expect((await post(path, ONE_CLICK, FORM)).text).toContain('<form method="post" action="?undo">')
    expect((await ask(path)).text).toContain('<form method="post" action="?undo">')
    expect(await held(KIM)).toEqual({ ...ALL, solutions: 'off', digests: 'off' })
    const { text } = await post(`${path}?undo`, '', FORM)
    expect(text).toContain('<h1>Du får de här mejlen igen</h1>')
    expect((await ask(path)).text).toContain('<form method="post" action="?">')
    expect(await held(KIM)).toEqual(ALL)
  })

  it('lead from the end of a topic to all choices', async () => {
    const path = await stopOf(KIM, 'solutions')
    const link = /href="([^"]*settings[^"]*)"/.exec((await ask(path)).text)?.[1] ?? ''
    const target = new URL(link, new URL(path, portal.url)).pathname
    expect(target).toBe(await settingsOf(KIM))
  })

  it('are not found by a key that is guessed, cut off, of another purpose, person or secret', async () => {
    const settings = await settingsOf(KIM)
    const stop = await stopOf(KIM, 'comments')
    const wrong = [
      settings.slice(0, -1),
      stop.slice(0, -1),
      stop.replace('/stop/uc', '/stop/ud'),
      settings.replace('/settings/', '/stop/'),
      stop.replace('/stop/', '/settings/'),
      `/settings/${settingsKey(['another secret of at least thirty-two characters'], (await personOf(KIM)).id)}`,
      '/settings/',
      '/settings/%00',
      `/settings/${'x'.repeat(5_000)}`,
      '/stop/p.x.aaaaaaaaaaaaaaaa',
      `${stop}/undo`,
    ]
    for (const path of wrong)
      for (const init of [{}, { method: 'POST', body: new URLSearchParams(ALL) }]) {
        const { status, text } = await ask(path, init)
        expect([path, status, text]).toEqual([path, 404, expect.stringContaining('<h1>Linket virker ikke</h1>')])
      }
    expect(await held(KIM)).toEqual(NEVER_CHOSE)
  })

  it('let no script, frame, cache, search engine or other site near, whatever the answer', async () => {
    const settings = await settingsOf(KIM)
    const answers = [
      await ask(settings),
      await post(settings, 'x=1', FORM),
      await post(settings, 'x'.repeat(20_000), FORM),
      await post(await stopOf(KIM, 'areas')),
      await ask('/stop/x'),
    ]
    for (const { headers } of answers) {
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
      )
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('set-cookie')).toBeNull()
    }
  })

  it('read no body but that of the form', async () => {
    expect((await post(await stopOf(KIM, 'comments'), 'x'.repeat(1_025), FORM)).status).toBe(413)
    expect(await held(KIM)).toEqual(NEVER_CHOSE)
  })
})
