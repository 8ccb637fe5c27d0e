import { LIMITS } from '../limits.ts'
import type { Problems } from '../problems.ts'
import { decodeWords } from './encoded-words.ts'

/**
 * The message ids in Message-ID, In-Reply-To or References (RFC 5322 section 3.6.4), without angle brackets, each once,
 * in order. Read as well: ids without brackets or without one of them, folded within, in quotes, in encoded words,
 * with prose around them ('Your message of Friday <…>'). Of too many the first and the latest are kept.
 */
export function readIds(values: readonly string[], field: string, problems: Problems): string[] {
  const ids = new Set<string>()
  for (const value of values) for (const id of idsIn(decodeWords(value, problems))) ids.add(id)
  const list = [...ids].filter((id) => id.length <= LIMITS.id)
  if (list.length < ids.size)
    problems.add(`'${field}' has an id longer than ${LIMITS.id} characters, which was left out`)
  if (list.length <= LIMITS.ids) return list
  problems.add(`'${field}' has ${list.length} ids: the first and the latest ${LIMITS.ids - 1} were kept`)
  return [...list.slice(0, 1), ...list.slice(1 - LIMITS.ids)]
}

function idsIn(value: string): string[] {
  const found: string[] = []
  let outside = ''
  let at = 0
  for (let open = value.indexOf('<'); open >= 0; open = value.indexOf('<', at)) {
    outside += ` ${value.slice(at, open)}`
    const close = value.indexOf('>', open)
    const next = value.indexOf('<', open + 1)
    const end = close < 0 ? value.length : next >= 0 && next < close ? next : close
    const inner = value.slice(open + 1, end)
    // Without its closing bracket an id ends at the first space.
    const id = clean(close < 0 || end === next ? (inner.trim().split(/\s/)[0] ?? '') : inner)
    if (id !== '') found.push(id)
    at = end === close ? end + 1 : end
    if (at <= open) break
  }
  outside += ` ${value.slice(at)}`
  if (found.length > 0) return found
  const words = outside
    .split(/[\s,;"]+/)
    .map(clean)
    .filter((word) => word !== '')
  return words.length === 1 ? words : words.filter((word) => /.@./.test(word) && !/^\(|\)$/.test(word))
}

function clean(id: string): string {
  return id.replace(/[\s<>\x00-\x1f]+/g, '').replace(/^["']+|["']+$/g, '')
}
