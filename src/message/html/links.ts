/** Longer addresses are tracking, and nobody reads them. */
const MAX_URL = 1_000

/**
 * The address to put after a link's words, as '<https://…>' does in plain text; null where the words already say it,
 * or where there is nothing to follow.
 */
export function targetToShow(href: string, words: string): string | null {
  const target = unwrapped(href.trim())
  const scheme = target.slice(0, target.indexOf(':') + 1).toLowerCase()
  if (!['http:', 'https:', 'mailto:'].includes(scheme) || target.length > MAX_URL || /[\s<>]/.test(target)) return null
  const shown = scheme === 'mailto:' ? (target.slice(7).split('?')[0] ?? '') : target
  const said = words.trim()
  if (said === '' || shown === '' || bare(said).includes(bare(shown)) || isShortenedForm(said, shown)) return null
  return shown
}

/** Outlook's Safe Links hold the real address in a parameter. */
function unwrapped(href: string): string {
  if (!href.includes('.safelinks.protection.outlook.com/')) return href
  return URL.canParse(href) ? (new URL(href).searchParams.get('url') ?? href) : href
}

// 'https://example.com/a/long/…' and 'example.com' for the page itself
function isShortenedForm(said: string, shown: string): boolean {
  const start = said.replace(/(?:…|\.\.\.)$/, '')
  return start !== said && start.length > 10 && bare(shown).startsWith(bare(start))
}

function bare(address: string): string {
  const text = address.toLowerCase().replace(/^mailto:|^https?:\/\//, '')
  return (text.startsWith('www.') ? text.slice(4) : text).replace(/\/$/, '')
}
