import { type Address, localPartOf } from '../../model/address.ts'
import { endsForward, mayIntroduceForward, readSeparator } from '../markers/forward-separators.ts'
import { readHeaderLine } from '../markers/header-labels.ts'
import { readSubject, type SubjectKind, withoutPrefixes } from '../markers/subject-prefixes.ts'
import type { Forwarded } from '../message.ts'
import type { Parsed } from '../parsed.ts'
import { readAddresses, readFirstAddress } from './addresses.ts'
import { readAttachedForward } from './attached.ts'
import { readAttribution } from './attribution.ts'
import { type HeaderBlock, readHeaderBlock, readInlineBlock } from './header-block.ts'
import { isBlank, type QuotedLine, quotedLines, withoutQuoteMarks } from './lines.ts'
import { readWrittenDate } from './written-date.ts'

/** What the judging of one place in a mail needs. */
interface Context {
  parsed: Parsed
  lines: readonly QuotedLine[]
  subject: SubjectKind
  /** Minutes east of UTC of the forwarding mail's own Date: clients write the header block in the forwarder's time. */
  offset: number
}

/** Where the forwarded mail's text begins, and how deep the client quoted it. */
type Found = Omit<Forwarded, 'text'> & { next: number; depth: number }

/**
 * What a place in the text turned out to be: a forward, a quoted mail that makes all this a reply, or neither.
 */
type Verdict = Found | 'reply' | null

/**
 * The mail that a mail forwards: its sender, recipients, subject, date (ISO 8601 UTC, or as it was written where that
 * cannot be read) and its whole text; null where the mail forwards none. `text` is the mail's whole readable text, with
 * quoted lines marked by '>'. The text is looked at before attached mails (message/rfc822). The first introduction of another mail
 * in the text decides: a separator that says forwarded always does; a header block, 'Original message' or an attribution
 * line, which replies have too, only when the subject and the recipients speak for a forward. O(length of the text).
 */
export function readForward(parsed: Parsed, text: string): Forwarded | null {
  if (isReturnedMail(parsed)) return null
  const context = {
    parsed,
    lines: quotedLines(text),
    subject: subjectOf(parsed, text),
    offset: ownOffset(parsed),
  }
  const found = findForward(context)
  if (found !== null && found !== 'reply') {
    const { next, depth, ...forwarded } = found
    return { ...forwarded, text: forwardedText(context.lines, next, depth) }
  }
  return found === 'reply' ? null : readAttachedForward(parsed)
}

/** A bounce brings a mail back, it does not forward one. */
function isReturnedMail({ contentType, from, returnPath }: Parsed): boolean {
  if (returnPath === '' || contentType.type === 'multipart/report') return true
  return /^(?:mailer-daemon|postmaster|mail-daemon|mdaemon)$/u.test(localPartOf(from?.address ?? ''))
}

const FINNIC = /lähettäjä|vastaanottaja|kirjoitti|saatja:|kirjutas/iu

/** 'VS:' announces a forward in Danish and Norwegian, a reply in Finnish and Estonian: the quoted mail's labels tell. */
function subjectOf(parsed: Parsed, text: string): SubjectKind {
  const subject = readSubject(parsed.subject)
  return subject.ambiguous && FINNIC.test(text.slice(0, 4000)) ? { ...subject, kind: 'reply' } : subject
}

function findForward(context: Context): Verdict {
  let shallowestQuote = Number.POSITIVE_INFINITY
  for (let at = 0; at < context.lines.length; at++) {
    const line = context.lines[at]
    if (line === undefined || isBlank(line)) continue
    if (line.depth > 0 && line.depth >= shallowestQuote) continue
    const verdict = judgeLine(context, line, at)
    if (verdict !== null) return verdict
    if (line.depth > 0) shallowestQuote = line.depth
  }
  return null
}

