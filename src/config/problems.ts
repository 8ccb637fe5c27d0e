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

/** The known word that an unknown one is most likely meant to be, or null where none is near. */
export function didYouMean(unknown: string, known: readonly string[]): string | null {
  const ranked = known
    .map((word) => ({ word, distance: editDistance(unknown.toLowerCase(), word.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best && best.distance <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : null
}

/** Letters to be added, dropped, changed or swapped with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = (last[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1])
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change, swap))
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
