import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import axe, { type AxeResults } from 'axe-core'
import jsqr from 'jsqr'
import { HOTP, type TOTP, URI } from 'otpauth'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeHasher } from '../../src/accounts/hasher.ts'
import { realWorld, type World } from '../../src/core/world.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { type SandboxSmsGateway, startSmsGateway } from '../../src/sandbox/sms-gateway.ts'
import { insertAccount, updateAccount } from '../../src/store/accounts/accounts.ts'
import { insertPerson } from '../../src/store/people.ts'
import { freePort, openBrowser } from '../support/browser.ts'
import { type EngineName, engines } from '../support/databases.ts'
import { type Flow, PORTAL_DEFAULTS, startFlow } from '../support/flow.ts'
import { embedded } from '../support/mail-servers.ts'
import { takePictures } from '../support/pictures.ts'

const GOOD = 'tre blå elefanter danser'
const STEP = 30_000
const HOUR = 3_600_000
const readCode = jsqr as unknown as typeof jsqr.default
const NUMBER = '+4520123456'
// Cheap to make; how dear a hash is stands in it.
const hasher = makeHasher({ memory: 8, passes: 1, atOnce: 1, waiting: 10 })

/** The code app on a phone: what it has scanned, by a clock that may be off. */
class Phone {
  private readonly app: TOTP
  private readonly world: World
  constructor(world: World, uri: string) {
    const app = URI.parse(uri)
    if (app instanceof HOTP) throw new Error(`the picture says ${uri}`)
    this.app = app
    this.world = world
  }

  /** `off`: milliseconds. */
  code(off = 0): string {
    return this.app.generate({ timestamp: this.world.now() + off })
  }
}

/** What a camera sees. */
async function readPicture(page: Page): Promise<string> {
  const { data, width, height } = PNG.sync.read(await page.locator('.picture').screenshot())
  // A CommonJS module whose types say that its function is its default export.
  const found = readCode(new Uint8ClampedArray(data), width, height)
  if (!found) throw new Error('there is no QR code in the picture')
  return found.data
}

const words = (language: Language) =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, `../../templates/strings/account/${language}.json`), 'utf8'),
  ) as Record<string, string>

