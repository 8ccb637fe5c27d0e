import { createHash } from 'node:crypto'
import type { OAuth2Auth } from '../config/config.ts'
import { PosthornError } from '../core/errors.ts'
import type { World } from '../core/world.ts'

/** Where rotated refresh tokens are kept: a provider that gives a new one makes the old one worthless. */
export interface TokenStore {
  read(mailbox: string): Promise<{ refreshToken: string; configuredHash: string } | null>
  /** Durable when it resolves: the token it replaces may be dead already. */
  write(mailbox: string, refreshToken: string, configuredHash: string): Promise<void>
}

export interface AccessTokens {
  /** A token that is good for at least another minute. Throws PosthornError: oauth-refused or oauth-unreachable. */
  get(signal?: AbortSignal): Promise<string>
  /** The server did not accept the last one: the next get() asks for another. */
  discard(): void
}

/** Milliseconds: a token that ends sooner is not begun with. */
const MARGIN = 60_000

/** Milliseconds that a token endpoint may take. */
const TIMEOUT = 30_000

/** Access tokens for one mailbox by its refresh token (RFC 6749 section 6), kept as long as they are good. */
export function makeAccessTokens(
  mailbox: string,
  auth: OAuth2Auth,
  deps: { tokens: TokenStore; world: Pick<World, 'now'> },
): AccessTokens {
  let current: { token: string; until: number } | null = null
  return {
    get: async (signal) => {
      if (!current || current.until - MARGIN <= deps.world.now()) current = await refresh(mailbox, auth, deps, signal)
      return current.token
    },
    discard: () => {
      current = null
    },
  }
}

async function refresh(
  mailbox: string,
  auth: OAuth2Auth,
  { tokens, world }: { tokens: TokenStore; world: Pick<World, 'now'> },
  signal: AbortSignal | undefined,
): Promise<{ token: string; until: number }> {
  const configuredHash = createHash('sha256').update(auth.refreshToken).digest('hex')
  const kept = await tokens.read(mailbox)
  // A newly configured token is somebody's answer to a dead one: it wins over what was kept for the one before.
  const refreshToken = kept?.configuredHash === configuredHash ? kept.refreshToken : auth.refreshToken
  const asked = world.now()
  const answer = await ask(mailbox, auth, refreshToken, signal)
  if (answer.refreshToken && answer.refreshToken !== refreshToken)
    await tokens.write(mailbox, answer.refreshToken, configuredHash)
  return { token: answer.accessToken, until: asked + answer.expiresIn * 1000 }
}

interface Answer {
  accessToken: string
  /** Seconds. */
  expiresIn: number
  refreshToken: string | null
}

async function ask(
  mailbox: string,
  auth: OAuth2Auth,
  refreshToken: string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: auth.clientId,
  })
  if (auth.clientSecret !== null) form.set('client_secret', auth.clientSecret)
  if (auth.scope !== null) form.set('scope', auth.scope)
  const unreachable = (cause: unknown) =>
    new PosthornError('oauth-unreachable', `mailbox ${mailbox}: no token from ${auth.tokenUrl}`, { cause })
  const response = await fetch(auth.tokenUrl, {
    method: 'POST',
    body: form,
    headers: { accept: 'application/json' },
    signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT), ...(signal ? [signal] : [])]),
  }).catch((error: unknown) => {
    throw unreachable(error)
  })
  const body = await response.json().catch(() => null)
  const token = textOf(body, 'access_token')
  if (response.ok && token)
    return {
      accessToken: token,
      expiresIn: Number(fieldOf(body, 'expires_in')) || 3600,
      refreshToken: textOf(body, 'refresh_token'),
    }
  const code = textOf(body, 'error')
  if (code === null || response.status >= 500) throw unreachable(new Error(`status ${response.status}`))
  throw refused(mailbox, auth, code, textOf(body, 'error_description'))
}

/** RFC 6749 section 5.2. Trying again does not help: somebody must change something. */
function refused(mailbox: string, auth: OAuth2Auth, code: string, description: string | null): PosthornError {
  const said = description ? `${code}: ${description.slice(0, 300)}` : code
  const hint =
    code === 'invalid_grant'
      ? `The refresh token has expired or was withdrawn: grant Posthorn access again and set imap.oauth2.refreshToken of the mailbox ${mailbox}.`
      : `Check clientId, clientSecret and scope of the mailbox ${mailbox}.`
  return new PosthornError('oauth-refused', `mailbox ${mailbox}: ${auth.tokenUrl} refused a token (${said})`, {
    temporary: false,
    hint,
  })
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
}

function textOf(body: unknown, name: string): string | null {
  const value = fieldOf(body, name)
  return typeof value === 'string' && value !== '' ? value : null
}
