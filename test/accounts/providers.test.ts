import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeProviders, type ProviderSettings } from '../../src/accounts/providers.ts'
import { freePort } from '../support/browser.ts'
import { type Lie, type LyingProvider, startLyingProvider } from '../support/lying-provider.ts'
import { signInAt, startProvider, type TestProvider } from '../support/oidc-provider.ts'

const CALLBACK = 'https://help.acme.test/support/identity/real/callback'
const secrets = { state: 's'.repeat(43), nonce: 'n'.repeat(43), verifier: 'v'.repeat(43) }
const HOUR = 3_600_000

describe('a provider', () => {
  let real: TestProvider
  beforeAll(async () => {
    real = await startProvider('real', 'Real', [CALLBACK])
    real.claims.set('kim', { email: 'kim@home.test', email_verified: true, name: 'Kim\u202e\nLarsen' })
  })
  afterAll(async () => await real.close())

  const over = (settings: Partial<ProviderSettings> = {}) =>
    makeProviders([{ ...real.settings, ...settings }], { now: () => 0, patience: 5 })
  const urlFor = async () => await over().urlFor('real', CALLBACK, secrets, false)

  it('V10.2.1: is asked with PKCE, a state and a nonce, and for the code alone', async () => {
    const { searchParams } = await urlFor()
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid profile email',
      state: secrets.state,
      nonce: secrets.nonce,
      code_challenge_method: 'S256',
    })
    expect(searchParams.get('code_challenge')).not.toBe(secrets.verifier)
  })

  it('says who somebody is: by issuer and subject, with words of theirs on one line', async () => {
    const back = await signInAt(await urlFor(), 'kim')
    expect(await over().identityOf('real', back, secrets)).toEqual({
      provider: 'real',
      providerLabel: 'Real',
      issuer: real.settings.issuer,
      subject: 'kim',
      label: 'kim@home.test',
      name: 'Kim Larsen',
      address: 'kim@home.test',
      strong: false,
    })
  })

  it('V6.8.4: is believed to have checked two factors only where it says so in words that the configuration names', async () => {
    real.acr = 'two'
    try {
      const identify = async (settings: Partial<ProviderSettings>) =>
        await over(settings).identityOf(
          'real',
          await signInAt(await over(settings).urlFor('real', CALLBACK, secrets, false), 'kim'),
          secrets,
        )
      expect(await identify({})).toMatchObject({ strong: true })
      expect(await identify({ secondFactorAcr: ['one'] })).toMatchObject({ strong: false })
    } finally {
      real.acr = undefined
    }
  })

  it.each([
    ['V10.2.1: another state', { state: 'x'.repeat(43) }],
    ['V10.2.1: another code verifier', { verifier: 'x'.repeat(43) }],
    ['V10.5.1: another nonce', { nonce: 'x'.repeat(43) }],
  ])('is not believed with %s than the visit began with', async (_what, changed) => {
    const back = await signInAt(await urlFor(), 'kim')
    const identify = over().identityOf('real', back, { ...secrets, ...changed })
    await expect(identify).rejects.toMatchObject({ code: 'provider-wrong', temporary: false })
  })

  it('takes a code once', async () => {
    const back = await signInAt(await urlFor(), 'kim')
    await over().identityOf('real', back, secrets)
    await expect(over().identityOf('real', back, secrets)).rejects.toMatchObject({ code: 'provider-wrong' })
  })

  it('V10.2.2: is not believed when somebody else answers in its place', async () => {
    const back = await signInAt(await urlFor(), 'kim')
    back.searchParams.set('iss', 'https://evil.example')
    await expect(over().identityOf('real', back, secrets)).rejects.toMatchObject({ code: 'provider-wrong' })
  })

  it('lets nobody in who cancels there', async () => {
    const back = await signInAt(await urlFor(), '')
    await expect(over().identityOf('real', back, secrets)).rejects.toMatchObject({ code: 'provider-refused' })
  })

  it('tells the log what is wrong with the configuration, and no secret', async () => {
    const back = await signInAt(await urlFor(), 'kim')
    const identify = over({ clientSecret: 'another secret' }).identityOf('real', back, secrets)
    await expect(identify).rejects.toThrow(/token endpoint answered 401 invalid_client/)
  })
})

