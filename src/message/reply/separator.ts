import type { Line } from '../line.ts'
import { FORWARD_OPENERS, FORWARD_STEMS, ORIGINAL_STEMS } from '../markers/separators.ts'

const LONGEST = 200
const RULE_SIGN = /[-_=*–—‐‑―~#+.\s]/u

/**
 * What kind of line a client drew: above an original, above a forwarded mail, 'unknown' words between dashes (perhaps
 * another language), 'rule' for dashes alone; null for anything else.
 */
export type Separator = 'original' | 'forward' | 'unknown' | 'rule'

export function separatorOf(line: Line): Separator | null {
  const text = line.text.trim()
  if (text.length < 3 || text.length > LONGEST) return null
  const dashed = dashesAround(text)
  if (dashed === null) return isForwardOpener(text) ? 'forward' : null
  if (dashed === '') return 'rule'
  const words = dashed.toLowerCase()
  if (FORWARD_STEMS.some((stem) => words.includes(stem))) return 'forward'
  return ORIGINAL_STEMS.some((stem) => words.includes(stem)) ? 'original' : 'unknown'
}

/** The words between at least two dashes on both sides; '' for dashes alone, null where it is no such line. */
function dashesAround(text: string): string | null {
  let first = 0
  while (first < text.length && RULE_SIGN.test(text.charAt(first))) first++
  if (first === text.length) return text.replace(/\s/g, '').length >= 3 ? '' : null
  let last = text.length
  while (RULE_SIGN.test(text.charAt(last - 1)) || text.charAt(last - 1) === ':') last--
  const before = text.slice(0, first).replace(/[\s.]/g, '')
  const after = text.slice(last).replace(/[\s.]/g, '')
  return before.length >= 2 && after.length >= 2 ? text.slice(first, last) : null
}

function isForwardOpener(text: string): boolean {
  if (text.length > 60 || !/[:：]$/.test(text)) return false
  return FORWARD_OPENERS.includes(text.slice(0, -1).trim().toLowerCase())
}
