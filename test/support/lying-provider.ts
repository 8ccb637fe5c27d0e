import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { ProviderSettings } from '../../src/accounts/providers.ts'
import { freePort } from './browser.ts'

/** What a provider answers that no right one does. */
export interface Lie {
  /** Over what it says of itself. */
  metadata?: object
  /** Over the claims of the ID token. */
  claims?: object
  /** Over the header of the ID token. */
  header?: object
  /** Signs with a key that it has not told of. */
  otherKey?: boolean
  /** Answers nothing at this path. */
  silentAt?: string
  /** Answers with this status, at this path. */
  status?: { at: string; code: number; body?: string }
}

export interface LyingProvider {
  settings: ProviderSettings
  lie: Lie
  /** How often each path was asked for. */
  asked: Map<string, number>
  /** Of the ID tokens that it gives. */
  nonce: string
  close(): Promise<void>
}

/** A provider that says what the test wants. Its tokens are right but for `lie`. */
export async function startLyingProvider(): Promise<LyingProvider> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const settings = {
    ...{ name: 'liar', label: 'Liar', issuer, clientId: 'posthorn', clientSecret: 'a secret' },
    ...{ scopes: ['openid'], secondFactorAcr: [] },
  }
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const it: LyingProvider = {
    settings,
    lie: {},
    asked: new Map(),
    nonce: '',
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', issuer).pathname
    it.asked.set(path, (it.asked.get(path) ?? 0) + 1)
    if (it.lie.silentAt === path) return
    if (it.lie.status?.at === path) return answer(response, it.lie.status.code, it.lie.status.body ?? '{}')
    const { lie, nonce } = it
    if (path === '/jwks') {
      const keys = [{ ...key.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }]
      return answer(response, 200, JSON.stringify({ keys }))
    }
    if (path === '/token') {
      const token = idToken(lie.otherKey ? other.privateKey : key.privateKey, issuer, nonce, lie)
      return answer(response, 200, JSON.stringify({ access_token: 'a', token_type: 'Bearer', id_token: token }))
    }
    answer(response, 200, JSON.stringify({ ...metadataOf(issuer), ...lie.metadata }))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return it
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

function metadataOf(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

function idToken(key: KeyObject, issuer: string, nonce: string, lie: Lie): string {
  const now = Math.floor(Date.now() / 1_000)
  const claims = {
    iss: issuer,
    sub: 'kim',
    aud: 'posthorn',
    iat: now,
    exp: now + 60,
    nonce,
    name: 'Kim',
    ...lie.claims,
  }
  const header = { alg: 'RS256', kid: 'one', ...lie.header }
  const encoded = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const isSigned = header.alg !== 'none'
  return `${encoded}.${isSigned ? sign('sha256', Buffer.from(encoded), key).toString('base64url') : ''}`
}
