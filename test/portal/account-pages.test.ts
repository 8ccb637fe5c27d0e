import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import axe, { type AxeResults } from 'axe-core'
import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, openBrowser } from '../support/browser.ts'
import { type Flow, letter, PORTAL_DEFAULTS, startFlow } from '../support/flow.ts'
import { embedded } from '../support/mail-servers.ts'

const GOOD = 'tre blå elefanter danser'
const NAME = 'Anna-Margrethe Kristoffersen Wedel-Jarlsberg'
const ADDRESS = 'anna-margrethe.kristoffersen.wedel-jarlsberg@kundeservice.eksempelkommune.test'
const TITLE = 'Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz kommer ikke med i regnskabet for Q3'
/** Each page is looked at twice: narrow and light, wide and dark. */
const LOOKS = [
  { width: 360, colorScheme: 'light' },
  { width: 1200, colorScheme: 'dark' },
] as const
/** Where to keep pictures of all pages, to look at: POSTHORN_PICTURES=tmp/pictures. */
const PICTURES = process.env.POSTHORN_PICTURES
/** CSS pixels (WCAG 2.2, 2.5.5). Links within a sentence may be smaller. */
const SMALLEST_TARGET = 44
const TARGETS =
  'button, input:not([type=hidden], [type=checkbox], [type=radio]), .choice, .also a, header a, footer a, .list a'

describe('the pages of accounts', () => {
  let flow: Flow
  let browser: Browser
  let page: Page
  let url: string
  const problems: string[] = []
  const seen: string[] = []
  beforeAll(async () => {
    const port = await freePort()
    url = `http://localhost:${port}`
    const portal = { url, listen: { host: 'localhost', port }, ...PORTAL_DEFAULTS }
    flow = await startFlow({ engine: 'sqlite', kind: embedded, over: (config) => ({ ...config, portal }) })
    browser = await openBrowser()
    page = await (await browser.newContext({ locale: 'da' })).newPage()
    page.setDefaultTimeout(10_000)
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const
    const verified = { hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, ...verified } })
    await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false')
    if (PICTURES) mkdirSync(PICTURES, { recursive: true })
  })
  afterAll(async () => {
    await browser.close()
    await flow.close()
  })

  const look = async (name: string) => {
    seen.push(name)
    await page.evaluate(axe.source)
    for (const { width, colorScheme } of LOOKS) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      const { violations, passes } = (await page.evaluate('axe.run()')) as AxeResults
      const about = `${name}, ${width}`
      for (const { id, nodes } of violations) problems.push(`${about}: ${id}: ${nodes.map((it) => it.html).join(' ')}`)
      if (!passes.some(({ id }) => id === 'color-contrast')) problems.push(`${about}: colours were not looked at`)
      problems.push(...((await page.evaluate(measure)) as string[]).map((it) => `${about}: ${it}`))
      if (PICTURES) await picture(name, width)
    }
  }
  const picture = async (name: string, width: number) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: join(PICTURES ?? '', `${name}-${width}-${colorScheme}.png`), fullPage: true })
    }
  }
  /** What is too wide for the window, or too small for a finger. */
  const measure = `[
    ...(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['too wide'] : []),
    ...[...document.querySelectorAll('${TARGETS}')].filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < ${SMALLEST_TARGET - 0.5})
      .map((it) => 'too small: ' + it.outerHTML.slice(0, 100)),
  ]`
  const go = async (name: string, path: string) => {
    await page.goto(url + path)
    await look(name)
  }
  const submit = async (form = 'main form') => await page.click(`${form} button:not(.small)`)

  it('take somebody in', async () => {
    await flow.deliver(letter({ from: { name: NAME, address: ADDRESS }, subject: TITLE, text: 'Hej\n\nHvad nu?' }))
    await flow.waitForMail(ADDRESS)
    await go('sign-up', '/sign-up')
    await page.fill('[name=name]', NAME)
    await page.fill('[name=address]', 'anna@nowhere')
    await submit()
    await page.waitForSelector('[aria-invalid]')
    await look('sign-up-wrong')
    await page.fill('[name=address]', ADDRESS)
    await submit()
    await page.waitForURL('**/check-email')
    await look('check-email')
    const mail = await flow.waitForMail(ADDRESS, (it) => it.text.includes('/activate/'))
    const link = /\/activate\/[\w-]{43}/.exec(mail.message.text)?.[0] ?? ''
    await go('activate', link)
    await page.fill('[name=password]', 'kort')
    await submit()
    await page.waitForSelector('[aria-invalid]')
    await look('activate-weak')
    await page.fill('[name=password]', GOOD)
    await submit()
    await page.waitForURL('**/cases')
    await look('cases')
    await page.click('.list a')
    await page.waitForSelector('.said')
    await look('case')
    await go('link-over', link)
    await go('unknown-case', '/cases/4711')
  }, 120_000)

  it('show somebody their account', async () => {
    await go('account', '/account')
    await go('change-password', '/account/password')
    await go('change-address', '/account/address')
    await go('passkeys-none', '/account/passkeys')
    await page.fill('[name=name]', `Telefonen som ligger i den nederste skuffe hos ${NAME}`)
    await submit()
    await page.waitForSelector('.list a')
    await look('passkeys')
    await submit()
    await page.waitForSelector('[role=alert]')
    await look('passkeys-problem')
    await page.click('.list a')
    await look('passkey')
    await go('factors-none', '/account/second')
    await submit()
    await page.waitForSelector('.picture')
    await look('totp')
    const secret = Secret.fromBase32(((await page.textContent('.secret')) ?? '').replaceAll(' ', ''))
    await page.fill('[name=code]', new TOTP({ secret }).generate())
    await submit()
    await page.waitForSelector('.secret')
    await look('emergency-code')
    await submit()
    await go('factors', '/account/second')
    await flow.store.db.updateTable('sessions').set({ proven_at: '2026-01-01T00:00:00.000Z' }).execute()
    await page.goto(`${url}/account/password`)
    await look('confirm')
  }, 120_000)

  it('let somebody in again', async () => {
    await page.click('header button')
    await page.waitForURL('**/sign-in')
    await look('sign-in')
    await page.fill('[name=address]', ADDRESS)
    await submit()
    await page.fill('[name=password]', 'forkert forkert forkert')
    await submit()
    await page.waitForSelector('[role=alert]')
    await look('password-wrong')
    await page.fill('[name=password]', GOOD)
    await submit()
    await page.waitForURL('**/second')
    await look('second')
    await go('second-other', '/second/other')
    await go('second-emergency', '/second/emergency')
    await go('forgotten', '/forgotten')
    await go('unknown', '/reset/nothing')
  }, 120_000)

  it('can be used by everybody, on a telephone and on a large screen', () => {
    expect(seen.length).toBeGreaterThan(25)
    expect(problems).toEqual([])
  })
})
