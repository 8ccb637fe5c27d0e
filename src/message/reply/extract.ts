import { type Line, textOfLines } from '../line.ts'
import type { Parsed } from '../parsed.ts'
import { findCuts } from './cuts.ts'
import { subjectForwards } from './forward.ts'
import { withoutAnswered } from './interleaved.ts'
import { linesOfPlain } from './lines.ts'
import { CUT_THRESHOLD, type Cut, isBlank, type ReplyParts, SURE } from './parts.ts'
import { signatureStart } from './signature.ts'

/**
 * A mail's text parted into the author's own words, what is quoted, and the signature. Pure, and linear in the length
 * of the text.
 */
export function extractReply(parsed: Parsed): ReplyParts {
  const text = parsed.plain ?? ''
  return partsOf(linesOfPlain(text), text, subjectForwards(parsed.subject, text))
}

/** The same of lines that have been made already. `forwards`: the subject says that the mail forwards another one. */
export function partsOf(lines: readonly Line[], text: string, forwards: boolean): ReplyParts {
  const found = findCuts(lines)
  const sure = found.filter((cut) => cut.confidence >= CUT_THRESHOLD)
  const cuts = withoutAnswered(lines, withoutForwards(sure, lines, forwards))
  const end = sure.find((cut) => keepsRest(cut, cuts))?.first ?? lines.length
  const roles = rolesOf(lines, cuts, end)
  if (!roles.includes('own')) return keepAll(text)
  const problems = [
    ...found.filter((cut) => cut.confidence < CUT_THRESHOLD).map(notCut),
    ...cuts.filter(isGuess).map(guessed),
  ]
  return {
    text,
    reply: linesOf(lines, roles, 'own'),
    quoted: linesOf(lines, roles, 'quoted'),
    signature: linesOf(lines, roles, 'signature'),
    confidence: Math.min(1, ...cuts.map((cut) => cut.confidence)),
    problems,
  }
}

type Role = 'own' | 'quoted' | 'signature' | 'blank'

/** A forwarded mail is what the author wants read: it stays, with its own quotes and signature. */
function withoutForwards(cuts: readonly Cut[], lines: readonly Line[], forwards: boolean): Cut[] {
  return cuts.filter((cut) => {
    if (cut.kind === 'quote') return true
    return cut.kind === 'original' && !forwards && hasOwnText(lines, cuts, cut.first)
  })
}

function keepsRest(cut: Cut, cuts: readonly Cut[]): boolean {
  return cut.kind !== 'quote' && !cuts.includes(cut)
}

function hasOwnText(lines: readonly Line[], cuts: readonly Cut[], before: number): boolean {
  const roles = rolesOf(
    lines.slice(0, before),
    cuts.filter((cut) => cut.last < before),
    before,
  )
  return roles.includes('own')
}

function rolesOf(lines: readonly Line[], cuts: readonly Cut[], end: number): Role[] {
  const roles = lines.map((line): Role => (isBlank(line) ? 'blank' : 'own'))
  let own = 0
  for (const cut of [...cuts, { first: end, last: end }]) {
    const signature = signatureStart(lines, own, cut.first - 1)
    if (signature !== null) fill(roles, signature, cut.first - 1, 'signature')
    if (cut.first < end) fill(roles, cut.first, cut.last, 'quoted')
    own = cut.last + 1
  }
  return roles
}

function fill(roles: Role[], first: number, last: number, role: Role): void {
  for (let at = first; at <= last; at++) roles[at] = role
}

/** The lines of one role, with the empty lines between them, but no more than one where something was cut out. */
function linesOf(lines: readonly Line[], roles: readonly Role[], role: Role): string {
  const kept: Line[] = []
  let gap: Line[] = []
  let cut = false
  for (const [at, line] of lines.entries()) {
    const mine = roles[at] === role
    if (mine && !isBlank(line)) {
      if (kept.length > 0) kept.push(...(cut ? gap.slice(0, 1) : gap))
      kept.push(line)
      gap = []
      cut = false
    } else if (isBlank(line)) gap.push(line)
    else cut = true
  }
  return textOfLines(kept)
}

function keepAll(text: string): ReplyParts {
  const empty = text.trim() === ''
  return {
    text,
    reply: text.trim(),
    quoted: '',
    signature: '',
    confidence: empty ? 1 : CUT_THRESHOLD,
    problems: empty ? [] : ['nothing stands outside the quoted text: the whole text is kept as the reply'],
  }
}

function isGuess(cut: Cut): boolean {
  return cut.confidence < SURE
}

function guessed(cut: Cut): string {
  return `line ${cut.first + 1} read as the beginning of a quoted mail because of ${cut.because} (confidence ${cut.confidence})`
}

function notCut(cut: Cut): string {
  return `line ${cut.first + 1} may begin a quoted mail because of ${cut.because}, but is too unsure to cut (confidence ${cut.confidence})`
}
