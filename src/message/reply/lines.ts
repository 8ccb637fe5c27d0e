import type { Line } from '../line.ts'
import { previousText } from './parts.ts'

/** GroupWise: '>>> Kim Hansen <kim@example.org> 14-03-2023 10:11 >>>' introduces a mail; it quotes nothing. */
const GROUPWISE = /^>>> .*>>>\s*$/

/** Clients wrap near this column. */
const WRAP_COLUMN = 70

/** An address or a time, and a colon at the end. */
const INTRODUCES = /(?:@|\d[:.]\d\d).*[:：]\s*$/

/** mbox escapes a line that begins with 'From ': the sign was set by a mailbox, not by somebody who quotes. */
const MBOX_ESCAPE = /^>From /

/**
 * A text/plain body as lines with their quote depth ('>', '> >', '>>', and the full-width sign). Takes LF line ends.
 * O(length of the text).
 */
export function linesOfPlain(text: string): Line[] {
  const lines = text.split('\n').map(readLine)
  for (let at = 0; at < lines.length; at++) {
    mendLine(lines, at)
    markPipe(lines, at)
  }
  return lines
}

function readLine(raw: string): Line {
  if (GROUPWISE.test(raw)) return { text: raw, depth: 0, hint: null }
  let at = 0
  let depth = 0
  let after = 0
  while (at < raw.length) {
    const sign = raw.charAt(at)
    if (sign === '>' || sign === '＞') {
      depth++
      after = at + 1
    } else if (sign !== ' ' && sign !== '\t') break
    at++
    if (depth === 0 && at > 3) break
  }
  if (depth === 0) return { text: raw, depth, hint: null }
  return { text: raw.slice(raw.charAt(after) === ' ' ? after + 1 : after), depth, hint: null }
}

/** Quote signs that a wrap or a mailbox set are text, not depth. */
function mendLine(lines: Line[], at: number): void {
  const [before, line] = [lines[at - 1], lines[at]]
  if (line?.depth === 0 && before !== undefined && isWrapped(before, line, lines[at + 1])) {
    lines[at] = { ...line, depth: before.depth }
  }
  if (line?.depth !== 1) return
  if (before?.depth === 0 && closesAddress(before.text, line.text))
    lines[at] = { ...line, text: `> ${line.text}`, depth: 0 }
  else if (MBOX_ESCAPE.test(`>${line.text}`) && !before?.depth && !lines[at + 1]?.depth)
    lines[at] = { ...line, depth: 0 }
}

/** Some clients quote with '| ': below an attribution, so that tables and lists are not taken for quotes. */
function markPipe(lines: Line[], at: number): void {
  const line = lines[at]
  if (line?.depth !== 0 || !line.text.startsWith('|') || line.text.indexOf('|', 1) > 0) return
  const above = previousText(lines, at)
  const goesOn = above === at - 1 && (lines[above]?.depth ?? 0) > 0
  if (goesOn || (at - above <= 2 && INTRODUCES.test(lines[above]?.text.slice(0, 300) ?? '')))
    lines[at] = { text: line.text.replace(/^\| ?/, ''), depth: 1, hint: null }
}

/** The end of a quoted line that a narrow client wrapped without a quote sign of its own. */
function isWrapped(before: Line, line: Line, after: Line | undefined): boolean {
  if (before.depth === 0 || after?.depth !== before.depth || line.text.length > 60 || line.text.trim() === '')
    return false
  const word = /^\S*/.exec(line.text)?.[0].length ?? 0
  return before.text.length + 2 * before.depth + word > WRAP_COLUMN && !/[.?!:…]\s*$/.test(before.text)
}

/** 'On Monday Kim <kim@example.org' wrapped before its '> wrote:'. */
function closesAddress(before: string, text: string): boolean {
  return (
    text.length < 80 &&
    /[:：]\s*$/.test(text) &&
    before.lastIndexOf('<') > before.lastIndexOf('>') &&
    before.includes('@')
  )
}
