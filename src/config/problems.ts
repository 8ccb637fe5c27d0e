/** Where in the file: keys and positions in lists. */
export type Path = readonly (string | number)[]

/** One thing that is wrong in the configuration. */
export interface Problem {
  path: Path
  /** What was found, as it is shown: secrets already masked. */
  found: string
  allowed: string
}

/** `mailboxes[1].imap.port`; 'the file' for the file itself. */
export function pathText(path: Path): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')
  return text.replace(/^\./, '') || 'the file'
}

const SECRET_KEYS = /^(?:secret|password|clientSecret|refreshToken|privateKey)$/

/** What was found, for a message: short, and without anything that must stay secret. */
export function shown(value: unknown, path: Path, isSecret: boolean): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'nothing (null)'
  if (isSecret || path.some((key) => SECRET_KEYS.test(String(key)))) return `a secret${lengthOf(value)}`
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return `a section with ${Object.keys(value).join(', ') || 'nothing in it'}`
  return typeof value === 'string' ? `'${withoutPassword(value).slice(0, 80)}'` : String(value)
}

function lengthOf(value: unknown): string {
  return typeof value === 'string' ? ` of ${value.length} characters` : ` that is a ${typeof value}`
}

/** A URL may hold a password. */
function withoutPassword(value: string): string {
  return value.replace(/(:\/\/[^/@\s:]*):[^@\s]*@/, '$1:[secret]@')
}
