import { createHmac } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { isSame } from '../../accounts/tokens.ts'
import type { Secrets } from '../../model/thread-key.ts'

/** What every form of a browser carries: made of the cookie that only this browser has (OWASP: signed double submit). */
export function csrfToken(secrets: Secrets, visitor: string): string {
  return mac(secrets[0], visitor)
}

/**
 * Whether a form comes from a page of ours in this browser: the token must be right, and where the browser says which site
 * the form stands on, it must be this one (ASVS 5.0, 3.5.1).
 */
export function isOwnForm(
  request: FastifyRequest,
  own: { secrets: Secrets; origin: string; visitor: string | null },
  given: string | null,
): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined && origin !== own.origin) return false
  if (site !== undefined && site !== 'same-origin') return false
  const { visitor } = own
  if (visitor === null || given === null) return false
  return own.secrets.some((secret) => isSame(mac(secret, visitor), given))
}

function mac(secret: string, visitor: string): string {
  return createHmac('sha256', secret).update(`posthorn:form:${visitor}`).digest('base64url')
}
