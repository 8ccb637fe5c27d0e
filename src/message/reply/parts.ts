import type { Line } from '../line.ts'

/** A mail's readable text, parted: every line that has text stands in exactly one of reply, quoted and signature. */
export interface ReplyParts {
  /** The whole readable text. */
  text: string
  /** The author's own words. A mail that only forwards keeps the forwarded mail here. */
  reply: string
  /** What was cut as quoted mail, with the lines that introduce it; '' where nothing was. */
  quoted: string
  /** What was cut below '-- ', or as a phone's 'Sent from my …'; '' where nothing was. */
  signature: string
  /** 0 to 1: how sure the least sure cut is. 1 where nothing needed cutting. */
  confidence: number
  /** Every guess, one sentence each. */
  problems: string[]
}

/** Below this a cut is not made: losing a line that somebody wrote is far worse than leaving a quoted one. */
export const CUT_THRESHOLD = 0.5

/** At least this sure, a cut is no guess worth naming in `problems`. */
export const SURE = 0.9

/** Lines first to last (both included) that are somebody else's mail, with what introduces it. */
export interface Cut {
  first: number
  last: number
  /** The first line below what introduces the mail. */
  quoted: number
  kind: 'quote' | 'original' | 'forward'
  /** 0 to 1. */
  confidence: number
  /** What gave it away, for `problems`: 'a header block'. */
  because: string
}

/** The lines that introduce somebody else's mail: an attribution, a separator, a header block. */
export interface Intro {
  first: number
  last: number
  kind: 'original' | 'forward'
  confidence: number
  because: string
}

export function isBlank(line: Line | undefined): boolean {
  return line === undefined || line.text === '' || line.text.trim() === ''
}

/** The first line from `from` on that has text, or lines.length. */
export function nextText(lines: readonly Line[], from: number): number {
  let at = from
  while (at < lines.length && isBlank(lines[at])) at++
  return at
}

/** The last line before `before` that has text, or -1. */
export function previousText(lines: readonly Line[], before: number): number {
  let at = before - 1
  while (at >= 0 && isBlank(lines[at])) at--
  return at
}