describe.each(engines)('a second factor in a browser, on %s', (engine) => {
  let flow: Flow
  let browser: Browser
  let gateway: SandboxSmsGateway
  let url: string
  let ahead = 0
  const world: World = { ...realWorld, now: () => realWorld.now() + ahead }
  /** On to a code that was not used yet. */
  const nextCode = () => {
    ahead += 2 * STEP
  }
  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    gateway = await startSmsGateway()
    flow = await startProgram(engine, { url, port, world, gateway })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await flow.close()
    await gateway.close()
  })

  const visit = async (language: Language): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> => {
    const context = await browser.newContext({ locale: language, viewport: { width: 360, height: 800 } })
    context.setDefaultTimeout(10_000)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    return { context, page, complaints }
  }
  const press = async (page: Page, action = '') => await page.click(`main form[action*="${action}"] button`)
  const pressOnly = async (page: Page) => await page.click('main form button:not(.small)')
  const typeCode = async (page: Page, code: string) => {
    await page.fill('[name=code]', code)
    await pressOnly(page)
  }
  const signIn = async (page: Page, address: string, path = '/sign-in', password = GOOD) => {
    await page.goto(`${url}${path}`)
    await page.fill('[name=address]', address)
    await pressOnly(page)
    await page.fill('[name=password]', password)
    await pressOnly(page)
  }
  const signOut = async (page: Page) => {
    await page.goto(`${url}/account`)
    await page.click('header button')
    await page.waitForURL('**/sign-in')
  }
  /** One language is looked at for what nobody with a screen reader or a small screen gets past. */
  const look = async (page: Page, language: Language) => {
    expect(await page.title()).not.toMatch(/undefined|\{/)
    if (language !== 'da' || engine !== 'sqlite') return
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults
    const found = violations.map(({ id, nodes }) => `${page.url()}: ${id}: ${nodes.map((it) => it.html).join(' ')}`)
    expect(found).toEqual([])
    const tooWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
    expect([page.url(), await page.evaluate(tooWide)]).toEqual([page.url(), false])
    await takePictures(page, 'second')
  }

  /** Turns an app on for somebody, and signs out. */
  const setUp = async (page: Page, address: string): Promise<Phone> => {
    await signIn(page, address, '/sign-in?to=%2Faccount%2Fsecond')
    await press(page, '/totp/begin')
    const phone = new Phone(world, await readPicture(page))
    await typeCode(page, phone.code())
    await page.waitForSelector('.secret')
    await signOut(page)
    return phone
  }

  const languages = engine === 'sqlite' ? LANGUAGES : (['da'] as const)
  it.each(languages)(
    'is set up from the picture, asked for, remembered, and got around by the emergency code, in %s',
    async (language) => {
      const address = `kim.${language}@customer.test`
      await makeAccount(flow, address, language)
      const { context, page, complaints } = await visit(language)

      await signIn(page, address)
      await page.waitForURL('**/cases')
      await page.goto(`${url}/account/second`)
      await look(page, language)
      await press(page, '/totp/begin')
      await page.waitForURL('**/account/second/totp')
      await look(page, language)
      const phone = new Phone(world, await readPicture(page))
      await typeCode(page, phone.code(HOUR))
      expect(await page.locator('[aria-invalid=true]').count()).toBe(1)
      // By a phone whose clock is a step behind.
      const first = phone.code(-STEP)
      await typeCode(page, first)
      const emergency = (await page.textContent('.secret')) ?? ''
      await look(page, language)
      await pressOnly(page)
      await page.waitForURL('**/account/second')
      await look(page, language)
      await flow.waitForMail(address, (mail) => mail.text.includes(`${url}/account`))

      // The code that it was turned on by is none any more; the next one is.
      await signOut(page)
      await signIn(page, address, '/sign-in?to=%2Faccount')
      await page.waitForURL('**/second?to=%2Faccount')
      await look(page, language)
      await typeCode(page, first)
      await look(page, language)
      nextCode()
      const used = phone.code()
      await page.fill('[name=code]', used)
      await page.check('[name=remember]')
      await pressOnly(page)
      await page.waitForURL('**/account')

      // A device that is remembered is asked for no code; another one is, and takes no used one.
      await signOut(page)
      await signIn(page, address)
      await page.waitForURL('**/cases')
      const elsewhere = await visit(language)
      await signIn(elsewhere.page, address)
      await elsewhere.page.waitForURL('**/second')
      await typeCode(elsewhere.page, used)
      expect(await elsewhere.page.locator('[aria-invalid=true]').count()).toBe(1)

      // Without the phone.
      const other = elsewhere.page
      await other.click('.also a[href*="/second/other"]')
      await look(other, language)
      await other.click('.list a[href*="/second/emergency"]')
      await look(other, language)
      await typeCode(other, emergency.toLowerCase())
      const replaced = (await other.textContent('.secret')) ?? ''
      expect(replaced).toMatch(/^(?:[A-Z2-9]{4}-){5}[A-Z2-9]{4}$/)
      expect(replaced).not.toBe(emergency)
      await look(other, language)
      await pressOnly(other)
      await other.waitForURL('**/cases')
      const seen = flow.arrived(address).length
      await signOut(other)
      await signIn(other, address)
      await other.goto(`${url}/second/emergency`)
      await typeCode(other, emergency)
      expect(await other.locator('[aria-invalid=true]').count()).toBe(1)
      await typeCode(other, replaced)
      await flow.waitForMail(address, () => flow.arrived(address).length > seen)
      await pressOnly(other)
      await other.waitForURL('**/cases')
      expect([...complaints, ...elsewhere.complaints].filter((text) => !/favicon|status of 4\d\d/.test(text))).toEqual(
        [],
      )
      await elsewhere.context.close()
      await context.close()
    },
  )

  // The pages are the same on both.
  if (engine !== 'sqlite') return
  it('is asked for after a new password too, on a device that was remembered', async () => {
    const address = 'pat@customer.test'
    await makeAccount(flow, address, 'da')
    const { context, page } = await visit('da')
    const phone = await setUp(page, address)
    nextCode()
    await signIn(page, address)
    await page.fill('[name=code]', phone.code())
    await page.check('[name=remember]')
    await pressOnly(page)
    await page.waitForURL('**/cases')
    await page.goto(`${url}/forgotten`)
    await page.fill('[name=address]', address)
    await pressOnly(page)
    await page.waitForURL('**/check-email')
    const link = new RegExp(`${url}/reset/[\\w-]{43}`)
    const mail = await flow.waitForMail(address, ({ text }) => link.test(text))
    await page.goto(link.exec(mail.message.text)?.[0] ?? '')
    await page.fill('[name=password]', 'fire gule giraffer hopper')
    await pressOnly(page)
    await page.waitForURL('**/second')
    await page.goto(`${url}/account`)
    await page.waitForURL('**/second?to=%2Faccount')
    nextCode()
    await typeCode(page, phone.code())
    await page.waitForURL('**/account')
    await signOut(page)
    await signIn(page, address, '/sign-in', 'fire gule giraffer hopper')
    await page.waitForURL('**/second')
    await context.close()
  })

  it.each(languages)(
    'comes by SMS to a proven number, and where none comes the page says what to do, in %s',
    async (language) => {
      const address = `bo.${language}@customer.test`
      await makeAccount(flow, address, language)
      // A number gets so many codes an hour.
      ahead += 2 * 3_600_000
      const { context, page } = await visit(language)
      const say = words(language)
      const lastCode = () => /^\d{6}/.exec(gateway.messages.at(-1)?.text ?? '')?.[0] ?? ''
      await signIn(page, address, '/sign-in?to=%2Faccount%2Fsecond')
      await page.click('.also a[href$="/account/second/sms"]')
      await look(page, language)
      await page.fill('[name=number]', '20 12 34 56')
      await pressOnly(page)
      expect(await page.locator('[aria-invalid=true]').count()).toBe(1)
      await page.fill('[name=number]', '+45 20 12 34 56')
      await pressOnly(page)
      await page.waitForURL('**/account/second/sms/code')
      await look(page, language)
      expect(gateway.messages.at(-1)).toMatchObject({ to: NUMBER, from: 'Acme' })
      const reference = /\D(\d{4})\b/.exec(gateway.messages.at(-1)?.text ?? '')?.[1] ?? ''
      expect(await page.textContent('main')).toContain(reference)
      await typeCode(page, '12345')
      expect(await page.locator('[aria-invalid=true]').count()).toBe(1)
      await typeCode(page, lastCode())
      await pressOnly(page)
      await page.waitForURL('**/account/second')
      expect(await page.textContent('.list')).toContain('+45••••••56')

      await signOut(page)
      await signIn(page, address)
      await look(page, language)
      gateway.behave('refuse')
      await press(page, '/second/sms/send')
      await look(page, language)
      expect(await page.textContent('[role=alert]')).toContain(say['sms.failed'])
      expect(await page.locator('a[href$="/second/emergency"]').count()).toBe(1)
      const told = flow.log.lines.find((line) => line.msg === 'a code could not be sent by SMS')
      expect(told).toMatchObject({ to: '+45••••••56', why: expect.stringContaining('402') })
      gateway.behave('well')
      await press(page, '/second/sms/send')
      await page.waitForURL('**/second/sms')
      await look(page, language)
      await typeCode(page, lastCode())
      await page.waitForURL('**/cases')
      expect(JSON.stringify(flow.log.lines)).not.toMatch(/20123456|\d{6} er din kode/)
      await context.close()
    },
  )

  it('must be set up before anything else by whoever must have one', async () => {
    const address = 'ida@customer.test'
    await makeAccount(flow, address, 'da')
    await updateAccount(flow.store.db, address, { requires_second: 1 })
    const { context, page } = await visit('da')
    await signIn(page, address, '/sign-in?to=%2Faccount')
    await page.waitForURL('**/second/set-up?to=%2Faccount')
    await look(page, 'da')
    await page.goto(`${url}/cases`)
    await page.waitForURL('**/second/set-up')
    await page.goto(`${url}/second/set-up?to=%2Faccount`)
    await press(page, '/totp/begin')
    const phone = new Phone(world, await readPicture(page))
    await typeCode(page, phone.code())
    await pressOnly(page)
    await page.waitForURL('**/account')
    await page.goto(`${url}/account/second`)
    await page.click('.list form[action$="/off"] button')
    await page.waitForSelector('[role=alert]')
    await look(page, 'da')
    await context.close()
  })
})

async function startProgram(
  engine: EngineName,
  { url, port, world, gateway }: { url: string; port: number; world: World; gateway: SandboxSmsGateway },
): Promise<Flow> {
  const portal = { url, listen: { host: '127.0.0.1', port }, ...PORTAL_DEFAULTS }
  const over: Parameters<typeof startFlow>[0]['over'] = (config) => ({ ...config, portal, sms: gateway.config })
  return await startFlow({ engine, kind: embedded, world, over })
}

/** Somebody with a password. */
async function makeAccount({ store }: Flow, address: string, language: Language): Promise<void> {
  const at = '2026-01-01T00:00:00.000Z'
  const hash = await hasher.hash(GOOD)
  await store.transaction(async (tx) => {
    await insertPerson(tx, { id: address, kind: 'contact', name: 'Kim', address, language, createdAt: at })
    await insertAccount(tx, address, at)
    await updateAccount(tx, address, { password_hash: hash, password_at: at, activated_at: at })
  })
}
