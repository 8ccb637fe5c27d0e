import { domainToASCII } from 'node:url'
import { getDomain } from 'tldts'

/** Below these everybody has a name of their own, which the Public Suffix List does not know. */
const SHARED = new Set(['onmicrosoft.com'])

/**
 * Whether two domains belong to the same organisation: relaxed alignment, RFC 7489 section 3.1, by the Public Suffix List
 * with its private part (a.github.io and b.github.io are two). Letters beyond ASCII and their xn-- form are the same.
 */
export function isAligned(domain: string | null, other: string | null): boolean {
  const one = asciiDomain(domain)
  const two = asciiDomain(other)
  if (one === '' || two === '') return false
  if (one === two) return true
  const organisation = getDomain(one, { allowPrivateDomains: true })
  if (organisation === null || SHARED.has(organisation)) return false
  return organisation === getDomain(two, { allowPrivateDomains: true })
}

function asciiDomain(domain: string | null): string {
  return domainToASCII((domain ?? '').trim().replace(/\.$/, '')).toLowerCase()
}
