import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import axe, { type AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeHasher } from '../../src/accounts/hasher.ts'
import { isoTime, realWorld } from '../../src/core/world.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { insertAccount, updateAccount } from '../../src/store/accounts/accounts.ts'
import { insertPerson, markVerified } from '../../src/store/people.ts'
import { freePort, openBrowser } from '../support/browser.ts'
import { engines } from '../support/databases.ts'
import { type Flow, PORTAL_DEFAULTS, startFlow } from '../support/flow.ts'
import { embedded } from '../support/mail-servers.ts'
import { startProvider, type TestProvider } from '../support/oidc-provider.ts'
import { takePictures } from '../support/pictures.ts'

const GOOD = 'tre blå elefanter danser'

const words = (language: Language) =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, `../../templates/strings/account/${language}.json`), 'utf8'),
  ) as Record<string, string>

const mailWords = (language: Language) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../templates/strings/${language}.json`), 'utf8')) as Record<
    string,
    string
  >

describe.each(engines)('identities in a browser, on %s', (engine) => {
  const da = words('da')
  const hash = makeHasher().hash(GOOD)
  const complaints: string[] = []
  let flow: Flow
  let browser: Browser
  let provider: TestProvider
  let url: string
  beforeAll(async () => {
    const port = await freePort()
    // Another site than the provider's, which is 127.0.0.1: as it is in the world.
    url = `http://localhost:${port}`
    const portal = { url, listen: { host: 'localhost', port }, ...PORTAL_DEFAULTS }
    provider = await startProvider('acme', 'Acme ID', [`${url}/identity/acme/callback`])
    const settings = { ...provider.settings, scopes: [...provider.settings.scopes], secondFactorAcr: [] }
    const down = { ...settings, name: 'nede', label: 'Nede', issuer: `http://127.0.0.1:${await freePort()}` }
    const identityProviders = [settings, down]
    flow = await startFlow({ engine, kind: embedded, over: (config) => ({ ...config, portal, identityProviders }) })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await flow.close()
    await provider.close()
  })

  /** A browser of its own, with an account that is signed in where an address is given. */
  const open = async (language: Language, address: string | null): Promise<Page> => {
    const context = await browser.newContext({ locale: language })
    context.setDefaultTimeout(10_000)
    const page = await context.newPage()
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    if (address !== null) {
      await newAccount(address, language)
      await signIn(page, address)
    }
    return page
  }
  const newAccount = async (address: string, language: Language) => {
    const { db } = flow.store
    const id = realWorld.id()
    const at = isoTime(realWorld.now())
    await insertPerson(db, { id, kind: 'contact', name: 'Kim Sørensen', address, language, createdAt: at })
    await markVerified(db, address, at)
    await insertAccount(db, id, at)
    await updateAccount(db, id, { password_hash: await hash, activated_at: at })
  }
  const signIn = async (page: Page, address: string) => {
    await page.goto(`${url}/sign-in`)
    await page.fill('[name=address]', address)
    await submit(page)
    await page.fill('[name=password]', GOOD)
    await submit(page)
    await page.waitForURL('**/cases')
  }
  /** The page is one that everybody can use; in one language, since all have the same pages. */
  const look = async (page: Page) => {
    if (engine !== 'sqlite' || (await page.getAttribute('html', 'lang')) !== 'da') return
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    await takePictures(page, 'identity')
  }
  const submit = async (page: Page) => await page.click('main form button:not(.small)')
  const signOut = async (page: Page) => {
    await page.click('header button')
    await page.waitForURL('**/sign-in')
  }
  const sayWho = async (page: Page, login: string) => {
    await page.waitForURL(`${provider.settings.issuer}/**`)
    await page.fill('[name=login]', login)
    await page.click('button:not([name])')
    await page.waitForURL(`${url}/**`)
  }
  const enterBy = async (page: Page, name = 'acme') => {
    await page.goto(`${url}/sign-in`)
    await page.click(`a[href^="/identity/${name}/"]`)
  }
  /** Sets out to link an identity; what there is to decide about it is on the page then. */
  const bring = async (page: Page, login: string) => {
    await page.goto(`${url}/account`)
    await page.click('a[href="/account/identities"]')
    await page.click('a[href^="/identity/acme/"]')
    await sayWho(page, login)
  }
  const link = async (page: Page, login: string) => {
    await bring(page, login)
    await submit(page)
    await page.waitForURL('**/account/identities')
  }
  const mailSays = async (address: string, text: string) =>
    (await flow.waitForMail(address, (it) => `${it.subject} ${it.text}`.includes(text))).message

  // On PostgreSQL the shortest ways alone: what the pages do there is tested without a browser.
  const whole = engine === 'sqlite'
  const languages = engine === 'sqlite' ? LANGUAGES : (['da'] as const)
  it.each(languages)('are linked, signed in with, and unlinked, in %s', async (language) => {
    const t = words(language)
    const mails = mailWords(language)
    const address = `kim.${language}@customer.test`
    provider.claims.set(`kim-${language}`, { email: `private.${language}@home.test`, email_verified: true })
    const page = await open(language, address)
    await bring(page, `kim-${language}`)
    expect(await page.textContent('main')).toContain(`private.${language}@home.test`)
    expect(await page.textContent('main button')).toBe(t['identity.linkButton'])
    await look(page)
    await submit(page)
    await page.waitForURL('**/account/identities')
    expect(await page.textContent('.list')).toContain(`Acme ID: private.${language}@home.test`)
    await mailSays(address, mails['identity.linked'] ?? '')

    await signOut(page)
    await enterBy(page)
    // The provider knows them still.
    await page.waitForURL('**/cases')

    await page.goto(`${url}/account/identities`)
    await look(page)
    await page.click('.list button')
    await page.waitForURL(/identities\/[\w-]{43}$/)
    await look(page)
    await submit(page)
    await page.waitForURL('**/account/identities')
    expect(await page.textContent('main')).toContain(t['identities.none'])
    await mailSays(address, mails['identity.unlinked'] ?? '')
    await page.context().close()
  })

  it.each(languages)(
    'move from their account, by its password or by a link to its address, in %s',
    async (language) => {
      const [say, mails] = [words(language), mailWords(language)]
      const [giver, taker] = [`giver.${language}@customer.test`, `taker.${language}@customer.test`]
      const [first, second] = [await open(language, giver), await open(language, taker)]
      const login = `moves-${language}`
      await link(first, login)
      await bring(second, login)
      expect(await second.textContent('main')).toContain('g…@customer.test')
      await second.fill('[name=password]', 'forkert forkert forkert')
      await second.click('form[action="/identity/move"] button')
      expect(await second.textContent('[role=alert]')).toContain(say['sign-in.wrong'])
      await look(second)
      await second.fill('[name=password]', GOOD)
      await second.click('form[action="/identity/move"] button')
      await second.waitForURL('**/account/identities')
      await mailSays(giver, mails['identity.moved-away'] ?? '')
      await mailSays(taker, mails['identity.moved-here'] ?? '')

      await bring(first, login)
      expect(await first.textContent('main')).toContain('t…@customer.test')
      await first.click('form[action="/identity/move/mail"] button')
      const mail = await mailSays(taker, '/move/')
      await second.goto(/http\S+\/move\/[\w-]{43}/.exec(mail.text)?.[0] ?? '')
      await look(second)
      await submit(second)
      expect(await second.textContent('main')).toContain('g…@customer.test')
      await first.goto(`${url}/account/identities`)
      expect(await first.textContent('.list')).toContain('Acme ID')
      for (const page of [first, second]) {
        await page.goto(`${url}/account`)
        const main = (await page.textContent('main')) ?? ''
        expect(main).toContain(say['log.identity-moved'])
        expect(main).toContain(say['log.identity-moved-away'])
        await page.context().close()
      }
    },
  )

  it.runIf(whole)('open two accounts of one person, who chooses', async () => {
    const [own, desk] = ['own@customer.test', 'desk@customer.test']
    const page = await open('da', own)
    await link(page, 'roles')
    await signOut(page)
    await newAccount(desk, 'da')
    await signIn(page, desk)
    await bring(page, 'roles')
    await page.click('form[action="/identity/link"] button')
    await page.waitForURL('**/account/identities')
    await signOut(page)
    for (const address of [own, desk]) {
      await enterBy(page)
      await page.waitForURL('**/identity')
      await look(page)
      await page.click(`button[aria-label*="${address}"]`)
      await page.waitForURL('**/cases')
      await page.goto(`${url}/account`)
      expect(await page.textContent('main')).toContain(address)
      await signOut(page)
    }
    await page.context().close()
  })

  it.runIf(whole)(
    'V10.5.2: that are known to nobody lead to an account: an old one or a new one, never by the address that they tell',
    async () => {
      const known = 'known@customer.test'
      await newAccount(known, 'da')
      provider.claims.set('private', { email: known, email_verified: true, name: 'Kim Sørensen' })
      const page = await open('da', null)
      await enterBy(page)
      await sayWho(page, 'private')
      expect(await page.textContent('h1')).toBe(da['identity.unknown'])
      await look(page)
      expect(await page.inputValue('[name=address]')).toBe(known)
      await page.goto(`${url}/cases`)
      expect(page.url()).toContain('/sign-in')

      await page.goto(`${url}/identity`)
      await page.click('a[href*="anew"]')
      await sayWho(page, 'business')
      await page.fill('[name=name]', 'Kim Sørensen')
      await page.fill('[name=address]', 'new@customer.test')
      await submit(page)
      await page.waitForURL('**/check-email')
      const mail = await mailSays('new@customer.test', '/activate/')
      await page.goto(/http\S+\/activate\/[\w-]{43}/.exec(mail.text)?.[0] ?? '')
      await page.fill('[name=password]', GOOD)
      await submit(page)
      await page.waitForURL('**/identity')
      await submit(page)
      await page.waitForURL('**/account/identities')
      await signOut(page)
      await enterBy(page)
      await page.waitForURL('**/cases')
      await page.context().close()
    },
  )

  it.runIf(whole)('are linked to an old account by signing in there once', async () => {
    await newAccount('old@customer.test', 'da')
    const page = await open('da', null)
    await enterBy(page)
    await sayWho(page, 'old')
    await page.click('main a[href^="/sign-in"]')
    await page.fill('[name=address]', 'old@customer.test')
    await submit(page)
    await page.fill('[name=password]', GOOD)
    await submit(page)
    await page.waitForURL('**/identity')
    await submit(page)
    await page.waitForURL('**/account/identities')
    await page.context().close()
  })

  it.runIf(whole)(
    'say what to do where the provider is down, says no, or sends somebody back who never went there',
    async () => {
      const page = await open('da', null)
      await enterBy(page, 'nede')
      expect(await page.textContent('[role=alert]')).toContain('Nede svarer ikke')
      await look(page)
      expect(await page.locator('main a[href="/sign-in"]').count()).toBe(1)
      const logged = JSON.stringify(flow.log.lines)
      expect(logged).toContain("identityProviders 'nede' does not answer")
      await enterBy(page)
      await page.waitForURL(`${provider.settings.issuer}/**`)
      await page.click('[name=refuse]')
      await page.waitForURL(`${url}/**`)
      expect(await page.textContent('[role=alert]')).toContain('du afbrød')
      await page.goto(`${url}/identity/acme/callback?code=x&state=y`)
      expect(await page.textContent('[role=alert]')).toBe(da['identity.over'])
      expect((await page.goto(`${url}/identity/other/start`))?.status()).toBe(404)
      await page.context().close()
    },
  )

  it('V16.2.5: leave no code, no secret and no complaint behind', () => {
    const logged = JSON.stringify(flow.log.lines)
    expect(logged).not.toMatch(/callback\?|[?&](?:code|state)=|a secret of this provider/)
    expect(complaints.filter((text) => !/favicon|status of (?:4\d\d|502)|NotSupportedError/.test(text))).toEqual([])
  })
})
