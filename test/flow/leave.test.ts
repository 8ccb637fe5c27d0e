import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../support/databases.ts'
import { ANNA, type Arrived, answerTo, type Flow, letter, PORTAL_DEFAULTS, startFlow } from '../support/flow.ts'
import { embedded } from '../support/mail-servers.ts'

const PAT = { name: 'Pat Lund', address: 'pat@customer.test' }
const LEE = { name: 'Lee Bo', address: 'lee@customer.test' }
const PORTAL = 'https://help.acme.test/support'

describe.each(engines)('leaving a case by one click, on %s', (engine) => {
  let flow: Flow
  let browser: Browser
  let toPat: Arrived
  let toLee: Arrived
  beforeAll(async () => {
    const portal = { url: PORTAL, listen: { host: '127.0.0.1', port: 0 }, ...PORTAL_DEFAULTS }
    flow = await startFlow({ engine, kind: embedded, over: (config) => ({ ...config, portal }) })
    browser = await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: chromium.args,
      headless: true,
    })
    await flow.deliver(letter({ text: 'Hej', headers: [`Cc: <${PAT.address}>, <${LEE.address}>`] }))
    await flow.deliver(answerTo(await flow.waitForMail(ANNA.address), ANNA, 'Prøv igen.'))
    toPat = await flow.waitForMail(PAT.address)
    toLee = await flow.waitForMail(LEE.address)
  })
  afterAll(async () => {
    await browser.close()
    await flow.close()
  })

  const takingPart = async () => (await flow.waitForCase(1, () => true)).participants.map((it) => it.address)
  /** What the proxy in front of the portal does. */
  const behindProxy = (link: string) => new URL(link.replace(PORTAL, ''), flow.app.portal?.url).href
  const header = ({ raw }: Arrived, name: string) =>
    new RegExp(`^${name}: (.*)$`, 'im').exec(raw.toString().replace(/\r\n[ \t]+/g, ' '))?.[1]?.trim() ?? ''

  it('begins with the link at the foot of a mail, and ends with its button', async () => {
    const link = /https:\/\/help\.acme\.test\/support\/leave\/\S+/.exec(toPat.message.text)?.[0] ?? ''
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    await page.goto(behindProxy(link))
    expect(await page.textContent('h1')).toBe('Forlad sag #1')
    expect(await page.evaluate('getComputedStyle(document.querySelector("main")).borderRadius')).toBe('8px')
    expect(await takingPart()).toContain(PAT.address)
    await page.click('button')
    await page.waitForSelector('h1:has-text("Du har forladt sag #1")')
    expect(await takingPart()).toEqual([LEE.address])
    expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([])
  })

  it('is done by a mail program with the two headers alone', async () => {
    const [web, mail] = [...header(toLee, 'List-Unsubscribe').matchAll(/<([^>]+)>/g)].map((match) => match[1] ?? '')
    expect(web).toMatch(/^https:\/\/help\.acme\.test\/support\/leave\/l1\.[a-z2-7]{16}$/)
    expect(mail).toMatch(/^mailto:support\+l1\.[a-z2-7]{16}@acme\.test\?subject=leave$/)
    const body = new URLSearchParams(header(toLee, 'List-Unsubscribe-Post'))
    expect(body.get('List-Unsubscribe')).toBe('One-Click')
    // Another Host, as a client or a proxy may send it, makes no difference.
    const answer = await fetch(behindProxy(web ?? ''), { method: 'POST', body, headers: { host: 'evil.example' } })
    expect([answer.status, answer.redirected]).toEqual([200, false])
    expect(await answer.text()).not.toContain('evil.example')
    expect(await takingPart()).toEqual([])
  })

  it('means no more mail about the case', async () => {
    await flow.deliver(answerTo(await flow.waitForMail(ANNA.address), ANNA, 'Og nu?'))
    await flow.settled(3)
    expect([flow.arrived(PAT.address).length, flow.arrived(LEE.address).length]).toEqual([1, 1])
  })

  it('keeps the keys out of the log', () => {
    expect(JSON.stringify(flow.log.lines)).not.toMatch(/l1\.[a-z2-7]{16}/)
  })

  it('ends with the program', async () => {
    const url = flow.app.portal?.url ?? ''
    expect((await fetch(`${url}/nowhere`)).status).toBe(404)
    await flow.app.stop()
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })
})
