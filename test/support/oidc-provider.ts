import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import Provider from 'oidc-provider'
import type { ProviderSettings } from '../../src/accounts/providers.ts'
import { freePort } from './browser.ts'

/** A real OpenID provider on this machine, where everybody gets in by typing their subject. */
export interface TestProvider {
  settings: ProviderSettings
  /** What it says of a subject besides; whoever is not in here is in nobody's way. */
  claims: Map<string, Record<string, unknown>>
  /** What it says that it has checked (acr), of whoever signs in from now on. */
  acr: string | undefined
  close(): Promise<void>
}

interface Context {
  oidc: {
    provider: Provider
    client: { clientId: string }
    session: { accountId: string }
  }
}

const SCOPES = ['openid', 'profile', 'email']

/** `callbacks`: the redirect URIs that it knows. */
export async function startProvider(name: string, label: string, callbacks: readonly string[]): Promise<TestProvider> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const settings = {
    ...{ name, label, issuer, clientId: 'posthorn', clientSecret: 'a secret of this provider' },
    ...{ scopes: SCOPES, secondFactorAcr: ['two'] },
  }
  const claims = new Map<string, Record<string, unknown>>()
  const provider = new Provider(issuer, configurationOf(settings, callbacks, claims))
  const answer = provider.callback()
  const running: TestProvider = {
    settings,
    claims,
    acr: undefined,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer((request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    void interact(provider, running, request, response)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return running
}

function configurationOf(
  { clientId, clientSecret }: ProviderSettings,
  callbacks: readonly string[],
  claims: Map<string, Record<string, unknown>>,
): object {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: callbacks,
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    acrValues: ['one', 'two'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    cookies: { keys: ['a key of cookies'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, ...claims.get(accountId) }),
    }),
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
    // Nobody is asked whether Posthorn may know them.
    loadExistingGrant: async ({ oidc }: Context) => {
      const { accountId } = oidc.session
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId })
      grant.addOIDCScope(SCOPES.join(' '))
      await grant.save()
      return grant
    },
  }
}

const PAGE = `<!doctype html><html lang="en"><title>The provider</title><h1>The provider</h1>
<form method="post"><label>Who are you? <input name="login"></label><button>Sign in</button></form>
<form method="post"><button name="refuse" value="yes">Cancel</button></form>`

async function interact(
  provider: Provider,
  running: TestProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE)
    return
  }
  const form = new URLSearchParams(await text(request))
  const result = form.has('refuse')
    ? { error: 'access_denied', error_description: 'the person cancelled' }
    : { login: { accountId: form.get('login'), acr: running.acr, remember: false } }
  await provider.interactionFinished(request, response, result)
}

/** Goes where a browser is sent, signs in there as `login`, and comes back with the URL that the provider sends it to. */
export async function signInAt(start: URL, login: string): Promise<URL> {
  const jar = new Map<string, string>()
  let at = start
  for (let steps = 0; steps < 10; steps += 1) {
    const posts = at.pathname.startsWith('/interaction/')
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const body = posts ? new URLSearchParams(login === '' ? { refuse: 'yes' } : { login }) : null
    const reply = await fetch(at, { method: posts ? 'POST' : 'GET', headers: { cookie }, body, redirect: 'manual' })
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    const location = reply.headers.get('location')
    if (location === null) throw new Error(`${at.pathname} answered ${reply.status}: ${await reply.text()}`)
    at = new URL(location, at)
    if (at.origin !== start.origin) return at
  }
  throw new Error('the provider never sent anybody back')
}
