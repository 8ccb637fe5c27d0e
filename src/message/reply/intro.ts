import { REPLY_MARKERS } from '../../model/reply-marker.ts'
import type { Line } from '../line.ts'
import { attributionAbove, attributionOfUnquoted } from './attribution.ts'
import { headerBlockAt } from './header-block.ts'
import { CUT_THRESHOLD, type Intro, isBlank, nextText, previousText } from './parts.ts'
import { separatorOf } from './separator.ts'

const MARKERS = Object.values(REPLY_MARKERS)

/** Ours, and those of other desks that use the same signs: '##- Please type your reply above this line -##'. */
const MARKER_SHAPE = /^##- .{4,120} -##$/

/**
 * What introduces somebody else's mail at line `at` (not quoted itself), or null: our reply marker, the client's own
 * mark, a separator, a header block or an attribution. Looks no higher than `floor`.
 */
export function introAt(lines: readonly Line[], at: number, floor: number): Intro | null {
  const line = lines[at]
  if (line === undefined || isBlank(line)) return null
  return (
    markedIntro(lines, at) ??
    replyMarkerIntro(lines, at, floor) ??
    separatorIntro(lines, at) ??
    headerIntro(lines, at, floor) ??
    attributionOfUnquoted(lines, at, floor)
  )
}

export function isReplyMarker(text: string): boolean {
  const trimmed = text.trim()
  return trimmed.startsWith('##-') && (MARKERS.includes(trimmed) || MARKER_SHAPE.test(trimmed))
}

function markedIntro(lines: readonly Line[], at: number): Intro | null {
  const hint = lines[at]?.hint
  if (hint === 'forward-start')
    return { first: at, last: at, kind: 'forward', confidence: 1, because: "the client's markup" }
  if (hint !== 'quote-start') return null
  const kind = forwards(lines, at) ? 'forward' : 'original'
  return { first: at, last: lastOfIntro(lines, at), kind, confidence: 0.98, because: "the client's markup" }
}

function forwards(lines: readonly Line[], at: number): boolean {
  const line = lines[at]
  return line !== undefined && separatorOf(line) === 'forward'
}

/** The attribution or header block that stands at line `at`, as far as it goes; else the line alone. */
function lastOfIntro(lines: readonly Line[], at: number): number {
  const block = headerBlockAt(lines, at)
  if (block !== null) return block.last
  let last = at
  while (last - at < 4 && !isBlank(lines[last + 1]) && lines[last + 1]?.depth === 0) last++
  return (lines[nextText(lines, last + 1)]?.depth ?? 0) > 0 ? last : at
}

function replyMarkerIntro(lines: readonly Line[], at: number, floor: number): Intro | null {
  const line = lines[at]
  if (line === undefined || !isReplyMarker(line.text)) return null
  return {
    first: attributionAbove(lines, at, floor)?.first ?? at,
    last: at,
    kind: 'original',
    confidence: 0.99,
    because: 'our reply marker',
  }
}

/** A separator, with the header block or attribution below it. Unknown words between dashes need one of these. */
function separatorIntro(lines: readonly Line[], at: number): Intro | null {
  const line = lines[at]
  const separator = line === undefined ? null : separatorOf(line)
  if (separator === null || separator === 'rule') return null
  const below = nextText(lines, at + 1)
  const block = headerBlockAt(lines, below)
  const attribution = block === null ? attributionBelow(lines, below) : null
  const last = block?.last ?? attribution?.last ?? at
  if (separator !== 'unknown') return { first: at, last, kind: separator, confidence: 0.97, because: 'a separator' }
  const confidence = Math.max(block?.confidence ?? 0, attribution?.confidence ?? 0)
  return last === at || confidence < CUT_THRESHOLD
    ? null
    : { first: at, last, kind: 'original', confidence, because: 'a separator' }
}

function attributionBelow(lines: readonly Line[], at: number): Intro | null {
  for (let last = at; last < at + 4 && !isBlank(lines[last]); last++) {
    const attribution = attributionOfUnquoted(lines, last, at)
    if (attribution?.first === at) return attribution
  }
  return null
}

function headerIntro(lines: readonly Line[], at: number, floor: number): Intro | null {
  const block = headerBlockAt(lines, at)
  if (block === null) return null
  const above = previousText(lines, at)
  const rule = above >= floor && at - above <= 2 && isRule(lines[above])
  const confidence = rule ? Math.max(block.confidence, Math.min(0.9, block.confidence + 0.3)) : block.confidence
  return { first: rule ? above : at, last: block.last, kind: 'original', confidence, because: 'a header block' }
}

function isRule(line: Line | undefined): boolean {
  return line !== undefined && line.depth === 0 && separatorOf(line) === 'rule'
}
