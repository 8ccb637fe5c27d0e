import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findKnown } from '../../src/accounts/people.ts'
import { returnPath } from '../../src/portal/account/return-to.ts'
import { updateAccount } from '../../src/store/accounts/accounts.ts'
import { type AccountPortal, type Client, formsIn, haveAccount, openAccountPortal } from '../support/account-portal.ts'
import { type Accounts, GOOD, openAccounts, PORTAL } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'

const SESSION = '__Host-session'
const VISITOR = '__Host-visitor'
const ORIGIN = new URL(PORTAL).origin
const HOUR = 3_600_000
/** Pages that anybody can see. */
const OPEN_PAGES = ['/sign-in', '/sign-up', '/forgotten', '/check-email', `/reset/${'A'.repeat(43)}`]
/** Pages of whoever is signed in. */
const OWN_PAGES = ['/cases', '/account', '/account/password', '/account/address', '/account/confirm']

describe.each(engines)('the pages of accounts, on %s', (engine) => {
  let accounts: Accounts
  let portal: AccountPortal
  let people = 0
  beforeAll(async () => {
    accounts = await openAccounts(engine, {
      secrets: ['a secret of at least thirty-two characters', 'the one before that one, as long'],
    })
    portal = await openAccountPortal(accounts)
  })
  afterAll(async () => {
    await portal.close()
    await accounts.close()
  })

  /** Somebody of their own, in a network of their own. */
  const newcomer = async (): Promise<{ address: string; client: Client }> => {
    people += 1
    const address = `kim${people}@customer.test`
    await haveAccount(accounts, address)
    return { address, client: portal.client(`198.51.100.${people}`) }
  }
  const signedIn = async () => {
    const one = await newcomer()
    expect((await one.client.signIn(one.address)).to).toBe('/cases')
    return one
  }
  const isIn = async (client: Client) => (await client.get('/account')).status === 200
  const mailsTo = async (address: string) => (await accounts.written(address)).length
  const logOf = async (address: string) => {
    const known = await findKnown(accounts.store.db, address)
    const rows = await accounts.store.db
      .selectFrom('security_log')
      .select('what')
      .where('person_id', '=', known?.person.id ?? '')
      .orderBy('id')
      .execute()
    return rows.map(({ what }) => what)
  }

  describe('forms', () => {
    const form = async (client: Client, path: string): Promise<Record<string, string>> => {
      const [found] = formsIn((await client.get(path)).text, path).filter((it) => 'csrf' in it.fields)
      return found?.fields ?? {}
    }

    it('V3.5.1: are taken from our own pages in this browser alone', async () => {
      const { client, address } = await signedIn()
      const wanted: Record<string, string> = {
        ...(await form(client, '/account/address')),
        address: 'new@customer.test',
      }
      const stranger = portal.client('203.0.113.5')
      const foreign = (await form(stranger, '/sign-in')).csrf ?? ''
      const { csrf: _csrf, ...without } = wanted
      for (const fields of [without, { ...wanted, csrf: foreign }, { ...wanted, csrf: '' }, { ...wanted, csrf: 'x' }])
        expect((await client.post('/account/address', fields)).status).toBe(400)
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: `${ORIGIN}.evil.example` },
        { origin: ORIGIN.replace('https', 'http') },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'none' },
        { 'content-type': 'text/plain' },
        { 'content-type': 'multipart/form-data; boundary=x' },
      ] as Record<string, string>[])
        expect([headers, (await client.post('/account/address', wanted, headers)).status]).toEqual([headers, 400])
      expect(await logOf(address)).not.toContain('address-change-asked')
      expect((await client.post('/account/address', wanted)).status).toBe(200)
      await expect.poll(async () => await logOf(address)).toContain('address-change-asked')
    })

    it('V3.5.1: signing in and out is one of them, so that nobody is signed in as somebody else unseen', async () => {
      const { client, address } = await signedIn()
      const evil = { origin: 'https://evil.example' }
      const fields = { csrf: 'x', address, password: GOOD }
      expect((await client.post('/sign-out', { csrf: 'x' })).status).toBe(400)
      expect((await portal.client().post('/sign-in/password', fields, evil)).status).toBe(400)
      expect((await portal.client().post('/sign-in/password', fields)).status).toBe(400)
      expect(await isIn(client)).toBe(true)
    })

    it('V3.5.3: are sent by POST; whatever is asked for with GET or HEAD changes nothing', async () => {
      const { client, address } = await signedIn()
      const before = await logOf(address)
      for (const path of ['/sign-out', '/account/sessions/end-all', '/account/sessions/end?id=x', '/sign-in/password'])
        for (const method of ['GET', 'HEAD']) expect([303, 404]).toContain((await client.ask(method, path)).status)
      for (const path of OWN_PAGES) expect((await client.ask('HEAD', path)).text).toBe('')
      expect(await logOf(address)).toEqual(before)
      expect(await isIn(client)).toBe(true)
    })

    it('V4.1.4: methods that no page has are answered, and do nothing', async () => {
      const { client } = await signedIn()
      for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])
        for (const path of ['/sign-in', '/account', '/account/password'])
          expect([405, 404, 400]).toContain((await client.ask(method, path)).status)
      expect(await isIn(client)).toBe(true)
    })
  })

  describe('sessions', () => {
    it('V7.2.4: a session and a visitor that were planted are worth nothing after signing in', async () => {
      const { client, address } = await newcomer()
      const planted = 'P'.repeat(43)
      client.cookies.set(SESSION, planted).set(VISITOR, planted)
      await client.signIn(address)
      expect(client.cookies.get(SESSION)).not.toBe(planted)
      expect(client.cookies.get(VISITOR)).not.toBe(planted)
      const attacker = portal.client()
      attacker.cookies.set(SESSION, planted).set(VISITOR, planted)
      expect(await isIn(attacker)).toBe(false)
      expect(await isIn(client)).toBe(true)
    })

    it('V7.2.4: signing in anew ends the session that the browser had', async () => {
      const { client, address } = await signedIn()
      const before = client.cookies.get(SESSION) ?? ''
      const page = await client.get('/account/password')
      expect(page.status).toBe(200)
      const [form] = formsIn(page.text, '/account/password')
      const again = await client.post('/sign-in/password', { csrf: form?.fields.csrf ?? '', address, password: GOOD })
      expect(again.to).toBe('/cases')
      const thief = portal.client()
      thief.cookies.set(SESSION, before)
      expect(await isIn(thief)).toBe(false)
      expect(await isIn(client)).toBe(true)
    })

    it('V7.2.4: proving oneself anew gives a new token, and the one before it ends', async () => {
      const { client } = await signedIn()
      const before = client.cookies.get(SESSION) ?? ''
      accounts.world.pass(20 * 60_000)
      expect((await client.get('/account/password')).to).toMatch(/^\/account\/confirm/)
      expect((await client.submit('/account/confirm?to=/account/password', { password: GOOD })).to).toBe(
        '/account/password',
      )
      expect((await client.get('/account/password')).status).toBe(200)
      const thief = portal.client()
      thief.cookies.set(SESSION, before)
      expect(await isIn(thief)).toBe(false)
    })

    it('V7.4.1: a session that was signed out of is over, whoever kept its cookie', async () => {
      const { client } = await signedIn()
      const kept = client.cookies.get(SESSION) ?? ''
      const csrf = formsIn((await client.get('/account/password')).text, '')[0]?.fields.csrf ?? ''
      expect((await client.post('/sign-out', { csrf })).to).toBe('/sign-in')
      expect(client.cookies.has(SESSION)).toBe(false)
      client.cookies.set(SESSION, kept)
      expect(await isIn(client)).toBe(false)
    })

    it('V7.4.2: all sessions of an account that was disabled are over at once', async () => {
      const { client, address } = await signedIn()
      const known = await findKnown(accounts.store.db, address)
      await updateAccount(accounts.store.db, known?.person.id ?? '', { disabled_at: '2026-11-20T10:00:00.000Z' })
      expect(await isIn(client)).toBe(false)
      expect((await client.signIn(address)).status).toBe(422)
    })

    it('V7.4.3: changing the password ends all other sessions', async () => {
      const { client, address } = await signedIn()
      const other = portal.client('203.0.113.77')
      await other.signIn(address)
      expect(await isIn(other)).toBe(true)
      expect((await client.submit('/account/password', { password: 'fire gule giraffer hopper' })).to).toBe('/account')
      expect(await isIn(other)).toBe(false)
      expect(await isIn(client)).toBe(true)
    })

    it('V7.2.3: a token that is near to a right one, or of any other form, opens nothing', async () => {
      const { client } = await signedIn()
      const right = client.cookies.get(SESSION) ?? ''
      expect(right).toMatch(/^[A-Za-z0-9_-]{43}$/)
      const near = [...right]
        .slice(0, 40)
        .map((sign, n) => right.slice(0, n) + (sign === 'A' ? 'B' : 'A') + right.slice(n + 1))
      const other = [
        right.toLowerCase(),
        `${right}=`,
        right.slice(1),
        `${right}A`,
        `%00${right}`,
        '',
        "' or 1=1 --",
        'null',
      ]
      const thief = portal.client()
      for (const token of [...near, ...other]) {
        thief.cookies.set(SESSION, token)
        expect(await isIn(thief)).toBe(false)
      }
    })

    it('V7.3.1, V7.3.2: a clock that is off by an hour, either way, ends no session early and keeps none for ever', async () => {
      const { client } = await signedIn()
      accounts.world.pass(-HOUR)
      expect(await isIn(client)).toBe(true)
      accounts.world.pass(2 * HOUR)
      expect(await isIn(client)).toBe(true)
      accounts.world.pass(-HOUR)
      const stored = await accounts.store.db.selectFrom('sessions').select('expires_at').execute()
      const latest = Math.max(...stored.map((it) => Date.parse(it.expires_at)))
      expect(latest).toBeLessThanOrEqual(accounts.world.now() + 8 * 24 * HOUR)
    })

    it('V7.4.4: every page of whoever is signed in has a button to sign out', async () => {
      const { client } = await signedIn()
      for (const path of OWN_PAGES) expect((await client.get(path)).text).toContain('action="/support/sign-out"')
    })

    it('V7.5.1: a password and an address are changed by nobody who has not proven themselves lately', async () => {
      const { client, address } = await signedIn()
      const csrf = formsIn((await client.get('/account/password')).text, '')[0]?.fields.csrf ?? ''
      accounts.world.pass(16 * 60_000)
      const tried = await client.post('/account/password', { csrf, password: 'fire gule giraffer hopper' })
      expect(tried.to).toMatch(/^\/account\/confirm/)
      expect((await client.post('/account/address', { csrf, address: 'x@customer.test' })).to).toMatch(
        /^\/account\/confirm/,
      )
      expect((await portal.client().signIn(address)).to).toBe('/cases')
    })
  })

  describe('cookies', () => {
    it('V3.3.1 to V3.3.4: are for this host, over TLS, sent by no other site, and for no script', async () => {
      const { client, address } = await newcomer()
      const page = await client.submit('/sign-in', { address, remember: 'yes' })
      const [form] = formsIn(page.text, '/sign-in')
      const entered = await client.post('/sign-in/password', { ...form?.fields, password: GOOD })
      const language = await client.get('/language/da?to=/cases')
      const set = [page, entered, language].flatMap(({ headers }) => headers['set-cookie'] ?? [])
      const names = set.map((line) => line.split('=')[0])
      expect(names).toEqual(
        expect.arrayContaining(['session', 'browser', 'address', 'language'].map((it) => `__Host-${it}`)),
      )
      for (const line of set) {
        expect(line).toMatch(/^__Host-[a-z]+=/)
        expect(line).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Secure(;|$)/)
        expect(line).not.toMatch(/domain=/i)
        expect(line.length).toBeLessThan(4_096)
      }
    })

    it('V3.3.3: of two with one name, none is believed', async () => {
      const { client } = await signedIn()
      const right = client.cookies.get(SESSION) ?? ''
      const headers = { cookie: `${SESSION}=${right}; ${SESSION}=${'P'.repeat(43)}` }
      expect((await client.get('/account', headers)).to).toMatch(/^\/sign-in/)
    })

    it('V7.2.1: of another installation open nothing, and do no harm', async () => {
      const { address } = await newcomer()
      const foreign = await openAccounts(engine, { secrets: ['the secret of another installation'] })
      // Its secrets are others than ours.
      for (let n = 0; n < 5_000; n += 1) foreign.world.secret(1)
      const there = await openAccountPortal(foreign)
      await haveAccount(foreign, address)
      const client = there.client()
      await client.signIn(address)
      const here = portal.client()
      for (const [name, value] of client.cookies) here.cookies.set(name, value)
      const page = await here.get('/account')
      expect(page.to).toMatch(/^\/sign-in/)
      const theirs = formsIn((await client.get('/account/password')).text, '')[0]?.fields.csrf ?? ''
      expect((await here.post('/sign-up', { csrf: theirs, name: 'x', address })).status).toBe(400)
      expect((await here.signIn(address)).to).toBe('/cases')
      await there.close()
      await foreign.close()
    })

    it.each(['%', '%zz', '%ff', 'a b', '"x"', '\u00e6', ';;;', '='.repeat(50), 'x'.repeat(1_500)])(
      'V2.2.1: that are no text of ours are passed over: %#',
      async (value) => {
        const all = ['session', 'visitor', 'device', 'browser', 'address', 'language', 'challenge']
        const cookie = all.map((name) => `__Host-${name}=${Buffer.from(value).toString('latin1')}`).join('; ')
        const client = portal.client()
        for (const path of ['/sign-in', '/forgotten', '/account'])
          expect([200, 303]).toContain((await client.get(path, { cookie })).status)
      },
    )
  })

  describe('headers', () => {
    it('V3.4.3 to V3.4.6: no script within a page, nothing from elsewhere, in nobody’s frame, and no address to others', async () => {
      const { client } = await signedIn()
      const stranger = portal.client()
      const asked = [
        ...(await Promise.all(OPEN_PAGES.map(async (path) => await stranger.get(path)))),
        ...(await Promise.all(OWN_PAGES.map(async (path) => await client.get(path)))),
        await client.get('/no-such-page'),
        await client.get('/cases/1'),
        await client.post('/sign-in', {}),
        await client.get('/assets/account.js'),
        await client.get('/assets/effort-worker.js'),
      ]
      for (const { headers } of asked) {
        const policy = String(headers['content-security-policy'])
        expect(policy).toContain("default-src 'none'")
        expect(policy).toContain("frame-ancestors 'none'")
        expect(policy).toContain("base-uri 'none'")
        expect(policy).toContain("form-action 'self'")
        expect(policy).not.toMatch(/unsafe|https?:|\*|data:|blob:/)
        expect(headers['x-content-type-options']).toBe('nosniff')
        expect(headers['referrer-policy']).toMatch(/^(same-origin|no-referrer)$/)
        expect(headers['access-control-allow-origin']).toBeUndefined()
      }
      for (const { headers } of asked.slice(0, OPEN_PAGES.length + OWN_PAGES.length)) {
        expect(headers['strict-transport-security']).toBe('max-age=31536000')
        expect(headers['cache-control']).toBe('no-store')
      }
    })

    it('V3.4.3: the pages are made for that policy: no script, handler or style of their own but the one that is let in', async () => {
      const { client } = await signedIn()
      for (const path of [...OPEN_PAGES, ...OWN_PAGES]) {
        const { text } = await (OWN_PAGES.includes(path) ? client : portal.client()).get(path)
        expect(text).toContain('<!doctype html>')
        expect(text).not.toMatch(/<[^>]*\s(on[a-z]+|style|srcdoc|formaction)\s*=/i)
        expect(text).not.toMatch(/<(iframe|object|embed|base|link|img)\b/i)
        expect(text).not.toMatch(/javascript:|data:/i)
        expect((text.match(/<style/g) ?? []).length).toBe(1)
        for (const [, head = '', inside] of text.matchAll(/<script\b([^>]*)>(.*?)<\/script>/gs)) {
          expect(inside).toBe('')
          expect(head).toMatch(/ src="\/support\/assets\/[a-z-]+\.js"/)
        }
      }
    })

    it('V4.1.3: neither Host nor X-Forwarded-Host decides where a link or an answer leads', async () => {
      const { address, client } = await newcomer()
      const evil = {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'http',
        forwarded: 'host=evil.example',
      }
      const page = await client.get('/forgotten', evil)
      expect(page.text).not.toContain('evil.example')
      const [form] = formsIn(page.text, '/forgotten')
      const before = await mailsTo(address)
      const sent = await client.post('/forgotten', { ...form?.fields, address, way: 'reset' }, evil)
      expect(sent.headers.location).toBe(`${PORTAL}/check-email`)
      await expect.poll(async () => await mailsTo(address)).toBe(before + 1)
      const mail = (await accounts.written(address)).at(-1)
      expect(mail?.data.url).toMatch(new RegExp(`^${PORTAL}/reset/`))
    })

    it('V4.1.3: who is asking is taken from the proxy, and not from what the browser says of itself', async () => {
      const { address } = await newcomer()
      const client = portal.client('203.0.113.99')
      await client.signIn(address)
      const page = await client.get('/account', { 'x-forwarded-for': '10.9.8.7, 203.0.113.99' })
      expect(page.text).toContain('203.0.113.99')
      expect(page.text).not.toContain('10.9.8.7')
    })
  })

  describe('ways elsewhere', () => {
    const ELSEWHERE = [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/%5cevil.example@x\\',
      'javascript:alert(1)',
      'cases',
      '/cases\r\nset-cookie: x=y',
      '/cases\u0000',
      '/../elsewhere',
      '/a/../../elsewhere',
      '/a/%2e%2E/elsewhere',
      '/./..',
      '/æ',
      ` /cases`,
      `/${'x'.repeat(600)}`,
      '',
    ]

    it('V3.7.2: signing in leads to nowhere but to a page of ours', async () => {
      for (const to of ELSEWHERE) expect([to, returnPath(to)]).toEqual([to, '/cases'])
      for (const to of ['/cases/12', '/account/confirm?to=%2Faccount', '/account.html']) expect(returnPath(to)).toBe(to)
      const { address, client } = await newcomer()
      const page = await client.submit(`/sign-in?to=${encodeURIComponent('//evil.example')}`, { address })
      const [form] = formsIn(page.text, '/sign-in')
      const answer = await client.post('/sign-in/password', { ...form?.fields, to: '//evil.example', password: GOOD })
      expect(answer.headers.location).toBe(`${PORTAL}/cases`)
      expect((await client.get('/language/da?to=//evil.example')).headers.location).toBe(`${PORTAL}/cases`)
    })
  })

  describe('links', () => {
    const linkTo = async (address: string, way: string) => {
      const before = await mailsTo(address)
      const client = portal.client(`203.0.113.${(people % 200) + 1}`)
      expect((await client.submit('/forgotten', { address, way })).to).toBe('/check-email')
      await expect.poll(async () => await mailsTo(address)).toBe(before + 1)
      return await accounts.token(address, way === 'reset' ? 'reset-password' : 'sign-in-link')
    }

    it('V6.4.1: are spent by POST alone, and once: a mail scanner that opens one has spent nothing', async () => {
      const { address } = await newcomer()
      const token = await linkTo(address, 'link')
      const scanner = portal.client()
      for (const method of ['GET', 'HEAD', 'GET'])
        expect((await scanner.ask(method, `/link/${token}`)).status).toBe(200)
      const one = portal.client()
      expect((await one.submit(`/link/${token}`, {})).to).toBe('/cases')
      const replay = portal.client()
      const over = await replay.get(`/link/${token}`)
      expect(over.status).toBe(410)
      const csrf = formsIn(over.text, '')[0]?.fields.csrf ?? ''
      expect((await replay.post(`/link/${token}`, { csrf })).status).toBe(410)
      expect(await isIn(replay)).toBe(false)
    })

    it('V6.4.3: to set a password end with it, and so do the others that were sent before', async () => {
      const { address } = await newcomer()
      const [first, second] = [await linkTo(address, 'reset'), await linkTo(address, 'reset')]
      const client = portal.client()
      expect((await client.submit(`/reset/${second}`, { password: 'fire gule giraffer hopper' })).to).toBe('/cases')
      for (const token of [first, second]) expect((await portal.client().get(`/reset/${token}`)).status).toBe(410)
    })

    it('V6.4.1: are whole or nothing: a token that is near to a right one, or guessed, is not told from one that never was', async () => {
      const { address } = await newcomer()
      const token = await linkTo(address, 'reset')
      const never = await portal.client().get(`/reset/${'N'.repeat(43)}`)
      expect(never.status).toBe(404)
      const near = Array.from(
        { length: 43 },
        (_, n) => token.slice(0, n) + (token[n] === 'A' ? 'B' : 'A') + token.slice(n + 1),
      )
      const guessed = Array.from({ length: 200 }, () => accounts.world.secret(32).toString('base64url'))
      const odd = [`${token}A`, token.slice(1), `${token}%20`, `%20${token}`, token.toUpperCase(), `${token}%00`, "'"]
      const client = portal.client()
      for (const it of [...near, ...guessed, ...odd]) expect((await client.get(`/reset/${it}`)).status).toBe(404)
      expect((await client.get(`/reset/${token}`)).status).toBe(200)
    })

    it('V6.4.1: work for an hour more or less where the clock was off, and not for days', async () => {
      const { address } = await newcomer()
      const token = await linkTo(address, 'reset')
      accounts.world.pass(-HOUR)
      expect((await portal.client().get(`/reset/${token}`)).status).toBe(200)
      accounts.world.pass(HOUR + 25 * HOUR)
      expect((await portal.client().get(`/reset/${token}`)).status).toBe(410)
    })

    it('V2.4.1: that are over send a new one no more often than the limits of a network allow', async () => {
      const { address } = await newcomer()
      const token = await linkTo(address, 'link')
      await portal.client().submit(`/link/${token}`, {})
      const client = portal.client('203.0.113.201')
      const answers: (string | number)[] = []
      for (let n = 0; n < 10; n += 1) {
        const csrf = formsIn((await client.get(`/link/${token}`)).text, '')[0]?.fields.csrf ?? ''
        const { to, status } = await client.post(`/new-link/${token}`, { csrf })
        answers.push(to ?? status)
      }
      expect(answers).toEqual([...Array.from({ length: 7 }, () => '/check-email'), 429, 429, 429])
    })
  })

  describe('asking for mails', () => {
    it.each(['/sign-up', '/forgotten'])('V2.4.1: %s asks for work or an answer, once for each', async (path) => {
      const client = portal.client(path === '/sign-up' ? '192.0.2.81' : '192.0.2.82')
      const own = { address: 'somebody@customer.test', ...(path === '/sign-up' ? { name: 'Kim' } : { way: 'reset' }) }
      const [form] = formsIn((await client.get(path)).text, path)
      const fields = { ...form?.fields, ...own }
      for (const over of [{ answer: '' }, { answer: '1' }, { proof: '{}' }]) {
        const fresh = { ...formsIn((await client.get(path)).text, path)[0]?.fields, ...own, ...over }
        const refused = await client.post(path, fresh)
        expect(refused.status).toBe(422)
        expect(refused.text).toContain('role="alert"')
        expect(refused.text).toContain('value="somebody@customer.test"')
      }
      expect((await client.post(path, fields)).to).toBe('/check-email')
      expect((await client.post(path, fields)).status).toBe(422)
    })

    it('V6.3.8: says the same of an address that has an account and of one that has none, at the limits too', async () => {
      const { address } = await newcomer()
      const ask = async (network: string, whom: string) => {
        const client = portal.client(network)
        const answers: string[] = []
        for (let n = 0; n < 9; n += 1) {
          const { status, to, text } = await client.submit('/forgotten', { address: whom, way: 'reset' })
          const stripped = text.replaceAll(whom, '').replace(/(value|data-data)="[^"]*"|how much[^<]*/g, '')
          answers.push(`${status} ${to} ${stripped}`)
        }
        return answers
      }
      expect(await ask('192.0.2.91', address)).toEqual(await ask('192.0.2.92', 'no.such@customer.test'))
    })
  })
})
