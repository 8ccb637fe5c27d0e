import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

describe.each(engines)('what a customer says of a solution, through the whole program on %s', (engine) => {
  let flow: Flow
  let browser: Browser
  let page: Page
  const portal = { url: PORTAL, listen: { host: '127.0.0.1', port: 0 }, ...PORTAL_DEFAULTS }
  beforeAll(async () => {
    flow = await startFlow({ engine, kind: embedded, over: (config) => ({ ...config, portal }) })
    browser = await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: chromium.args,
      headless: true,
    })
    page = await browser.newPage()
    await flow.deliver(letter({ text: 'Hej' }))
  })
  afterAll(async () => {
    await browser.close()
    await flow.close()
  })

  /** Anna solves case 1 once more; the mail that Kim gets. */
  const solve = async (words: string): Promise<Arrived> => {
    await flow.deliver(answerTo(await flow.waitForMail(ANNA.address), ANNA, `#solved\n${words}`))
    return await flow.waitForMail(KIM.address, (mail) => mail.text.includes(words))
  }
  const linkIn = ({ message }: Arrived, form: RegExp) => form.exec(message.text)?.[0] ?? ''
  /** Follows a link to its page and presses the button: what the page says before, and waits for what it says then. */
  const press = async (link: string, asked: string, answered: string) => {
    await page.goto(new URL(link.replace(PORTAL, ''), flow.app.portal?.url).href)
    expect(await page.textContent('h1')).toBe(asked)
    await page.click('button')
    await page.waitForSelector(`h1:has-text("${answered}")`)
  }

  it('no: its page opens the case again, and the agents hear of it', async () => {
    const solution = await solve('Skift netdelen.')
    await press(
      linkIn(solution, /https:\S+\/solution\/n1\.\S+/),
      'Hjalp løsningen ikke i sag #1?',
      'Sag #1 er åben igen',
    )
    await flow.waitForCase(1, (it) => it.status === 'open')
    const sent = async () => {
      const rows = flow.store.db.selectFrom('outbox').select('to_address').where('kind', '=', 'case-reopened-agent')
      return (await rows.where('status', '=', 'sent').execute()).map((row) => row.to_address).sort()
    }
    await poll(async () => ((await sent()).length === 2 ? true : undefined), 'mails to both agents')
    expect(await sent()).toEqual([ANNA.address, BO.address])
  })

  it('yes: its page keeps the case solved', async () => {
    const solution = await solve('Skift kablet.')
    await press(linkIn(solution, /https:\S+\/solution\/y1\.\S+/), 'Hjalp løsningen i sag #1?', 'Sag #1 er løst')
    const { log } = await flow.waitForCase(1, (it) => it.status === 'solved')
    expect(log.at(-1)).toMatchObject({ actor: KIM.name, what: 'solution', to: 'accepted' })
  })

  it('by mail where there are no pages: yes is an empty mail, no is an answer', async () => {
    await flow.restart({ portal: null })
    const solution = await solve('Skift printeren.')
    const [yes = '', no = ''] = [...solution.message.text.matchAll(/mailto:\S+/g)].map(([link]) =>
      decodeURIComponent(new URL(link).pathname),
    )
    await flow.deliver(letter({ to: yes, subject: '[#1] OK', text: '\n' }))
    const said = (it: { log: { to: string | null }[] }) => it.log.filter(({ to }) => to === 'accepted').length
    await flow.waitForCase(1, (it) => said(it) === 2 && it.status === 'solved')
    await flow.deliver(letter({ to: no, subject: 'Re: [#1]', text: 'Den er stadig død.' }))
    await flow.waitForCase(1, (it) => it.status === 'open' && it.comments.some(({ text }) => text.includes('stadig')))
    expect(await flow.cases()).toHaveLength(1)
  })

  it('keeps the keys out of the log', () => {
    expect(JSON.stringify(flow.log.lines)).not.toMatch(/[yn]1\.[a-z2-7]{16}/)
  })
})
