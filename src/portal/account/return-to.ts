/** A path of ours to go back to after signing in; the page of cases where it is anything else (no open redirect). */
export function returnPath(wanted: string | null): string {
  if (wanted === null || wanted.length > 500) return '/cases'
  // One slash and no backslash: browsers read '//evil.example' and '/\evil.example' as other hosts.
  // Nor a way out of our part of the host, as '/../' is.
  return /^\/(?![/\\])[\w./~%?=&-]*$/.test(wanted) && !/(^|\/)(\.|%2e){1,2}(\/|\?|$)/i.test(wanted) ? wanted : '/cases'
}

/** The path with a place to go back to, where it is not the usual one. */
export function withReturn(path: string, to: string): string {
  return to === '/cases' ? path : `${path}?to=${encodeURIComponent(to)}`
}
