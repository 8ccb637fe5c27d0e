import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { fastify } from 'fastify'
import { accountSetup } from '../../src/account-setup.ts'
import { setPasswordByLink } from '../../src/accounts/set-password.ts'
import { signUp } from '../../src/accounts/sign-up.ts'
import type { CaseContext } from '../../src/cases/context.ts'
import { parseConfig } from '../../src/config/load.ts'
import { quietLog } from '../../src/core/log.ts'
import { openAccountPages } from '../../src/portal/account/open.ts'
import { startPortal } from '../../src/portal/portal.ts'
import { loadPages } from '../../src/render/pages.ts'
import { type Accounts, GOOD, HOME } from './accounts.ts'
import { BUILT_IN } from './templates.ts'

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** Where it leads: a path below the base. */
  to: string | null
}

export interface Form {
  /** Where it is sent: a path below the base. */
  action: string
  fields: Record<string, string>
}

/** A browser without script, with cookies of its own, behind a proxy that says which network it is in. */
export interface Client {
  cookies: Map<string, string>
  get(path: string, headers?: Record<string, string>): Promise<Reply>
  post(path: string, body: Record<string, string> | Buffer, headers?: Record<string, string>): Promise<Reply>
  ask(method: string, path: string, headers?: Record<string, string>, body?: Buffer): Promise<Reply>
  /** Gets a page, fills in its main form (the answer to a question, too), and sends it. */
  submit(path: string, fields: Record<string, string>, button?: string): Promise<Reply>
  signIn(address: string, password?: string): Promise<Reply>
}

export interface AccountPortal {
  client(network?: string): Client
  /** Every route of the pages of accounts: 'GET /sign-in'. */
  routes: string[]
  close(): Promise<void>
}

/** The pages of accounts as the program serves them, over `accounts`. `url`: portal.url. */
export async function openAccountPortal(accounts: Accounts): Promise<AccountPortal> {
  const { origin, pathname } = new URL(accounts.ctx.policy.portalUrl)
  const setup = setupOf(accounts)
  const pages = loadPages([BUILT_IN])
  const ctx = setup.ctx as unknown as CaseContext
  const portal = await startPortal(
    { host: '127.0.0.1', port: 0 },
    {
      ctx,
      pages,
      brandOf: () => 'Acme',
      accounts: setup,
      proxies: ['loopback'],
      log: quietLog,
      committed: () => undefined,
    },
  )
  const below = (url: string) => url.replace(origin, '').replace(pathname.replace(/\/$/, ''), '')
  return {
    client: (network = '192.0.2.1') => makeClient({ url: portal.url, origin, below, network }),
    routes: await routesOf(accounts),
    close: async () => await portal.close(),
  }
}

function setupOf(accounts: Accounts) {
  const config = parseConfig(
    JSON.stringify({
      database: 'sqlite:unused.db',
      secret: accounts.ctx.policy.secrets[0],
      mailboxes: [
        {
          name: 'support',
          address: 'support@acme.test',
          language: 'en',
          imap: { host: 'x.test', user: 'u', password: 'p' },
        },
      ],
      smtp: { host: 'x.test', port: 25, tls: 'none' },
      brands: [{ name: 'Acme', fromName: 'Acme Support', signature: 'Acme', supportContact: 'support@acme.test' }],
      agents: [{ name: 'anna', email: 'anna@private.test' }],
      portal: { url: accounts.ctx.policy.portalUrl, listen: '127.0.0.1:8080' },
    }),
    {},
    'posthorn.yaml',
  )
  if (!config.portal) throw new Error('there is no portal')
  const made = accountSetup(config, config.portal, accounts.ctx as unknown as CaseContext, {
    folders: [BUILT_IN],
    committed: () => undefined,
  })
  return { ...made, ctx: accounts.ctx }
}

async function routesOf(accounts: Accounts): Promise<string[]> {
  const server = fastify()
  const routes: string[] = []
  server.addHook('onRoute', ({ method, url }) => {
    routes.push(...[method].flat().map((it) => `${it} ${url}`))
  })
  await openAccountPages(server, setupOf(accounts), quietLog)
  await server.ready()
  await server.close()
  return routes
}

