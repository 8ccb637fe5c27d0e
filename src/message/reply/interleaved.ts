import type { Line } from '../line.ts'
import { type Cut, isBlank } from './parts.ts'
import { signatureStart } from './signature.ts'

/**
 * The cuts without the quotes that the author answers one by one: an answer between quoted lines ('Yes, go ahead.') is
 * read with the lines above it, so these stay; what introduces them does not. One quote with one answer below it is no
 * such case.
 */
export function withoutAnswered(lines: readonly Line[], cuts: readonly Cut[]): Cut[] {
  const answered = cuts.filter(
    (cut, index) => cut.kind === 'quote' && hasText(lines, cut.last + 1, cuts[index + 1]?.first),
  )
  if (answered.length < 2) return [...cuts]
  return cuts.map((cut) => (answered.includes(cut) ? introOnly(cut) : cut)).filter((cut) => cut.last >= cut.first)
}

function introOnly(cut: Cut): Cut {
  return { ...cut, last: cut.quoted - 1 }
}

/** Whether the author wrote something there; a signature below the quote is no answer. */
function hasText(lines: readonly Line[], from: number, before = lines.length): boolean {
  const end = signatureStart(lines, from, before - 1) ?? before
  for (let at = from; at < end; at++) if (!isBlank(lines[at])) return true
  return false
}
