import { pageUrl } from '../model/thread-key.ts'

/** The page of a case for whoever takes part in it, who signs in on the way; null without a portal. */
export function caseUrl(portalUrl: string | null, number: number): string | null {
  return portalUrl === null ? null : pageUrl(portalUrl, `cases/${number}`)
}
