import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { App } from '../app.ts'
import { viewCases } from '../cases/view.ts'
import { describeError } from '../core/errors.ts'
import { readMail } from '../message/read-mail.ts'
import type { Address } from '../model/address.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { FRAME_POLICY, frameOf, listOf, mailOf, PAGE_POLICY, shell } from './page-views.ts'
import { makePerson } from './person.ts'

export interface PageDeps {
  app: App
  sandbox: Sandbox
  people: { name: string; address: string }[]
  support: string
  port: number
}

/** A local page to play with: write a mail as anybody, read every mailbox. Only on 127.0.0.1; another port where that one is taken. */
export async function startPage(deps: PageDeps): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    handle(deps, request, response).catch((error: unknown) => send(response, 500, 'text/plain', describeError(error)))
  })
  server.listen(deps.port, '127.0.0.1')
  await Promise.race([once(server, 'listening'), once(server, 'error').then(async () => await listenAnywhere(server))])
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function listenAnywhere(server: ReturnType<typeof createServer>): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

async function handle(deps: PageDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  // Whoever made the browser come here from another site may not write mails.
  const foreign = request.headers.origin !== undefined && request.headers.origin !== `http://${request.headers.host}`
  if (request.method === 'POST' && !foreign) return await post(deps, request, response)
  if (request.method !== 'GET') return send(response, 405, 'text/plain', 'only GET and POST from this page')
  const who = url.searchParams.get('box') ?? deps.people[0]?.address ?? ''
  const uid = Number(url.searchParams.get('mail') ?? Number.NaN)
  const raw = deps.sandbox.userFor(who) ? deps.sandbox.inbox(who).find((mail) => mail.uid === uid)?.raw : undefined
  if (url.pathname === '/raw' && raw) return send(response, 200, 'text/plain; charset=utf-8', raw.toString('utf8'))
  if (url.pathname === '/frame' && raw)
    return send(response, 200, 'text/html; charset=utf-8', frameOf((await readMail(raw)).message), FRAME_POLICY)
  if (url.pathname !== '/') return send(response, 404, 'text/plain', 'there is no such page')
  send(response, 200, 'text/html; charset=utf-8', await wholePage(deps, who, uid, raw), PAGE_POLICY)
}

async function wholePage(deps: PageDeps, who: string, uid: number, raw: Buffer | undefined): Promise<string> {
  const mails = []
  for (const stored of deps.sandbox.userFor(who) ? deps.sandbox.inbox(who) : [])
    mails.push({ uid: stored.uid, message: (await readMail(stored.raw)).message })
  const boxes: Address[] = [...deps.people, { name: 'Support (what is not taken in yet)', address: deps.support }]
  const open = raw ? mails.find((mail) => mail.uid === uid) : undefined
  return shell({
    boxes,
    who,
    list: listOf(who, mails, uid),
    mail: open ? mailOf(who, open.uid, open.message) : '',
    answer: open ?? null,
    support: deps.support,
    cases: await viewCases(deps.app.store.db, 20),
  })
}

/** A mail from the form: to whoever stands in it, as an answer where it is one. */
async function post(deps: PageDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams(await readBody(request))
  const from = form.get('from') ?? ''
  const known = deps.people.find((person) => person.address === from)
  const person = makePerson(deps.sandbox, known ?? { name: from.split('@')[0] ?? 'somebody', address: from })
  const uid = Number(form.get('answers') ?? Number.NaN)
  const answered = deps.sandbox.userFor(from) ? deps.sandbox.inbox(from).find((mail) => mail.uid === uid) : undefined
  const text = (form.get('text') ?? '').replaceAll('\r\n', '\n')
  if (answered) await person.answer((await readMail(answered.raw)).message, text)
  else await person.send({ to: form.get('to') ?? deps.support, subject: form.get('subject') ?? '', text })
  response.writeHead(303, { location: `/?box=${encodeURIComponent(from)}` }).end()
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > 1_000_000) throw new Error('a mail from this page may have at most 1 MB')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  policy = "default-src 'none'",
): void {
  response
    .writeHead(status, {
      'content-type': type,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    })
    .end(body)
}