interface Where {
  url: string
  origin: string
  below: (url: string) => string
  network: string
}

function makeClient({ url, origin, below, network }: Where): Client {
  const cookies = new Map<string, string>()
  const ask: Client['ask'] = async (method, path, headers = {}, body) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const own = { 'x-forwarded-for': network, 'accept-language': 'en', ...(cookie ? { cookie } : {}) }
    const reply = await send(new URL(path, url), method, { ...own, ...headers }, body)
    keep(cookies, reply.headers['set-cookie'] ?? [])
    const { location } = reply.headers
    return { ...reply, to: location === undefined ? null : below(location) }
  }
  const get: Client['get'] = async (path, headers) => await ask('GET', path, headers)
  const post: Client['post'] = async (path, fields, headers = {}) => {
    const body = Buffer.isBuffer(fields) ? fields : Buffer.from(new URLSearchParams(fields).toString())
    const type = 'application/x-www-form-urlencoded'
    const from = { origin, 'sec-fetch-site': 'same-origin', 'content-type': type }
    return await ask('POST', path, { ...from, ...headers }, body)
  }
  const submit: Client['submit'] = async (path, fields) => {
    const form = formsIn((await get(path)).text, path, below).at(0)
    if (!form) throw new Error(`there is no form on ${path}`)
    return await post(form.action, { ...form.fields, ...fields })
  }
  const signIn: Client['signIn'] = async (address, password = GOOD) => {
    const page = await submit('/sign-in', { address })
    const form = formsIn(page.text, '/sign-in', below).find((it) => 'password' in it.fields)
    return await post('/sign-in/password', { ...form?.fields, password })
  }
  return { cookies, get, post, ask, submit, signIn }
}

async function send(url: URL, method: string, headers: Record<string, string>, body?: Buffer) {
  return await new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const length = body ? { 'content-length': String(body.length) } : {}
    const request = httpRequest(url, { method, headers: { ...headers, ...length } }, (response) => {
      readText(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        reject,
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}

function keep(cookies: Map<string, string>, set: string[]): void {
  for (const line of set) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/Max-Age=0/.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }
}

const NUMBERS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** The forms in the main part of a page, with what stands in their fields, and the answer to the question of one that has it. */
export function formsIn(html: string, path: string, below: (url: string) => string = (it) => it): Form[] {
  const main = html.slice(html.indexOf('<main'))
  return [...main.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, head = '', inside = '']) => {
    const fields: Record<string, string> = {}
    for (const [tag] of inside.matchAll(/<(?:input|button)\b[^>]*>/g)) {
      const [, name] = / name="([^"]*)"/.exec(tag) ?? []
      if (name === undefined || (/type="(radio|checkbox)"/.test(tag) && !/ checked/.test(tag))) continue
      fields[name] = plain(/ value="([^"]*)"/.exec(tag)?.[1] ?? '')
    }
    const [, a, b] = /how much is (\w+) plus (\w+)\?/.exec(inside) ?? []
    if (a && b) fields.answer = String(NUMBERS.indexOf(a) + NUMBERS.indexOf(b) + 2)
    const action = / action="([^"]*)"/.exec(head)?.[1]
    return { action: action === undefined ? path : below(plain(action)), fields }
  })
}

function plain(text: string): string {
  return text
    .replace(/&#x([0-9A-F]+);/gi, (_all, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** Somebody with an account and the password GOOD. */
export async function haveAccount(accounts: Accounts, address: string): Promise<void> {
  await signUp(accounts.ctx, { name: 'Kim Larsen', address, language: 'en' }, HOME)
  const token = await accounts.token(address, 'welcome')
  const set = await setPasswordByLink(accounts.ctx, { token, password: GOOD, name: null, deviceToken: null }, HOME)
  if (set.kind !== 'in') throw new Error(`${address} has no account: ${set.kind}`)
}
