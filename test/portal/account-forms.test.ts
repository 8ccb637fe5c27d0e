import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AccountPortal,
  type Client,
  type Form,
  formsIn,
  haveAccount,
  openAccountPortal,
} from '../support/account-portal.ts'
import { type Accounts, GOOD, openAccounts, PORTAL } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'

const KIM = 'kim@customer.test'
/** 422: by a page that says so without looking at any field. */
const REFUSED = [400, 422]
const TOKEN = 'A'.repeat(43)
const BASE = new URL(PORTAL).pathname

/** Everything of Kim's and everybody's that a form could change. */
const TABLES = [
  'people',
  'person_addresses',
  'accounts',
  'second_factors',
  'passkeys',
  'identities',
  'account_links',
  'outbox',
] as const

/** Every page with a form that the routes name is visited, and each of its forms sent as no page of ours sends it. */
describe.each(engines)('bad forms, on %s', (engine) => {
  let accounts: Accounts
  let portal: AccountPortal
  let kim: Client
  let forms: (Form & { page: string })[]
  beforeAll(async () => {
    accounts = await openAccounts(engine)
    await haveAccount(accounts, KIM)
    portal = await openAccountPortal(accounts)
    kim = portal.client()
    expect((await kim.signIn(KIM)).to).toBe('/cases')
    forms = []
    for (const page of pages()) {
      const { text, status } = await (isOpen(page) ? portal.client() : kim).get(page)
      expect([page, status]).not.toEqual([page, 500])
      for (const form of formsIn(text, page, (url) => url.replace(BASE, ''))) forms.push({ ...form, page })
    }
  })
  afterAll(async () => {
    await portal.close()
    await accounts.close()
  })

  const pages = () =>
    portal.routes
      .filter((route) => route.startsWith('GET /') && !/\/assets\/|\/language\/|callback/.test(route))
      .map((route) => route.slice(4).replace(/:\w+/g, TOKEN))
  const isOpen = (page: string) => !/^\/(account|cases|second)/.test(page)
  const state = async () => {
    const rows = await Promise.all(
      TABLES.map(async (table) => await accounts.store.db.selectFrom(table).selectAll().execute()),
    )
    return JSON.stringify(rows)
  }
  /** The client of a page, and a form of its own: with its csrf field, and whatever else it brings. */
  const fresh = async ({ page, action }: { page: string; action: string }) => {
    const client = isOpen(page) ? portal.client() : kim
    const { text } = await client.get(page)
    const found = formsIn(text, page, (url) => url.replace(BASE, '')).find((it) => it.action === action)
    return { client, fields: found?.fields ?? {} }
  }

  it('V2.2.1: all forms are found, and every route that takes one is tried', () => {
    expect(forms.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['/sign-in', '/sign-up', '/forgotten', '/account/password', '/account/address']),
    )
  })

  it('V2.2.1: a field that is doubled, too long, binary, wrongly encoded or not of the form is refused, and nothing changes', async () => {
    const before = await state()
    // One that has no field of its own looks at none.
    for (const form of forms.filter((it) => Object.keys(it.fields).length > 1))
      for (const name of Object.keys(form.fields)) {
        const { client, fields } = await fresh(form)
        const whole = new URLSearchParams(fields).toString()
        const others = new URLSearchParams(Object.entries(fields).filter(([it]) => it !== name)).toString()
        const bodies = {
          doubled: `${whole}&${name}=${encodeURIComponent(fields[name] ?? '')}`,
          long: `${others}&${name}=${'x'.repeat(20_000)}`,
          zero: `${others}&${name}=a%00b`,
          latin1: `${others}&${name}=k%E6r`,
          utf16: `${others}&${name}=%FE%FF%00k`,
          other: `${whole}&is_admin=1`,
          proto: `${whole}&__proto__=x`,
        }
        for (const [how, body] of Object.entries(bodies)) {
          const { status } = await client.post(form.action, Buffer.from(body))
          expect(REFUSED, `${form.action}, ${name}: ${how}`).toContain(status)
        }
      }
    expect(await state()).toBe(before)
  })

  it('V2.2.1: a line break in a field of one line is refused', async () => {
    for (const form of forms)
      for (const name of Object.keys(form.fields).filter((it) => !/password|csrf/.test(it))) {
        const { client, fields } = await fresh(form)
        const { status } = await client.post(form.action, { ...fields, [name]: 'Kim\r\nBcc: x@evil.example' })
        expect(REFUSED, `${form.action}, ${name}`).toContain(status)
      }
  })

  it('V2.2.1: a form without its csrf field, of raw bytes, of another type or of 40 kB is refused, and nothing changes', async () => {
    const before = await state()
    for (const form of forms) {
      const { client, fields } = await fresh(form)
      const { csrf: _csrf, ...without } = fields
      const statuses = [
        (await client.post(form.action, without)).status,
        (await client.post(form.action, Buffer.from([0, 1, 2, 254, 255]))).status,
        (await client.post(form.action, Buffer.alloc(0))).status,
        (await client.post(form.action, Buffer.from('%'.repeat(500)))).status,
        (await client.post(form.action, Buffer.from('&'.repeat(30_000)))).status,
        (await client.post(form.action, fields, { 'content-type': 'text/plain' })).status,
        (await client.post(form.action, fields, { 'content-type': 'multipart/form-data; boundary=x' })).status,
        (await client.post(form.action, Buffer.from(JSON.stringify(fields)), { 'content-type': 'application/xml' }))
          .status,
      ]
      expect([form.action, statuses]).toEqual([form.action, statuses.map(() => 400)])
      expect((await client.post(form.action, Buffer.alloc(40_000, 'a'))).status).toBe(413)
    }
    expect(await state()).toBe(before)
  })

  it('V2.2.1: whatever is missing, no form fails, and a password is never taken from one that is not whole', async () => {
    for (const form of forms.filter(({ action }) => !/sign-out|end-all/.test(action)))
      for (const name of Object.keys(form.fields)) {
        const { client, fields } = await fresh(form)
        const { [name]: _missing, ...rest } = fields
        const { status } = await client.post(form.action, rest)
        expect([form.action, name, status < 500]).toEqual([form.action, name, true])
        if (name === 'password' || name === 'csrf')
          expect([form.action, name, status]).toEqual([form.action, name, 400])
      }
    expect((await portal.client().signIn(KIM, GOOD)).to).toBe('/cases')
  })

  it('V3.5.3, V6.3.4: every route that takes a form refuses one that is not from our pages, also where no page leads to it', async () => {
    const before = await state()
    for (const route of portal.routes.filter((it) => it.startsWith('POST '))) {
      const path = route.slice(5).replace(/:\w+/g, TOKEN)
      for (const client of [portal.client(), kim]) {
        expect([route, (await client.post(path, { csrf: 'x' })).status]).toEqual([route, 400])
        expect([route, (await client.post(path, {}, { origin: 'https://evil.example' })).status]).toEqual([route, 400])
      }
    }
    expect(await state()).toBe(before)
  })

  it('V6.3.4: every page that is somebody’s own asks to sign in first', async () => {
    for (const page of pages().filter((it) => !isOpen(it) && it !== '/')) {
      const client = portal.client()
      let { to, text } = await client.get(page)
      // By way of another page of theirs, where one leads there.
      for (let n = 0; n < 3 && to !== null && !isOpen(to); n += 1) ({ to, text } = await client.get(to))
      expect([page, to?.replace(/\?.*/, ''), text]).toEqual([page, '/sign-in', ''])
    }
  })
})