describe('a provider that lies or is down', () => {
  let liar: LyingProvider
  beforeAll(async () => {
    liar = await startLyingProvider()
    liar.nonce = secrets.nonce
  })
  afterAll(async () => await liar.close())

  const identify = async (lie: Lie, patience = 5) => {
    liar.lie = lie
    const providers = makeProviders([liar.settings], { now: () => 0, patience })
    return await providers.identityOf('liar', new URL(`${CALLBACK}?code=c&state=${secrets.state}`), secrets)
  }

  it('is believed where it does neither', async () => {
    expect(await identify({})).toMatchObject({ subject: 'kim', label: 'Kim' })
  })

  it.each<[string, Lie]>([
    ['V10.5.3: calls itself another issuer', { metadata: { issuer: 'https://evil.example' } }],
    ['V10.5.2: gives an ID token of another issuer', { claims: { iss: 'https://evil.example' } }],
    ['V10.5.4: gives an ID token that is meant for somebody else', { claims: { aud: 'another' } }],
    ['V10.5.1: gives an ID token with another nonce', { claims: { nonce: 'x' } }],
    ['V10.5.1: gives an ID token without a nonce', { claims: { nonce: undefined } }],
    ['V9.2.1: gives an ID token that is over', { claims: { exp: 1_000_000_000 } }],
    ['V6.8.2: signs with a key that is not its own', { otherKey: true }],
    ['V6.8.2: does not sign at all', { header: { alg: 'none' } }],
    ['V9.1.2: signs by another method than it said', { header: { alg: 'HS256' } }],
    ['V10.5.2: names no subject', { claims: { sub: undefined } }],
    ['gives no JSON', { status: { at: '/token', code: 200, body: '<html>' } }],
    ['sends elsewhere', { status: { at: '/token', code: 302 } }],
  ])('is not believed when it %s', async (_what, lie) => {
    await expect(identify(lie)).rejects.toMatchObject({ code: 'provider-wrong', temporary: false })
  })

  it.each<[string, Lie]>([
    ['fails', { status: { at: '/token', code: 503, body: 'busy' } }],
    ['fails with words', { status: { at: '/token', code: 500, body: '{"error":"server_error"}' } }],
    ['has no keys', { status: { at: '/jwks', code: 500 } }],
    ['says nothing of itself', { status: { at: '/.well-known/openid-configuration', code: 500 } }],
  ])('is down when it %s', async (_what, lie) => {
    await expect(identify(lie)).rejects.toMatchObject({ code: 'provider-down', temporary: true })
  })

  it.each(['/.well-known/openid-configuration', '/token', '/jwks'])(
    'is waited for no longer than told, at %s',
    async (at) => {
      await expect(identify({ silentAt: at }, 0.2)).rejects.toMatchObject({ code: 'provider-down' })
    },
  )

  it('is down where nothing listens', async () => {
    const settings = { ...liar.settings, issuer: `http://127.0.0.1:${await freePort()}` }
    const providers = makeProviders([settings], { now: () => 0 })
    const url = providers.urlFor('liar', CALLBACK, secrets, false)
    await expect(url).rejects.toMatchObject({ code: 'provider-down', message: expect.stringContaining("'liar'") })
  })

  it('is asked what it is once an hour, by however many, and again where it failed', async () => {
    const path = '/.well-known/openid-configuration'
    let now = 0
    const providers = makeProviders([liar.settings], { now: () => now, patience: 5 })
    const visit = async () => await providers.urlFor('liar', CALLBACK, secrets, false)
    const before = liar.asked.get(path) ?? 0
    liar.lie = { status: { at: path, code: 500 } }
    await expect(visit()).rejects.toMatchObject({ code: 'provider-down' })
    liar.lie = {}
    await Promise.all([visit(), visit(), visit()])
    now += HOUR - 1
    await visit()
    expect((liar.asked.get(path) ?? 0) - before).toBe(2)
    now += 1
    await visit()
    expect((liar.asked.get(path) ?? 0) - before).toBe(3)
  })
})
