import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { casePolicy } from '../../src/app.ts'
import { realWorld } from '../../src/core/world.ts'
import { notify } from '../../src/notify/notify.ts'
import { findPersonByAddress } from '../../src/store/people.ts'
import { engines } from '../support/databases.ts'
import {
  ANNA,
  type Arrived,
  answerTo,
  BO,
  type Flow,
  KIM,
  letter,
  PORTAL_DEFAULTS,
  poll,
  startFlow,
} from '../support/flow.ts'
import { embedded } from '../support/mail-servers.ts'

const PORTAL = 'https://help.acme.test/support'
const SALES = 'sales@acme.test'

describe.each(engines)('choosing what to be told of, on %s', (engine) => {
  let flow: Flow
  let browser: Browser
  let page: Page
  let deliverToSales: (raw: string) => Promise<void>
  beforeAll(async () => {
    const portal = { url: PORTAL, listen: { host: '127.0.0.1', port: 0 }, ...PORTAL_DEFAULTS }
    flow = await startFlow({ engine, kind: embedded, over: (config) => ({ ...config, portal }) })
    const user = flow.server.newUser()
    const sales = flow.config.mailboxes.map((it) => ({
      ...it,
      name: 'sales',
      address: SALES,
      imap: flow.server.imap(user),
    }))
    await flow.restart({ mailboxes: [...flow.config.mailboxes, ...sales] })
    const client = await flow.server.client(user)
    deliverToSales = async (raw) => {
      await client.append('INBOX', Buffer.from(raw))
    }
    browser = await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: chromium.args,
      headless: true,
    })
    page = await browser.newPage()
  })
  afterAll(async () => {
    await browser.close()
    await flow.close()
  })

  /** What the proxy in front of the portal does. */
  const behindProxy = (link: string) => new URL(link.replace(PORTAL, ''), flow.app.portal?.url).href
  const settingsLink = ({ message }: Arrived) =>
    /https:\/\/help\.acme\.test\/support\/settings\/\S+/.exec(message.text)?.[0] ?? 'no link'
  const header = ({ raw }: Arrived, name: string) =>
    new RegExp(`^${name}: (.*)$`, 'im').exec(raw.toString().replace(/\r\n[ \t]+/g, ' '))?.[1]?.trim() ?? ''
  const byAnna = async (words: string) =>
    await flow.deliver(answerTo(await flow.waitForMail(ANNA.address, (it) => it.subject.includes('#1]')), ANNA, words))
  /** The row of the newest notice to somebody, when it is settled. */
  const rowTo = async (address: string, kind: string, at = 0) =>
    await poll(async () => {
      const rows = flow.store.db.selectFrom('outbox').selectAll().where('to_address', '=', address)
      const row = (await rows.where('kind', '=', kind).orderBy('id').execute())[at]
      return row && row.status !== 'waiting' && row.status !== 'sending' ? row : undefined
    }, `${kind} to ${address}`)
  const save = async (link: string, field: string, value: string) => {
    await page.goto(behindProxy(link))
    await page.check(`input[name="${field}"][value="${value}"]`)
    await page.click('button')
    await page.waitForSelector('.done')
  }

  it('a contact turns comments off at the foot of a mail, and still hears of the solution', async () => {
    await flow.deliver(letter({ text: 'Hej' }))
    await byAnna('Prøv igen.')
    const link = settingsLink(await flow.waitForMail(KIM.address, (it) => it.text.includes('Prøv igen.')))
    await save(link, 'comments', 'off')
    expect(await page.textContent('h1')).toBe('Vælg, hvilke mails du får')
    await byAnna('Og nu?')
    expect(await rowTo(KIM.address, 'comment-added', 1)).toMatchObject({
      status: 'suppressed',
      last_error: 'unsubscribed: they want no mail about comments',
    })
    await byAnna('#solved Den er nulstillet.')
    await flow.waitForMail(KIM.address, (it) => it.text.includes('Den er nulstillet.'))
    expect(flow.arrived(KIM.address).filter((it) => it.message.text.includes('Og nu?'))).toEqual([])
  })

  it('an agent turns one mailbox off, and hears of the other', async () => {
    await save(settingsLink(await flow.waitForMail(ANNA.address)), 'comments@sales', 'off')
    await deliverToSales(letter({ to: SALES, subject: 'Et tilbud', text: 'Hvad koster den?' }))
    await flow.waitForMail(BO.address, (it) => it.subject.includes('Et tilbud'))
    expect(await rowTo(ANNA.address, 'case-opened', 1)).toMatchObject({ status: 'suppressed', mailbox: 'sales' })
    await flow.deliver(letter({ subject: 'Skærmen', text: 'Den flimrer.' }))
    await flow.waitForMail(ANNA.address, (it) => it.subject.includes('Skærmen'))
    expect(flow.arrived(ANNA.address).filter((it) => it.message.subject.includes('tilbud'))).toEqual([])
  })

  /** Kim is told of an article, as a follower of its area would be. */
  async function publish(title: string): Promise<void> {
    const policy = casePolicy(flow.config)
    const [mailbox] = policy.mailboxes
    const to = await findPersonByAddress(flow.store.db, KIM.address)
    if (!mailbox || !to) throw new Error('there is no mailbox or no Kim')
    const article = { area: 'Print', title, author: 'Anna', at: '2026-11-20T09:00:00.000Z', url: null }
    const data = { article, text: 'Hold knappen inde.', threadId: 'article17' }
    const about = { kind: 'article-published', language: 'da', mailbox, case: null, commentId: null, data } as const
    await flow.store.transaction(async (tx) => await notify(tx, { world: realWorld, policy }, [{ ...about, to }]))
    // Whatever is taken in wakes the delivery, which else would look after a while.
    await flow.deliver(letter({ text: 'Jeg er på ferie.', headers: ['Auto-Submitted: auto-replied'] }))
  }

  it('a mail program ends a topic with the two headers alone, and the page takes it back', async () => {
    await publish('Den første')
    const mail = await flow.waitForMail(KIM.address, (it) => it.text.includes('Den første'))
    const [web = '', mailto = ''] = [...header(mail, 'List-Unsubscribe').matchAll(/<([^>]+)>/g)].map(
      (it) => it[1] ?? '',
    )
    expect(web).toMatch(/^https:\/\/help\.acme\.test\/support\/stop\/ua\.\w+\.[a-z2-7]{16}$/)
    const body = new URLSearchParams(header(mail, 'List-Unsubscribe-Post'))
    expect(body.get('List-Unsubscribe')).toBe('One-Click')
    const answer = await fetch(behindProxy(web), { method: 'POST', body, headers: { host: 'evil.example' } })
    expect([answer.status, answer.redirected]).toEqual([200, false])
    await publish('Den anden')
    expect(await rowTo(KIM.address, 'article-published', 1)).toMatchObject({
      status: 'suppressed',
      last_error: 'unsubscribed: they want no mail about areas',
    })
    await page.goto(behindProxy(web))
    await page.click('button')
    await page.waitForSelector('h1:has-text("Du får disse mails igen")')
    await publish('Den tredje')
    await flow.waitForMail(KIM.address, (it) => it.text.includes('Den tredje'))

    const { pathname, searchParams } = new URL(mailto)
    const cases = (await flow.cases()).length
    await flow.deliver(letter({ to: pathname, subject: searchParams.get('subject') ?? '', text: '' }))
    await poll(
      async () =>
        await flow.store.db.selectFrom('mails').where('decision', '=', 'stop-topic').selectAll().executeTakeFirst(),
      'the mail that ends the topic',
    )
    await publish('Den fjerde')
    expect(await rowTo(KIM.address, 'article-published', 3)).toMatchObject({ status: 'suppressed' })
    expect(await flow.cases()).toHaveLength(cases)
  })

  it('keeps the keys out of the log', () => {
    expect(JSON.stringify(flow.log.lines)).not.toMatch(/\b(?:p|u[a-z])\.[0-9a-z]{8,40}\.[a-z2-7]{16}/)
  })
})
