/** What may be null in the views (view.ts), by its own name. */
const OPTIONAL: ReadonlySet<string> = new Set([
  'logo',
  'settings',
  'leave',
  'verdict',
  'missing',
  'withheld',
  'held',
  'done',
  'refused',
  'help',
  'inviter',
  'assignee',
  'was',
  'recoveredAt',
  'opened',
  'waitingOnUs',
  'waitingLongest',
  'unassigned',
  'solved',
  'failed',
  'articles',
  'commented',
])
/** In these a URL is a page of the portal, and there may be none; in mails about accounts it is what they are about. */
const ABOUT_PAGES: ReadonlySet<string> = new Set(['case', 'article', 'items', 'actions'])

/** A view with everything left out that may be missing: what a template must cope with besides the full example. */
export function sparseView<View extends object>(view: View): View {
  return sparse(view, '') as View
}

function sparse(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => sparse(item, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, isMissing(key, inner, name) ? null : sparse(inner, key)]),
  )
}

function isMissing(key: string, value: unknown, within: string): boolean {
  if (key === 'url') return ABOUT_PAGES.has(within)
  if (key === 'author') return within === 'article' || within === 'items'
  // A solution of a case is said by true and false.
  return OPTIONAL.has(key) && typeof value !== 'boolean'
}