function judgeLine(context: Context, line: QuotedLine, at: number): Verdict {
  const separator = readSeparator(line.text)
  if (separator !== null) return judgeSeparator(context, separator.kind, separator.rest, at)
  if (readHeaderLine(line.text) !== null) return judgeBareBlock(context, at)
  return judgeAttribution(context, at)
}

function judgeSeparator(context: Context, kind: 'forward' | 'original', rest: string, at: number): Verdict {
  const { lines } = context
  const below = firstFilled(lines, at + 1)
  const block = rest !== '' ? readInlineBlock(rest, at + 1) : readHeaderBlock(lines, below, context.subject.bare)
  if (block === null || !isBlockEnough(block)) return judgeWithoutBlock(context, kind, below)
  const depth = lines[below]?.depth ?? 0
  const forward = kind === 'forward' || isForwardLayout(lines[at], block) || speaksForForward(context, block)
  return forward ? foundBlock(context, block, rest === '' ? depth : (lines[at]?.depth ?? 0)) : 'reply'
}

/** A separator with no header block: Proton writes an attribution line below it. */
function judgeWithoutBlock(context: Context, kind: 'forward' | 'original', below: number): Verdict {
  if (kind === 'original' && context.subject.kind !== 'forward') return null
  const written = readAttribution(context.lines, below, context.offset)
  if (written !== null) return foundAttribution(context, written)
  if (kind === 'original' || context.subject.kind !== 'forward') return null
  return foundAttribution(context, { from: null, date: null, next: below })
}

/** Outlook's block without a separator. */
function judgeBareBlock(context: Context, at: number): Verdict {
  const { lines } = context
  const block = readHeaderBlock(lines, at, context.subject.bare)
  if (block === null || !isWholeBlock(block)) return null
  const introduced = mayIntroduceForward(lines[lastFilled(lines, at - 1)]?.text ?? '')
  return introduced || speaksForForward(context, block) ? foundBlock(context, block, lines[at]?.depth ?? 0) : 'reply'
}

/** Under a forward's subject the mail below an attribution line is the forwarded one; under any other it is quoted. */
function judgeAttribution(context: Context, at: number): Verdict {
  const written = readAttribution(context.lines, at, context.offset)
  if (written === null) return null
  if (context.subject.kind === 'forward') return written.from === null ? null : foundAttribution(context, written)
  return (context.lines[firstFilled(context.lines, written.next)]?.depth ?? 0) > 0 ? 'reply' : null
}

function isBlockEnough(block: HeaderBlock): boolean {
  const { from, date, subject, to } = block.fields
  return Boolean(from) || [date, subject, to].filter((value) => value !== undefined).length > 1
}

function isWholeBlock(block: HeaderBlock): boolean {
  const { from, date, subject } = block.fields
  if (!from || (date === undefined && subject === undefined) || block.order.length < 3) return false
  // 'From: Lund / To: York / Date: 12 May' may be a ticket that somebody wants.
  return from.includes('@') || (date !== undefined && subject !== undefined)
}

/**
 * Layouts that clients write above forwards only, although they say 'Original message': Thunderbird's and Roundcube's
 * block, which begins with the subject, and Open-Xchange's (IONOS and others) quoted separator of ten dashes.
 */
function isForwardLayout(separator: QuotedLine | undefined, block: HeaderBlock): boolean {
  const text = separator?.text.trim() ?? ''
  const tenDashes = /^-{10} [^-]/u.test(text) && / -{10}$/u.test(text)
  return (block.order[0] === 'subject' && text.startsWith('-------- ')) || (tenDashes && (separator?.depth ?? 0) > 0)
}

/** Whether subject, recipients and threading say that an ambiguous header block is a forward's, not a reply's. */
function speaksForForward({ parsed, subject }: Context, block: HeaderBlock): boolean {
  if (subject.kind === 'forward') return true
  if (subject.kind === 'reply' && isSameSubject(subject.bare, block.fields.subject)) return false
  const author = readFirstAddress(block.fields.from ?? '')?.address ?? ''
  // Whoever is answered is written to; whoever is forwarded seldom is.
  const answered = [...parsed.to, ...parsed.cc].some(({ address }) => address === author)
  return !answered && parsed.inReplyTo.length === 0 && parsed.references.length === 0
}

