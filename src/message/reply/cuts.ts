import type { Line } from '../line.ts'
import { attributionAbove } from './attribution.ts'
import { introAt } from './intro.ts'
import { CUT_THRESHOLD, type Cut, type Intro, isBlank, nextText } from './parts.ts'
import { separatorOf } from './separator.ts'

/** Quote signs alone, with nothing that introduces them, are sure enough to cut, but a guess. */
const BARE_QUOTE = 0.75

/** A client's own markup says so. */
const MARKED = 0.98

/**
 * Everything in the mail that may be somebody else's, from the top down, with how sure that is. A quote marked line by
 * line ends where its lines end; an original that is not ('original', 'forward') goes on to the mail's end.
 */
export function findCuts(lines: readonly Line[]): Cut[] {
  const cuts: Cut[] = []
  let at = 0
  while (at < lines.length) {
    const cut = cutAt(lines, at, (cuts.at(-1)?.last ?? -1) + 1)
    if (cut !== null) cuts.push(cut)
    at = cut !== null && cut.confidence >= CUT_THRESHOLD ? cut.last + 1 : at + 1
  }
  return cuts
}

function cutAt(lines: readonly Line[], at: number, floor: number): Cut | null {
  if ((lines[at]?.depth ?? 0) > 0) {
    const intro = attributionAbove(lines, at, floor)
    if (intro === null && opensForward(lines, at)) return forwardCut(lines, at)
    return intro === null && isLoneSign(lines, at) ? null : quoteCut(lines, at, intro)
  }
  const intro = introAt(lines, at, floor)
  if (intro === null) return null
  const below = nextText(lines, intro.last + 1)
  if ((lines[below]?.depth ?? 0) > 0 && intro.kind !== 'forward') return quoteCut(lines, below, intro)
  return { ...intro, quoted: below, last: lines.length - 1 }
}

/** Apple Mail quotes what it forwards, and the line that says so: 'Begin forwarded message:'. */
function opensForward(lines: readonly Line[], at: number): boolean {
  const line = lines[at]
  return line !== undefined && separatorOf(line) === 'forward'
}

function forwardCut(lines: readonly Line[], at: number): Cut {
  return { first: at, quoted: at, last: lines.length - 1, kind: 'forward', confidence: 0.97, because: 'a separator' }
}

/** One '>' line within a paragraph is a sign that somebody typed ('> Settings > Mail'), not a quote. */
function isLoneSign(lines: readonly Line[], at: number): boolean {
  if (isMarked(lines[at])) return false
  const [above, below] = [lines[at - 1], lines[at + 1]]
  return (
    above !== undefined && below !== undefined && [above, below].every((line) => line.depth === 0 && !isBlank(line))
  )
}

function quoteCut(lines: readonly Line[], first: number, intro: Intro | null): Cut {
  return {
    first: intro?.first ?? first,
    quoted: first,
    last: lastQuoted(lines, first),
    kind: 'quote',
    ...reasonOf(lines[first], intro),
  }
}

function reasonOf(line: Line | undefined, intro: Intro | null): { confidence: number; because: string } {
  if (isMarked(line)) return { confidence: MARKED, because: "the client's markup" }
  return { confidence: intro?.confidence ?? BARE_QUOTE, because: intro?.because ?? 'quote signs alone' }
}

/** Whether the client's markup says that a quoted mail begins here. */
function isMarked(line: Line | undefined): boolean {
  return line?.hint === 'quote-start' || line?.hint === 'forward-start'
}

/** The last line of the quote that begins with line `first`; empty lines within it are part of it. */
function lastQuoted(lines: readonly Line[], first: number): number {
  let last = first
  for (let at = first + 1; at < lines.length; at++) {
    const line = lines[at]
    if (line === undefined || (line.depth === 0 && !isBlank(line))) break
    if (line.depth > 0) last = at
  }
  return last
}
