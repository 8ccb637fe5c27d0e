import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { findAccount, updateAccount } from '../../src/store/accounts/accounts.ts'
import { findPersonByAddress } from '../../src/store/people.ts'
import { freePort, openBrowser } from '../support/browser.ts'
import { type Flow, PORTAL_DEFAULTS, startFlow } from '../support/flow.ts'
import { embedded } from '../support/mail-servers.ts'

const GOOD = 'tre blå elefanter danser'
const ADDRESS = 'kim@customer.test'
const OFFERED = '?offered'

const words = (language: Language) =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, `../../templates/strings/account/${language}.json`), 'utf8'),
  ) as Record<string, string>

describe.each(LANGUAGES)('passkeys in a browser, in %s', (language) => {
  const say = words(language)
  let flow: Flow
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let url: string
  beforeAll(async () => {
    const port = await freePort()
    // Browsers know passkeys at localhost, and at no bare network address.
    url = `http://localhost:${port}`
    const portal = { url, listen: { host: 'localhost', port }, ...PORTAL_DEFAULTS }
    flow = await startFlow({ engine: 'sqlite', kind: embedded, over: (config) => ({ ...config, portal }) })
    browser = await openBrowser()
    context = await browser.newContext({ locale: language })
    context.setDefaultTimeout(10_000)
    page = await context.newPage()
    // A virtual authenticator answers what a browser offers by itself at once: only where a test wants that.
    await page.addInitScript(
      `if (location.search !== '${OFFERED}') PublicKeyCredential.isConditionalMediationAvailable = async () => false`,
    )
    const devtools = await context.newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
  })
  afterAll(async () => {
    await browser.close()
    await flow.close()
  })

  const submit = async () => await page.click('main form button:not(.small)')
  const signOut = async () => {
    await page.click('header button')
    await page.waitForURL('**/sign-in')
  }
  /** What the browser answers comes back. */
  const enterByPasskey = async () => {
    const [sent] = await Promise.all([
      page.waitForRequest('**/passkeys/enter'),
      page.click('form[data-script=passkey-enter] button'),
    ])
    return sent.postDataJSON() as Record<string, string>
  }

  it('are added by somebody who is signed in, with a name, and told of by mail', async () => {
    await page.goto(`${url}/sign-up`)
    await page.fill('[name=name]', 'Kim Sørensen')
    await page.fill('[name=address]', ADDRESS)
    await submit()
    const mail = await flow.waitForMail(ADDRESS)
    await page.goto(/http\S+\/activate\/[\w-]{43}/.exec(mail.message.text)?.[0] ?? '')
    await page.fill('[name=password]', GOOD)
    await submit()
    await page.waitForURL('**/cases')

    await page.goto(`${url}/account/passkeys`)
    expect(await page.textContent('main')).toContain(say['passkeys.none'])
    await page.fill('[name=name]', 'Min telefon')
    await submit()
    await page.waitForSelector('.list a')
    expect(await page.textContent('.list')).toContain('Min telefon')
    await submit()
    expect(await page.textContent('[role=alert]')).toBe(say['passkeys.exists'])
    await flow.waitForMail(ADDRESS, () => flow.arrived(ADDRESS).length === 2)
  })

  it('sign in without a password; V6.7.2: the same answer a second time does not', async () => {
    await signOut()
    const sent = await enterByPasskey()
    await page.waitForURL('**/cases')
    await signOut()
    const csrf = await page.inputValue('main [name=csrf] >> nth=0')
    const headers = { 'accept-language': language }
    const again = await page.request.post(`${url}/passkeys/enter`, { data: { ...sent, csrf }, headers })
    expect([again.status(), await again.json()]).toEqual([422, { text: say['passkeys.late'] }])
    await page.goto(`${url}/cases`)
    expect(page.url()).toContain('/sign-in')
  })

  it('are offered by the browser itself where the address is typed', async () => {
    await page.goto(`${url}/sign-in${OFFERED}`)
    await page.waitForURL('**/cases')
    await signOut()
  })

  it('prove somebody anew, and stay where they are the last way in', async () => {
    const person = await findPersonByAddress(flow.store.db, ADDRESS)
    const account = person && (await findAccount(flow.store.db, person.id))
    if (!account) throw new Error('there is no account')
    await page.goto(`${url}/sign-in?to=%2Faccount%2Fpasskeys`)
    await enterByPasskey()
    await page.waitForURL('**/account/passkeys')
    await flow.store.db.updateTable('sessions').set({ proven_at: '2026-01-01T00:00:00.000Z' }).execute()
    await page.goto(`${url}/account/passkeys`)
    await page.waitForURL('**/account/confirm**')
    await enterByPasskey()
    await page.waitForURL('**/account/passkeys')

    await updateAccount(flow.store.db, account.person_id, { password_hash: null })
    await page.click('.list a')
    await page.click('button.grave')
    expect(await page.textContent('[role=alert]')).toBe(say['passkeys.last'])
    await updateAccount(flow.store.db, account.person_id, { password_hash: account.password_hash })
  })

  it('are renamed and removed, and let nobody in after that', async () => {
    await page.click('.list a')
    await page.fill('[name=name]', 'Gammel telefon')
    await submit()
    await page.click('.list a:has-text("Gammel telefon")')
    await page.click('button.grave')
    await page.waitForURL('**/account/passkeys')
    expect(await page.textContent('main')).toContain(say['passkeys.none'])
    await flow.waitForMail(ADDRESS, () => flow.arrived(ADDRESS).length === 3)
    await signOut()
    await enterByPasskey()
    expect(await page.textContent('[role=alert]')).toBe(say['passkeys.unknown'])
  })

  it('say without script what they need', async () => {
    const plain = await browser.newContext({ locale: language, javaScriptEnabled: false })
    const it = await plain.newPage()
    await it.goto(`${url}/sign-in`)
    expect(await it.textContent('form[data-script=passkey-enter] button')).toBe(say['passkeys.enter'])
    await it.click('form[data-script=passkey-enter] button')
    expect(await it.textContent('main')).toContain(say['passkeys.noScript'])
    await plain.close()
  })

  it('V3.5.1: answers no page of another site, and V2.2.1: nothing that our script does not send', async () => {
    const first = await fetch(`${url}/sign-in`)
    const cookie = first.headers.getSetCookie().find((it) => it.startsWith('posthorn-visitor=')) ?? ''
    const csrf = /name="csrf" value="([^"]+)"/.exec(await first.text())?.[1] ?? ''
    const send = async (body: string, headers: Record<string, string> = {}) => {
      const all = { 'content-type': 'application/json', cookie: cookie.split(';')[0] ?? '', ...headers }
      return (await fetch(`${url}/passkeys/ask`, { method: 'POST', headers: all, body })).status
    }
    const good = JSON.stringify({ csrf })
    expect(await send(good)).toBe(200)
    expect(await send(good, { origin: 'https://evil.test' })).toBe(400)
    expect(await send(good, { 'sec-fetch-site': 'same-site' })).toBe(400)
    expect(await send(good, { 'content-type': 'application/x-www-form-urlencoded' })).toBe(400)
    expect(await send(good, { 'content-type': 'text/plain' })).toBe(400)
    expect(await send(good, { cookie: '' })).toBe(400)
    for (const body of ['', '{', '[]', 'null', '{"csrf":1}', JSON.stringify({ csrf, more: 'x' }), `{"csrf":{"a":1}}`])
      expect([body, await send(body)]).toEqual([body, 400])
    expect(await send(JSON.stringify({ csrf, more: 'x'.repeat(17_000) }))).toBe(413)
    expect(await send(good, { host: 'evil.test' })).toBe(200)
  })
})
