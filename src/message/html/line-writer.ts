import type { Line, LineHint } from '../line.ts'
import { hintOf } from './quoting.ts'

/** What was true when a line began. */
interface LineStart {
  depth: number
  hint: LineHint | null
  prefix: string
  preformatted: boolean
}

/** A line longer than this is no mail's introduction. */
const MAX_INTRODUCTION = 400

/**
 * Turns runs of text and the breaks between them into lines, as a browser lays them out. Breaks are only noted;
 * they take effect when more text comes, so that empty blocks leave nothing behind.
 */
export class LineWriter {
  readonly lines: Line[] = []
  /** How deep the text that comes is quoted. */
  depth = 0
  /** Waits for the line that starts next. */
  hint: LineHint | null = null
  /** A list item's bullet or number; waits for its first line. */
  prefix = ''
  #text = ''
  #line: LineStart = { depth: 0, hint: null, prefix: '', preformatted: false }
  #endsInSpace = false
  #break = false
  #gap = false
  #cells = 0
  #finished = 0
  #atCellStart = false

  /** Adds text as it stands in the source; white space collapses unless it is preformatted. */
  write(source: string, preformatted: boolean): void {
    if (!preformatted) {
      this.#append(source.replace(/[ \t\r\n\f]+/g, ' '), false)
      return
    }
    const rows = source.split(/\r\n?|\n/)
    for (const [index, row] of rows.entries()) {
      if (index > 0) this.breakLine()
      if (row !== '') this.#append(row, true)
    }
  }

  /** Adds what belongs to the words before it, even where their line has ended. */
  suffix(text: string): void {
    if (this.#text === '') return
    this.#text += this.#endsInSpace ? text : ` ${text}`
    this.#endsInSpace = false
  }

  /** <br>: ends the line, or leaves a blank one where it had ended. */
  breakLine(): void {
    if (this.#text === '' || this.#break) this.#gap = true
    this.#break = true
    this.#cells = 0
  }

  /** A block begins or ends. */
  edge(blankLine: boolean): void {
    if (this.#atCellStart) return
    this.#break = true
    this.#cells = 0
    if (blankLine) this.#gap = true
  }

  startRow(): void {
    this.edge(false)
    this.#flush()
  }

  /** Gives what endCell wants back. */
  startCell(): number {
    this.#atCellStart = true
    return this.#finished
  }

  /** Cells of one line each are parted by tabs; after a longer one the next stands below it. */
  endCell(finishedBefore: number): void {
    this.#atCellStart = false
    if (this.#text === '') return
    if (this.#finished !== finishedBefore) {
      this.edge(false)
      return
    }
    this.#break = false
    this.#gap = false
    this.#cells += 1
  }

  /** The line that stands last, whether it has ended or not; '' where it is too long to introduce anything. */
  lastLine(): string {
    if (this.#text.length > MAX_INTRODUCTION) return ''
    if (this.#text !== '') return readable(this.#text).trim()
    return this.lines.at(-1)?.text ?? ''
  }

  end(): Line[] {
    this.#flush()
    return this.lines
  }

  #append(run: string, preformatted: boolean): void {
    const starts = this.#text === '' || this.#break
    const text = !preformatted && run.startsWith(' ') && (starts || this.#endsInSpace) ? run.slice(1) : run
    if (text === '') return
    if (starts) this.#startLine(preformatted)
    if (this.#cells > 0 && text !== ' ') {
      this.#text += '\t'.repeat(this.#cells)
      this.#cells = 0
    }
    this.#text += text
    this.#endsInSpace = text.endsWith(' ')
    this.#atCellStart = false
  }

  #startLine(preformatted: boolean): void {
    this.#flush()
    if (this.#gap) this.#blank(this.depth)
    this.#gap = false
    this.#cells = 0
    this.#line = { depth: this.depth, hint: this.hint, prefix: this.prefix, preformatted }
    this.hint = null
    this.prefix = ''
    this.#text = ''
  }

  #flush(): void {
    this.#break = false
    if (this.#text === '') return
    const { depth, hint, prefix, preformatted } = this.#line
    const shown = readable(this.#text)
    const text = trimmed(shown, preformatted)
    this.#text = ''
    this.#endsInSpace = false
    if (isInvisible(text)) {
      this.hint ??= hint
      this.prefix ||= prefix
      this.#blank(depth)
      return
    }
    const quoted = unquoted(text)
    this.lines.push({
      text: prefix + quoted.text,
      depth: depth + quoted.depth,
      hint: hintOf(hint, text, depth + quoted.depth),
    })
    this.#finished += 1
  }

  #blank(depth: number): void {
    const last = this.lines.at(-1)
    if (last !== undefined && last.text !== '') {
      this.lines.push({ text: '', depth: Math.min(last.depth, depth), hint: null })
    }
  }
}

/** The space behind the two hyphens of a signature's first line is what makes it one (RFC 3676, 4.3). */
function trimmed(line: string, preformatted: boolean): string {
  const text = preformatted ? line.trimEnd() : line.trim()
  return text === '--' && line.endsWith(' ') ? '-- ' : text
}

/** No-break spaces are spaces to a reader; soft hyphens, zero-width spaces and byte order marks are nothing. */
const readable = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ').replace(/[\u00ad\u200b\ufeff]/g, '')

/** Nothing but space and the characters that newsletters fill their preview with. */
const isInvisible = (text: string) => /^(?:[\s\u061c\u115f\u180e\u200c-\u200f\u2060-\u2064]|\u034f)*$/.test(text)

/** Mails turned from plain text into HTML keep its '>' signs. */
function unquoted(line: string): { text: string; depth: number } {
  const start = line.trimStart()
  if (!start.startsWith('>')) return { text: line, depth: 0 }
  const signs = /^(?:> ?)+/.exec(start)?.[0] ?? ''
  return { text: start.slice(signs.length), depth: signs.replaceAll(' ', '').length }
}
