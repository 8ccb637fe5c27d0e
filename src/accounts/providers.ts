import * as oidc from 'openid-client'
import { PosthornError } from '../core/errors.ts'
import { type ProvenIdentity, provenIdentity } from './proven-identity.ts'
import { whyNot } from './provider-errors.ts'

/** An OpenID provider as the configuration names it. */
export interface ProviderSettings {
  name: string
  label: string
  issuer: string
  clientId: string
  clientSecret: string
  scopes: readonly string[]
  /** Values of acr with which the provider says that it has checked two factors. */
  secondFactorAcr: readonly string[]
}

/** What a visit to a provider is tied to; all three are unguessable and used once. */
export interface VisitSecrets {
  state: string
  nonce: string
  /** RFC 7636. */
  verifier: string
}

/** The providers that people may sign in with. Both verbs use the network: never within a transaction. */
export interface Providers {
  list: readonly Pick<ProviderSettings, 'name' | 'label' | 'issuer'>[]
  /**
   * Where the browser is to be sent; `anew`: the person shall sign in there again, to say which identity is meant. Throws 'provider-down' (temporary) where the provider does not answer, and
   * 'provider-wrong' where it answers what no right one does.
   */
  urlFor(name: string, redirectUri: string, secrets: VisitSecrets, anew: boolean): Promise<URL>
  /**
   * Who somebody is, by what the provider sent back with them and the ID token that it gives for it. `url`: the redirect URI
   * with the query that came. Throws as above, and 'provider-refused' where the provider or the person said no.
   */
  identityOf(name: string, url: URL, secrets: VisitSecrets): Promise<ProvenIdentity>
}

const HOUR = 3_600_000

/** Seconds that each request to a provider may take. */
const PATIENCE = 10

/**
 * OpenID Connect by the authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9207). What a
 * provider says of itself is kept for an hour; its keys are fetched anew where it signs with one that is not known.
 */
export function makeProviders(
  settings: readonly ProviderSettings[],
  { now, patience = PATIENCE }: { now: () => number; patience?: number },
): Providers {
  const known = new Map<string, { until: number; found: Promise<oidc.Configuration> }>()
  const discover = async (it: ProviderSettings): Promise<oidc.Configuration> => {
    const kept = known.get(it.name)
    if (kept && kept.until > now()) return await kept.found
    // Whoever comes meanwhile waits for the same answer.
    const found = discovered(it, patience)
    const entry = { until: now() + HOUR, found }
    known.set(it.name, entry)
    return await found.catch((error: unknown) => {
      if (known.get(it.name) === entry) known.delete(it.name)
      throw error
    })
  }
  const provider = (name: string): ProviderSettings => {
    const it = settings.find((one) => one.name === name)
    if (!it) throw new Error(`there is no provider '${name}' in the configuration`)
    return it
  }
  return {
    list: settings,
    urlFor: async (name, redirectUri, secrets, anew) => {
      const it = provider(name)
      const prompt = anew ? { prompt: 'login' } : {}
      return await told(
        it,
        async () => await authorizationUrl(await discover(it), it, { redirectUri, secrets, prompt }),
      )
    },
    identityOf: async (name, url, secrets) => {
      const it = provider(name)
      return await told(it, async () => await exchange(await discover(it), it, url, secrets))
    },
  }
}

async function discovered(it: ProviderSettings, patience: number): Promise<oidc.Configuration> {
  const server = new URL(it.issuer)
  const execute = [oidc.enableNonRepudiationChecks]
  // The configuration takes http:// for this machine alone.
  if (server.protocol === 'http:') execute.push(oidc.allowInsecureRequests)
  return await oidc.discovery(server, it.clientId, undefined, clientAuth(it.clientSecret), {
    timeout: patience,
    execute,
  })
}

/** As the provider says that it wants the secret; by HTTP Basic where it says nothing (OpenID Connect Discovery 1.0, 3). */
function clientAuth(secret: string): oidc.ClientAuth {
  const [byPost, byBasic] = [oidc.ClientSecretPost(secret), oidc.ClientSecretBasic(secret)]
  return (server, ...rest) => {
    const wanted = server.token_endpoint_auth_methods_supported ?? []
    return wanted.includes('client_secret_post') ? byPost(server, ...rest) : byBasic(server, ...rest)
  }
}

async function authorizationUrl(
  configuration: oidc.Configuration,
  { scopes, secondFactorAcr }: ProviderSettings,
  { redirectUri, secrets, prompt }: { redirectUri: string; secrets: VisitSecrets; prompt: { prompt?: string } },
): Promise<URL> {
  const { state, nonce, verifier } = secrets
  return oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...prompt,
    ...(secondFactorAcr.length > 0 ? { acr_values: secondFactorAcr.join(' ') } : {}),
  })
}

async function exchange(
  configuration: oidc.Configuration,
  it: ProviderSettings,
  url: URL,
  { state, nonce, verifier }: VisitSecrets,
): Promise<ProvenIdentity> {
  const tokens = await oidc.authorizationCodeGrant(configuration, url, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  if (!claims) throw new PosthornError('provider-wrong', 'it gave no ID token', { temporary: false })
  const info = await userInfo(configuration, tokens.access_token, claims)
  return provenIdentity(it, claims, info)
}

/** Many providers tell names and addresses here alone. It is asked where the ID token says nothing to know an identity by. */
async function userInfo(
  configuration: oidc.Configuration,
  accessToken: string,
  claims: oidc.IDToken,
): Promise<oidc.UserInfoResponse | null> {
  const said = claims.email ?? claims.preferred_username ?? claims.name
  if (said !== undefined || !configuration.serverMetadata().userinfo_endpoint) return null
  return await oidc.fetchUserInfo(configuration, accessToken, claims.sub)
}

async function told<T>({ name }: ProviderSettings, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw whyNot(name, error)
  }
}
