import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'
import { PosthornError } from '../core/errors.ts'

/** What a provider answers (OpenID Connect Core 1.0, 3.1.2.6) where it or the person does not want to. */
const NO = ['access_denied', 'login_required', 'consent_required', 'interaction_required', 'account_selection_required']
/** RFC 6749, 4.1.2.1. */
const NOT_NOW = ['server_error', 'temporarily_unavailable']

/** Why a visit to a provider came to nothing, in one of three kinds: refused, down or wrong. */
export function whyNot(name: string, error: unknown): PosthornError {
  if (error instanceof PosthornError) return error
  const about = `identityProviders '${name}'`
  if (error instanceof AuthorizationResponseError && NO.includes(error.error))
    return new PosthornError('provider-refused', `${about} said ${error.error}`, { temporary: false })
  if (isDown(error))
    return new PosthornError('provider-down', `${about} does not answer`, {
      hint: 'People can sign in with their password meanwhile.',
      // The cause of the other kind is what came in the query.
      ...(error instanceof AuthorizationResponseError ? {} : { cause: error }),
    })
  return new PosthornError('provider-wrong', `${about}: ${detailOf(error)}`, {
    temporary: false,
    hint: 'Nobody was signed in. Compare issuer, clientId and clientSecret with what the provider says.',
  })
}

function isDown(error: unknown): boolean {
  if (error instanceof AuthorizationResponseError) return NOT_NOW.includes(error.error)
  if (error instanceof ResponseBodyError) return error.status >= 500
  // fetch throws a TypeError where there is no connection.
  if (error instanceof TypeError) return error.message === 'fetch failed'
  if (!(error instanceof ClientError)) return false
  if (error.code === 'OAUTH_TIMEOUT' || error.code === 'OAUTH_ABORT') return true
  const { cause } = error
  if (cause instanceof Response) return cause.status >= 500 || cause.status === 429
  return cause instanceof TypeError && cause.message === 'fetch failed'
}

/** What did not match, without what came: a token or a claim may be a secret of the person's. */
function detailOf(error: unknown): string {
  if (error instanceof ResponseBodyError) return `its token endpoint answered ${error.status} ${error.error}`
  if (error instanceof AuthorizationResponseError) return `it answered ${error.error}`
  const { cause, message } = error as Error
  const inner = cause instanceof Error ? cause.cause : cause
  const named = inner as { claim?: unknown; attribute?: unknown } | null | undefined
  const what = [named?.claim, named?.attribute].find((it) => typeof it === 'string')
  return typeof what === 'string' ? `${message} (${what})` : message
}