/** A reply bears the subject of what it answers; a mail pasted below 'Re: …' mostly has another. */
function isSameSubject(own: string, quoted: string | undefined): boolean {
  const [a, b] = [withoutPrefixes(own), withoutPrefixes(quoted ?? '')]
  return quoted === undefined || a.includes(b) || b.includes(a)
}

function foundBlock(context: Context, block: HeaderBlock, depth: number): Found {
  const { from, to, cc, subject, date } = block.fields
  return {
    from: readFirstAddress(from ?? ''),
    to: readAddresses(to ?? ''),
    cc: readAddresses(cc ?? ''),
    subject: subject ?? (context.subject.kind === 'forward' ? context.subject.bare : null),
    date: date === undefined || date === '' ? null : (readWrittenDate(date, context.offset) ?? date),
    next: block.next,
    depth,
  }
}

function foundAttribution(
  context: Context,
  written: { from: Address | null; date: string | null; next: number },
): Found {
  const depth = context.lines[firstFilled(context.lines, written.next)]?.depth ?? 0
  return {
    from: written.from,
    to: [],
    cc: [],
    subject: context.subject.bare,
    date: written.date,
    next: written.next,
    depth,
  }
}

/** The lines below the header block, up to the lower rule, without the quote marks that the client put before them. */
function forwardedText(lines: readonly QuotedLine[], from: number, blockDepth: number): string {
  const first = lines[firstFilled(lines, from)]
  const depth = Math.max(blockDepth, allQuoted(lines, from) ? (first?.depth ?? 0) : 0)
  const end = endOfText(lines, from, depth)
  return dedent(withoutQuoteMarks(lines.slice(from, end), depth))
}

/** Missive quotes the body alone, below an unquoted header block. */
function allQuoted(lines: readonly QuotedLine[], from: number): boolean {
  for (let at = from; at < lines.length; at++) if (lines[at]?.depth === 0 && !isBlank(lines[at])) return false
  return true
}

function endOfText(lines: readonly QuotedLine[], from: number, depth: number): number {
  let end = lines.length
  for (let at = from; at < lines.length; at++) {
    const line = lines[at]
    if (line !== undefined && line.depth <= depth && line.text.length < 200 && endsForward(line.text)) {
      end = at
      break
    }
  }
  return depth === 0 ? end : endOfQuote(lines, from, end)
}

/** Text behind the quoted lines is the forwarder's own; a line directly below one is a quoted one that lost its mark. */
function endOfQuote(lines: readonly QuotedLine[], from: number, end: number): number {
  let last = end
  while (last > from && lines[last - 1]?.depth === 0) last--
  while (last < end && !isBlank(lines[last])) last++
  return last
}

/** Outlook for Mac indents what it forwards. */
function dedent(text: string): string {
  const lines = text.split('\n')
  const filled = lines.filter((line) => line.trim() !== '')
  const indent = filled.reduce((least, line) => Math.min(least, line.length - line.trimStart().length), 40)
  return lines
    .map((line) => line.slice(line.trim() === '' ? line.length : indent))
    .join('\n')
    .trim()
}

function firstFilled(lines: readonly QuotedLine[], from: number): number {
  let at = from
  while (at < lines.length && isBlank(lines[at])) at++
  return at
}

function lastFilled(lines: readonly QuotedLine[], from: number): number {
  let at = from
  while (at >= 0 && isBlank(lines[at])) at--
  return at
}

function ownOffset(parsed: Parsed): number {
  const date = parsed.headers.find(({ name }) => name === 'date')?.value.slice(0, 100) ?? ''
  const zone = /([+-])(\d{2})(\d{2})(?!\d)/u.exec(date)
  if (zone === null) return 0
  const minutes = Number(zone[2]) * 60 + Number(zone[3])
  return zone[1] === '+' ? minutes : -minutes
}
