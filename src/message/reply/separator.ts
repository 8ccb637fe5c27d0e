import type { Line } from '../line.ts'
import { readSeparator } from '../markers/forward-separators.ts'
import { ANSWERED_STEMS, MESSAGE_STEMS } from '../markers/separators.ts'

const LONGEST = 200
const RULE_SIGN = /[-_=*–—‐‑―~#+.\s]/u

/**
 * What kind of line a client drew: above an original, above a forwarded mail, 'unknown' words between dashes (perhaps
 * another language), 'rule' for dashes alone; null for anything else.
 */
export type SeparatorKind = 'original' | 'forward' | 'unknown' | 'rule'

export function separatorOf(line: Line): SeparatorKind | null {
  const text = line.text.trim()
  if (text.length < 3 || text.length > LONGEST) return null
  if (!RULE_SIGN.test(text.charAt(0)) && !/[:：]$/.test(text)) return null
  const known = readSeparator(text)
  if (known?.kind === 'forward') return 'forward'
  const words = wordsBetweenDashes(text)
  if (words === null) return known !== null && known.rest !== '' ? 'original' : null
  if (words === '') return 'rule'
  const folded = words.normalize('NFC').toLowerCase()
  const original = known !== null || has(folded, ANSWERED_STEMS)
  return original && has(folded, MESSAGE_STEMS) ? 'original' : 'unknown'
}

/** The words between at least two dashes on both sides; '' for dashes alone, null where it is no such line. */
function wordsBetweenDashes(text: string): string | null {
  let first = 0
  while (first < text.length && RULE_SIGN.test(text.charAt(first))) first++
  if (first === text.length) return text.replace(/\s/g, '').length >= 3 ? '' : null
  let last = text.length
  while (RULE_SIGN.test(text.charAt(last - 1)) || text.charAt(last - 1) === ':') last--
  const [before, after] = [text.slice(0, first), text.slice(last)].map((side) => side.replace(/[\s.]/g, ''))
  return (before ?? '').length >= 2 && (after ?? '').length >= 2 ? text.slice(first, last) : null
}

function has(text: string, stems: readonly string[]): boolean {
  return stems.some((stem) => text.includes(stem))
}
