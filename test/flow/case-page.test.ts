import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort, openBrowser } from '../support/browser.ts'
import { ANNA, type Arrived, answerTo, type Flow, KIM, letter, PORTAL_DEFAULTS, startFlow } from '../support/flow.ts'
import { embedded } from '../support/mail-servers.ts'

const GOOD = 'tre blå elefanter danser'
const BETTER = 'fire gule giraffer hopper'

// What the pages do is tested on both engines beside them; here is the way there, out of the mails.
let flow: Flow
let browser: Browser
let page: Page
let url: string
beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  const portal = { url, listen: { host: '127.0.0.1', port }, ...PORTAL_DEFAULTS }
  flow = await startFlow({ engine: 'sqlite', kind: embedded, over: (config) => ({ ...config, portal }) })
  browser = await openBrowser()
  const context = await browser.newContext({ locale: 'da' })
  context.setDefaultTimeout(20_000)
  page = await context.newPage()
})
afterAll(async () => {
  await browser.close()
  await flow.close()
})

const submit = async () => await page.click('main form button:not(.small)')
/** The last link to a page in a mail, wherever its lines were broken. */
const linkIn = ({ message }: Arrived, path: string) =>
  [...message.text.matchAll(new RegExp(`${url}/${path}`, 'g'))].at(-1)?.[0] ?? ''
const signOut = async () => {
  await page.click('header button')
  await page.waitForURL('**/sign-in')
}

it('is opened from the mail: whoever has no account makes one, and whoever has one signs in and comes to the case', async () => {
  await flow.deliver(letter({ subject: 'Printeren', text: 'Den virker ikke.' }))
  const button = linkIn(await flow.waitForMail(KIM.address), 'cases/1')
  await page.goto(button)
  expect(page.url()).toBe(`${url}/sign-in?to=%2Fcases%2F1`)

  await page.click('main a[href$="/sign-up"]')
  await page.fill('[name=name]', KIM.name)
  await page.fill('[name=address]', KIM.address)
  await submit()
  await page.waitForURL('**/check-email')
  const welcome = await flow.waitForMail(KIM.address, (mail) => mail.text.includes('/activate/'))
  await page.goto(linkIn(welcome, 'activate/[\\w-]{43}'))
  await page.fill('[name=password]', GOOD)
  await submit()
  await page.waitForURL('**/cases')
  await signOut()

  await page.goto(button)
  await page.fill('[name=address]', KIM.address)
  await submit()
  await page.fill('[name=password]', GOOD)
  await submit()
  await page.waitForURL('**/cases/1')
  expect(await page.textContent('.said')).toContain('Den virker ikke.')
  await signOut()
})

it("is got back to by an agent's #reset, and whoever reads the case sees no link of the customer's", async () => {
  const told = await flow.waitForMail(ANNA.address)
  await flow.deliver(answerTo(told, ANNA, '#reset\nDu får en mail om en ny adgangskode.'))
  const reset = await flow.waitForMail(KIM.address, (mail) => mail.text.includes('/reset/'))
  const link = linkIn(reset, 'reset/[\\w-]{43}')
  const receipt = await flow.waitForMail(ANNA.address, (mail) => /send?t (til|to) kim@customer/.test(mail.text))
  const token = link.slice(-43)
  expect(receipt.message.text).not.toContain(token)

  // The customer asks about it instead, and quotes it all.
  const answer = answerTo(reset, KIM, `Hvad skal jeg med ${link}?`)
  const comment = await flow.waitForMail(KIM.address, (mail) => mail.text.includes('Du får en mail om'))
  const to = comment.message.replyTo[0]?.address ?? ''
  await flow.deliver(answer.replace(/^To: .*$/m, `To: ${to}`))
  const it = await flow.waitForCase(1, ({ comments }) =>
    comments.some(({ text }) => text.includes('Hvad skal jeg med')),
  )
  expect(it.comments.at(-1)?.text).toBe('Hvad skal jeg med [link removed]?')
  const agents = await flow.waitForMail(ANNA.address, (mail) => mail.text.includes('Hvad skal jeg med'))
  expect(agents.message.text).not.toContain(token)
  expect(JSON.stringify(await flow.store.db.selectFrom('comments').selectAll().execute())).not.toContain(token)

  await page.goto(link)
  await page.fill('[name=password]', BETTER)
  await submit()
  await page.waitForURL('**/cases')
})
