import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { OAuth2Auth } from '../../src/config/config.ts'
import { lookAtFolder } from '../../src/mailbox/look.ts'
import { makeAccessTokens, type TokenStore } from '../../src/mailbox/oauth.ts'
import { startImapServer } from '../../src/sandbox/imap-server.ts'
import { imapConfig } from '../support/mail-servers.ts'
import { MemoryIntake } from './memory-intake.ts'
import { closeAll, closers, mail, mailboxConfig, watch } from './watching.ts'

afterEach(closeAll)

type Answer = { status: number; body: object | string }

/** A token endpoint on this machine: answers with what `answers` holds, the last one for ever, and keeps what it was asked. */
async function startTokenServer(...answers: Answer[]) {
  const asked: URLSearchParams[] = []
  const server = createServer(async (request, response) => {
    let form = ''
    for await (const chunk of request) form += chunk
    asked.push(new URLSearchParams(form))
    const { status, body } = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 500, body: '' }
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const auth: OAuth2Auth = {
    kind: 'oauth2',
    tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    clientId: 'posthorn',
    clientSecret: 'shh',
    refreshToken: 'configured',
    scope: 'https://outlook.office.com/IMAP.AccessAsUser.All offline_access',
  }
  return { asked, auth, answers }
}

const granted = (token: string, more: object = {}): Answer => ({
  status: 200,
  body: { access_token: token, expires_in: 3600, token_type: 'Bearer', ...more },
})

function memoryTokens(): TokenStore & { kept: { refreshToken: string; configuredHash: string } | null } {
  return {
    kept: null,
    async read() {
      return this.kept
    },
    async write(_mailbox, refreshToken, configuredHash) {
      this.kept = { refreshToken, configuredHash }
    },
  }
}

function clock() {
  const world = { time: 1_000_000, now: () => world.time }
  return world
}

describe('access tokens', () => {
  it('asks with the refresh token, and once as long as the answer is good', async () => {
    const { asked, auth } = await startTokenServer(granted('one'), granted('two'))
    const world = clock()
    const tokens = makeAccessTokens('support', auth, { tokens: memoryTokens(), world })
    expect([await tokens.get(), await tokens.get()]).toEqual(['one', 'one'])
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'configured',
      client_id: 'posthorn',
      client_secret: 'shh',
      scope: 'https://outlook.office.com/IMAP.AccessAsUser.All offline_access',
    })
    world.time += 3_550_000
    expect(await tokens.get()).toBe('two')
  })

  it('asks again for a token that the server refused', async () => {
    const { auth } = await startTokenServer(granted('one'), granted('two'))
    const tokens = makeAccessTokens('support', auth, { tokens: memoryTokens(), world: clock() })
    await tokens.get()
    tokens.discard()
    expect(await tokens.get()).toBe('two')
  })

  it('keeps a rotated refresh token, and uses it after a new start', async () => {
    const { asked, auth } = await startTokenServer(granted('one', { refresh_token: 'rotated' }), granted('two'))
    const store = memoryTokens()
    await makeAccessTokens('support', auth, { tokens: store, world: clock() }).get()
    await makeAccessTokens('support', auth, { tokens: store, world: clock() }).get()
    expect(asked.map((form) => form.get('refresh_token'))).toEqual(['configured', 'rotated'])
    expect(store.kept?.configuredHash).toBe(createHash('sha256').update('configured').digest('hex'))
  })

  it('prefers a newly configured refresh token to the one that was kept', async () => {
    const { asked, auth } = await startTokenServer(granted('one', { refresh_token: 'rotated' }), granted('two'))
    const store = memoryTokens()
    await makeAccessTokens('support', auth, { tokens: store, world: clock() }).get()
    const renewed = { ...auth, refreshToken: 'new' }
    await makeAccessTokens('support', renewed, { tokens: store, world: clock() }).get()
    expect(asked[1]?.get('refresh_token')).toBe('new')
  })

  it('says which mailbox needs a new grant when the old one is dead, and shows no secret', async () => {
    const dead = { status: 400, body: { error: 'invalid_grant', error_description: 'AADSTS70008: expired' } }
    const { auth } = await startTokenServer(dead)
    const asking = makeAccessTokens('sales', auth, { tokens: memoryTokens(), world: clock() }).get()
    const error = await asking.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'oauth-refused', temporary: false })
    expect(error).toMatchObject({ message: expect.stringMatching(/mailbox sales.*invalid_grant: AADSTS70008/) })
    expect(error).toMatchObject({ hint: expect.stringMatching(/grant Posthorn access again.*mailbox sales/) })
    expect(JSON.stringify(error)).not.toMatch(/configured|shh/)
  })

  it.each([
    ['500', { status: 500, body: { error: 'server_error' } }],
    ['a page instead of an answer', { status: 200, body: '<html>' }],
  ])('takes %s for trouble that passes', async (_name, answer) => {
    const { auth } = await startTokenServer(answer)
    const asking = makeAccessTokens('sales', auth, { tokens: memoryTokens(), world: clock() }).get()
    await expect(asking).rejects.toMatchObject({ code: 'oauth-unreachable', temporary: true })
  })
})

describe('a mailbox with OAuth2', () => {
  async function startImap(accessToken: string) {
    const user = { user: 'support', password: 'secret', address: 'support@example.com', accessToken }
    const imap = await startImapServer({ users: [user] })
    closers.push(() => imap.close())
    return imap
  }

  it('logs in by XOAUTH2, and with a fresh token after the first one has expired early', async () => {
    const imap = await startImap('second')
    imap.append('support', 'INBOX', mail('hello'))
    const { auth, asked } = await startTokenServer(granted('first'), granted('second'))
    const intake = new MemoryIntake()
    const watching = watch(mailboxConfig({ ...imapConfig(imap.port, 'support'), auth }), intake)
    const line = await watching.line((one) => one.level === 'error')
    expect(line.error).toMatch(/login refused/)
    await intake.until(() => intake.mails.length === 1)
    expect(asked).toHaveLength(2)
  })

  it('goes on with the token it has when the connection is lost', async () => {
    const imap = await startImap('good')
    const { auth, asked } = await startTokenServer(granted('good'))
    const intake = new MemoryIntake()
    watch(mailboxConfig({ ...imapConfig(imap.port, 'support'), auth }), intake)
    await intake.until(() => intake.looks.length === 1)
    imap.dropConnections()
    await intake.until(() => intake.looks.length === 2)
    expect(asked).toHaveLength(1)
  })

  it('recovers by itself when the grant works again', async () => {
    const imap = await startImap('good')
    const dead = { status: 400, body: { error: 'invalid_grant' } }
    const { auth } = await startTokenServer(dead, granted('good'))
    const intake = new MemoryIntake()
    const watching = watch(mailboxConfig({ ...imapConfig(imap.port, 'support'), auth }), intake)
    const line = await watching.line((one) => one.level === 'error')
    expect(line).toMatchObject({ retryInMs: 5000 })
    await intake.until(() => intake.looks.length === 1)
  })

  it('can be looked at once, by what the ledger command does', async () => {
    const imap = await startImap('good')
    imap.append('support', 'INBOX', mail('hello'))
    const { auth } = await startTokenServer(granted('good'))
    const mailbox = mailboxConfig({ ...imapConfig(imap.port, 'support'), auth })
    expect(await lookAtFolder(mailbox, memoryTokens())).toEqual({
      uidValidity: String(imap.uidValidity('support', 'INBOX')),
      uids: [1],
    })
  })
})
