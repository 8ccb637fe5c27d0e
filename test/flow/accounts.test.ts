import axe, { type AxeResults } from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realWorld } from '../../src/core/world.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { freePort, openBrowser } from '../support/browser.ts'
import { engines } from '../support/databases.ts'
import { type Flow, letter, PORTAL_DEFAULTS, startFlow } from '../support/flow.ts'
import { embedded } from '../support/mail-servers.ts'
import { takePictures } from '../support/pictures.ts'

const GOOD = 'tre blå elefanter danser'
const BETTER = 'fire gule giraffer hopper'

describe.each(engines)('an account, on %s', (engine) => {
  let flow: Flow
  let browser: Browser
  let url: string
  /** Milliseconds that the program's clock is ahead. */
  let ahead = 0
  const world = { ...realWorld, now: () => realWorld.now() + ahead }
  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const portal = { url, listen: { host: '127.0.0.1', port }, ...PORTAL_DEFAULTS }
    flow = await startFlow({ engine, kind: embedded, world, over: (config) => ({ ...config, portal }) })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await flow.close()
  })

  /** A browser of its own, in a language, that complains of nothing. */
  const visit = async (language: string): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> => {
    const context = await browser.newContext({ locale: language })
    context.setDefaultTimeout(10_000)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    return { context, page, complaints }
  }
  const used = new Set<string>()
  /** The link to a page in a mail to an address, one that was not asked for before. */
  const linkIn = async (address: string, path: string) => {
    const linksOf = (text: string) =>
      [...text.matchAll(new RegExp(`${url}/${path}/[\\w-]{43}`, 'g'))]
        .map(([link]) => link)
        .filter((it) => !used.has(it))
    const mail = await flow.waitForMail(address, (it) => linksOf(it.text).length > 0)
    const link = linksOf(mail.message.text)[0] ?? ''
    used.add(link)
    return link
  }
  const submit = async (page: Page) => {
    await page.click('main form button:not(.small)')
  }

  /** The page is one that everybody can use; in one language, since all have the same pages. */
  const look = async (page: Page, language: string) => {
    if (engine !== 'sqlite' || language !== 'da') return
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults
    expect(violations.map(({ id, nodes }) => [page.url(), id, nodes[0]?.html])).toEqual([])
    await takePictures(page, 'account')
  }

  // SQLite alone goes through all four: the pages are the same.
  const languages = engine === 'sqlite' ? LANGUAGES : (['da'] as const)
  it.each(languages)('is made by a mail, used, and its password changed, in %s', async (language) => {
    const address = `kim.${language}@customer.test`
    await flow.deliver(letter({ from: { name: 'Kim', address }, text: 'Hej', subject: `Hej ${language}` }))
    await flow.waitForMail(address)
    const { context, page, complaints } = await visit(language)

    await page.goto(`${url}/sign-up`)
    expect(await page.getAttribute('html', 'lang')).toBe(language)
    await page.fill('[name=name]', 'Kim Sørensen')
    await page.fill('[name=address]', address)
    await submit(page)
    await page.waitForURL('**/check-email')

    const late = await linkIn(address, 'activate')
    ahead += 25 * 3_600_000
    await page.goto(late)
    expect(await page.locator('[name=password]').count()).toBe(0)
    await look(page, language)
    await submit(page)
    await page.waitForURL('**/check-email')

    const before = flow.arrived(address).length
    const link = await linkIn(address, 'activate')
    await page.goto(link)
    await page.fill('[name=password]', 'kort')
    await expect.poll(async () => await page.locator('.rules .met').count()).toBeGreaterThan(0)
    await submit(page)
    expect(await page.locator('[aria-invalid=true]').count()).toBe(1)
    await page.fill('[name=password]', GOOD)
    await submit(page)
    await page.waitForURL('**/cases')
    expect(await page.textContent('.list')).toContain(`Hej ${language}`)
    await page.click('.list a')
    expect(await page.textContent('.said')).toContain('Hej')

    await page.goto(link)
    expect(await page.title()).not.toContain('undefined')
    expect(await page.locator('main form').count()).toBe(1)

    await page.goto(`${url}/account`)
    await page.click('header button')
    await page.waitForURL('**/sign-in')
    await page.fill('[name=address]', address)
    await submit(page)
    await page.fill('[name=password]', 'forkert forkert forkert')
    await submit(page)
    expect(await page.locator('[role=alert]').count()).toBe(1)
    await page.fill('[name=password]', GOOD)
    await submit(page)
    await page.waitForURL('**/cases')

    await page.goto(`${url}/account/password`)
    await page.fill('[name=password]', BETTER)
    await submit(page)
    await page.waitForURL('**/account')
    await flow.waitForMail(address, () => flow.arrived(address).length > before)
    expect(complaints.filter((text) => !/favicon|status of 4\d\d/.test(text))).toEqual([])
    await context.close()
  })

  it.each(languages)(
    'is told to whoever has one already, and the page says the same to everybody, in %s',
    async (language) => {
      const address = `kim.${language}@customer.test`
      const { context, page } = await visit(language)
      await page.goto(`${url}/sign-up`)
      await page.fill('[name=name]', 'Somebody Else')
      await page.fill('[name=address]', address)
      await submit(page)
      await page.waitForURL('**/check-email')
      const mail = await flow.waitForMail(
        address,
        (it) => it.text.includes(`${url}/sign-in`) && it.text.includes('/reset/'),
      )
      expect(mail.message.text).not.toContain('Somebody Else')
      await context.close()
    },
  )

  it.each(languages)('is got back into by a link, with a new password or without, in %s', async (language) => {
    const address = `kim.${language}@customer.test`
    const { context, page } = await visit(language)
    for (const way of ['reset', 'link']) {
      await page.goto(`${url}/forgotten`)
      await page.fill('[name=address]', address)
      await page.check(`[value=${way}]`)
      await submit(page)
      await page.waitForURL('**/check-email')
      await page.goto(await linkIn(address, way))
      await look(page, language)
      if (way === 'reset') await page.fill('[name=password]', GOOD)
      await submit(page)
      await page.waitForURL('**/cases')
      await page.click('header button')
    }
    await context.close()
  })

  it.each(languages)('moves to another address, and back by the link at the old one, in %s', async (language) => {
    const [address, wanted] = [`kim.${language}@customer.test`, `kim.new.${language}@customer.test`]
    const { context, page } = await visit(language)
    await page.goto(`${url}/account/address`)
    await page.fill('[name=address]', address)
    await submit(page)
    await page.fill('[name=password]', GOOD)
    await submit(page)
    await page.waitForURL('**/account/address')
    await page.fill('[name=address]', wanted)
    await submit(page)
    await page.goto(await linkIn(wanted, 'address'))
    await look(page, language)
    await submit(page)
    await look(page, language)
    await page.goto(`${url}/cases`)
    expect(await page.textContent('.list')).toContain(`Hej ${language}`)
    await page.goto(await linkIn(address, 'undo'))
    await look(page, language)
    await submit(page)
    await look(page, language)
    await page.goto(`${url}/cases`)
    await page.waitForURL('**/sign-in')
    await context.close()
  })

  it('keeps every token out of the log', () => {
    expect(JSON.stringify(flow.log.lines)).not.toMatch(/\/(activate|reset|link|address|undo)\/[\w-]{43}/)
  })
})
