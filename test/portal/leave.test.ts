import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { quietLog } from '../../src/core/log.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { leaveKey } from '../../src/model/thread-key.ts'
import { type Portal, startPortal } from '../../src/portal/portal.ts'
import { loadPages, PAGE_EXAMPLES } from '../../src/render/pages.ts'
import { findPersonByAddress } from '../../src/store/people.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const PAT = { name: 'Pat', address: 'pat@customer.test' }
const LEE = { name: 'Lee', address: 'lee@customer.test' }
const LOCAL = { host: '127.0.0.1', port: 0 }
const ONE_CLICK = 'List-Unsubscribe=One-Click'
const pages = loadPages([join(import.meta.dirname, '../../templates')])

describe.each(LANGUAGES)('the pages in %s', (language) => {
  it.each(Object.values(PAGE_EXAMPLES))('$kind has every word and no script', (view) => {
    const html = pages.render(view, language)
    expect(html).toContain(`<html lang="${language}">`)
    expect(html).not.toMatch(/\{\{|undefined|<script|\bsrc=| on[a-z]+=/)
    expect(html).toContain('number' in view ? '#1042' : view.brand)
  })
})

describe.each(engines)('the page to leave a case on, on %s', (engine) => {
  let desk: HelpDesk
  let portal: Portal
  let nudges = 0
  const committed = () => {
    nudges += 1
  }
  beforeEach(async () => {
    nudges = 0
    desk = await openHelpDesk(engine)
    portal = await startPortal(LOCAL, { ctx: desk.ctx, pages, brandOf: () => 'Acme & Co.', committed, log: quietLog })
    await desk.take({ subject: 'Min hemmelige sag', language: 'sv', cc: [PAT, LEE] })
  })
  afterEach(async () => {
    await portal.close()
    await desk.store.close()
  })

  const takingPart = async (number = 1) => (await desk.show(number)).participants.map((it) => it.address)
  const pathOf = async (who: typeof PAT, number = 1) => {
    const person = await findPersonByAddress(desk.store.db, who.address)
    return `/leave/${leaveKey(desk.ctx.policy.secrets, number, person?.id ?? '')}`
  }
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(new URL(path, portal.url), init)
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const post = async (path: string, body: RequestInit['body'] = ONE_CLICK, headers = {}) =>
    await ask(path, { method: 'POST', body: body ?? null, headers })
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

  it('says which case, in its language, and neither its title nor who is in it', async () => {
    const { status, text } = await ask(await pathOf(PAT))
    expect(status).toBe(200)
    expect(text).toContain('<h1>Lämna ärende #1</h1>')
    expect(text).toContain('Acme &amp; Co.')
    expect(text.match(/<button>/g)).toHaveLength(1)
    expect(text).not.toMatch(/hemmelige|Pat|Kim|customer\.test/)
  })

  it('speaks the language of the person, where that is known', async () => {
    await desk.store.db.updateTable('people').set({ language: 'nb' }).where('name', '=', PAT.name).execute()
    expect((await ask(await pathOf(PAT))).text).toContain('<h1>Forlat sak #1</h1>')
    expect((await ask(await pathOf(LEE))).text).toContain('<h1>Lämna ärende #1</h1>')
  })

  it('changes nothing when it is looked at', async () => {
    const log = (await desk.show(1)).log.length
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await ask(await pathOf(PAT), { method })
    expect(await takingPart()).toEqual([PAT.address, LEE.address])
    expect((await desk.show(1)).log).toHaveLength(log)
    expect(nudges).toBe(0)
  })

  it.each([
    ['the button of the page', '', FORM],
    ['a mail program (RFC 8058)', ONE_CLICK, FORM],
    ['a mail program that writes no body and no type', undefined, {}],
    ['a browser that says where it comes from', '', { ...FORM, origin: 'null', referer: 'https://mail.example/' }],
  ])('takes the participant out by %s', async (_name, body, headers) => {
    const { status, text } = await post(await pathOf(PAT), body ?? null, headers)
    expect([status, text]).toEqual([200, expect.stringContaining('<h1>Du har lämnat ärende #1</h1>')])
    expect([await takingPart(), nudges]).toEqual([[LEE.address], 1])
    expect((await desk.show(1)).log.at(-1)).toMatchObject({ actor: 'Pat', what: 'participant', from: PAT.address })
  })

  it('takes the other form of RFC 8058 as well', async () => {
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    expect((await post(await pathOf(PAT), form)).status).toBe(200)
    expect(await takingPart()).toEqual([LEE.address])
  })

  it('takes them out once, however often and however fast it is asked', async () => {
    const path = await pathOf(PAT)
    const answers = await Promise.all([post(path), post(path), post(path)])
    expect(answers.map((it) => it.status)).toEqual([200, 200, 200])
    expect(
      (await desk.show(1)).log.filter((row) => row.what === 'participant' && row.from === PAT.address),
    ).toHaveLength(1)
    const again = await ask(path)
    expect([again.status, again.text]).toEqual([200, expect.stringContaining('<h1>Du har lämnat ärende #1</h1>')])
    expect(again.text).not.toContain('<button')
  })

  it('still works when the case was merged into another', async () => {
    await desk.take({ from: LEE })
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: '#merge 2' })
    expect(await takingPart(2)).toContain(PAT.address)
    expect((await post(await pathOf(PAT))).status).toBe(200)
    expect(await takingPart(2)).not.toContain(PAT.address)
  })

  it('is not found by a key that is guessed, cut off, of another case or of another secret', async () => {
    await desk.take({ cc: [LEE] })
    const path = await pathOf(PAT)
    const person = await findPersonByAddress(desk.store.db, PAT.address)
    const foreign = leaveKey(['another secret of at least thirty-two characters'], 1, person?.id ?? '')
    const wrong = [
      '/leave/l1.aaaaaaaaaaaaaaaa',
      path.slice(0, -1),
      path.replace('/l1.', '/l2.'),
      path.replace('/l1.', '/l999999999999.'),
      `/leave/${foreign}`,
      '/leave/',
      '/leave/%00',
      `/leave/${'x'.repeat(5_000)}`,
      '/',
    ]
    for (const it of wrong)
      for (const method of ['GET', 'POST']) {
        const { status, text } = await ask(it, { method })
        expect([it, status]).toEqual([it, 404])
        expect(text).toContain('support@acme.test')
        expect(text).toContain('<h1>Linket virker ikke</h1>')
      }
    expect(await takingPart()).toEqual([PAT.address, LEE.address])
  })

  it('says so in a language that the browser asks for', async () => {
    const say = async (accept: string) => (await ask('/leave/x', { headers: { 'accept-language': accept } })).text
    expect(await say('fr-FR, no;q=0.8, sv;q=0.5')).toContain('<html lang="nb">')
    expect(await say('en-GB,en;q=0.9')).toContain('write to support@acme.test instead.')
  })

  it('lets no script, frame, cache, search engine or other site near, whatever the answer', async () => {
    const path = await pathOf(PAT)
    for (const { headers } of [await ask(path), await ask('/leave/x'), await post(path, 'x'.repeat(1_025))]) {
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
      )
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-robots-tag')).toContain('noindex')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('set-cookie')).toBeNull()
    }
  })

  it('takes a body of 1 KB, and none that is larger', async () => {
    const path = await pathOf(PAT)
    expect((await post(path, 'x'.repeat(1_025))).status).toBe(413)
    expect(await takingPart()).toContain(PAT.address)
    expect((await post(path, 'x'.repeat(1_024))).status).toBe(200)
  })

  it('answers what has been asked before it closes, and waits for nobody who dawdles', async () => {
    const { hostname, port } = new URL(portal.url)
    const dawdler = connect(Number(port), hostname)
    dawdler.write('POST /leave/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n')
    await once(dawdler, 'connect')
    await ask('/leave/x')
    const gone = once(dawdler, 'close')
    dawdler.on('error', () => dawdler.destroy())
    await portal.close()
    await gone
    await expect(fetch(portal.url)).rejects.toThrow('fetch failed')
  })

  it('says what to do where the port is taken', async () => {
    const port = Number(new URL(portal.url).port)
    const second = startPortal(
      { host: '127.0.0.1', port },
      { ctx: desk.ctx, pages, brandOf: () => '', committed, log: quietLog },
    )
    await expect(second).rejects.toMatchObject({ code: 'portal-listen', message: expect.stringContaining(`:${port}`) })
  })
})
