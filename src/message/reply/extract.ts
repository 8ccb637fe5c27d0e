import { linesOfHtml } from '../html/to-lines.ts'
import { type Line, textOfLines } from '../line.ts'
import type { Parsed } from '../parsed.ts'
import { chooseParts } from './choose.ts'
import { findCuts } from './cuts.ts'
import { subjectForwards } from './forward.ts'
import { withoutAnswered } from './interleaved.ts'
import { linesOfPlain } from './lines.ts'
import { CUT_THRESHOLD, type Cut, isBlank, type ReplyParts, SURE } from './parts.ts'
import { type Role, rolesOf, textOfRole } from './roles.ts'
import { isPhoneLine } from './signature.ts'

/** A mail that doubts every second line still says so only this often. */
const MOST_PROBLEMS = 5

/**
 * A mail's text parted into the author's own words, what is quoted, and the signature; from the plain text, or from the
 * HTML where that says more (see choose.ts). Pure, and linear in the length of the text.
 */
export function extractReply(parsed: Parsed): ReplyParts {
  const forwards = subjectForwards(parsed.subject, parsed.plain ?? parsed.html ?? '')
  return chooseParts(parsed, {
    plain: (text) => partsOf(linesOfPlain(text), text, forwards),
    html: (html) => {
      const lines = linesOfHtml(html)
      return partsOf(lines, textOfLines(lines), forwards)
    },
  })
}

/** The parts of lines and the text they were made of. `forwards`: the subject says that the mail forwards another one. */
function partsOf(lines: readonly Line[], text: string, forwards: boolean): ReplyParts {
  const found = findCuts(lines)
  const sure = found.filter((cut) => cut.confidence >= CUT_THRESHOLD)
  const cuts = withoutAnswered(lines, withoutForwards(sure, lines, forwards))
  const end = sure.find((cut) => cut.kind !== 'quote' && !cuts.includes(cut))?.first ?? lines.length
  const roles = rolesOf(lines, cuts, end)
  if (!roles.includes('own') && !mayBeEmpty(lines, cuts)) return keepAll(text)
  const shown = shownLines(lines, text)
  return {
    text,
    reply: textOfRole(lines, shown, roles, 'own'),
    quoted: textOfRole(lines, shown, roles, 'quoted'),
    signature: textOfRole(lines, shown, roles, 'signature'),
    confidence: Math.min(1, ...cuts.map((cut) => cut.confidence)),
    problems: problemsOf(found, cuts),
  }
}

/** The lines as the author wrote them, but without a quote sign that only a mailbox set. */
function shownLines(lines: readonly Line[], text: string): string[] {
  return text.split('\n').map((raw, at) => (lines[at]?.depth === 0 ? lines[at].text : raw))
}

/** A forwarded mail is what the author wants read: it stays, with its own quotes and signature. */
function withoutForwards(cuts: readonly Cut[], lines: readonly Line[], forwards: boolean): Cut[] {
  return cuts.filter((cut) => {
    if (cut.kind === 'quote') return true
    return cut.kind === 'original' && !forwards && hasOwnText(lines, cuts, cut.first)
  })
}

function hasOwnText(lines: readonly Line[], cuts: readonly Cut[], before: number): boolean {
  const above = cuts.filter((cut) => cut.last < before)
  const roles: Role[] = rolesOf(lines.slice(0, before), above, before)
  return roles.includes('own')
}

/** Whether the author can have sent a mail without a word: a marked quote alone, or a phone's line below a picture. */
function mayBeEmpty(lines: readonly Line[], cuts: readonly Cut[]): boolean {
  if (cuts.length > 0) return cuts.every((cut) => cut.kind === 'quote' && cut.confidence >= SURE)
  return lines.every((line) => isBlank(line) || isPhoneLine(line.text))
}

function keepAll(text: string): ReplyParts {
  const problems = ['nothing stands outside what looks quoted or signed: the whole text is kept as the reply']
  return { text, reply: text.trim(), quoted: '', signature: '', confidence: CUT_THRESHOLD, problems }
}

function problemsOf(found: readonly Cut[], cuts: readonly Cut[]): string[] {
  const unsure = found.filter((cut) => cut.confidence < CUT_THRESHOLD)
  const guesses = cuts.filter((cut) => cut.confidence < SURE)
  return [
    ...guesses.slice(0, MOST_PROBLEMS).map((cut) => `${whatBegins(cut)} read as a quoted mail`),
    ...unsure.slice(0, MOST_PROBLEMS).map((cut) => `${whatBegins(cut)} may be a quoted mail, but is too unsure to cut`),
  ]
}

function whatBegins(cut: Cut): string {
  return `what begins at line ${cut.first + 1} with ${cut.because} (confidence ${cut.confidence})`
}
