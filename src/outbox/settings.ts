import type { SettingsWays } from '../model/notice.ts'
import { settingsUrl } from '../model/thread-key.ts'

/** Where the recipient of a mail chooses what to be told of: the portal's page, or without one a mail that ends the topic. */
export function settingsLink(ways: SettingsWays | null, portalUrl: string | null): string | null {
  if (!ways) return null
  return portalUrl === null ? ways.stop.mailto : settingsUrl(portalUrl, ways.key)
}
