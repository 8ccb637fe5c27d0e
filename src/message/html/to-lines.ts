import type { Line, LineHint } from '../line.ts'
import { BLOCKS, CELLS, LISTS, PREFORMATTED, UNSEEN } from './elements.ts'
import { LineWriter } from './line-writer.ts'
import { targetToShow } from './links.ts'
import type { Role } from './markers.ts'
import { NestingParser } from './nesting-parser.ts'
import { type Attributes, isQuotedMail, looksLikeIntroduction, roleOf } from './quoting.ts'
import { NO_STYLE, readStyle, type StyleFacts } from './style.ts'

/**
 * The readable text of an HTML mail, line by line, with what client markup says about quoted mails, forwards and signatures:
 * `depth` counts the quoting elements around a line, `hint` stands on the line where one begins. Cells of a table row are parted
 * by tabs, list items begin with '- ' or '1. ', a link's address follows its words as '<https://…>' where they do not say it,
 * and images are their '[alt text]'. Scripts, styles, comments, hidden elements and tracking pixels are left out; a mail that would
 * show nothing then is read with its hidden elements. White space as in CSS 2.2, 16.6.1. Linear time; never throws.
 */
export function linesOfHtml(html: string): Line[] {
  const lines = read(html, false)
  return lines.length > 0 ? lines : read(html, true)
}

function read(html: string, showHidden: boolean): Line[] {
  const reader = new Reader(showHidden)
  const parser: NestingParser = new NestingParser(reader, () => reader.nesting)
  reader.source = () => html.slice(parser.startIndex, parser.endIndex + 1)
  parser.end(html)
  return reader.writer.end()
}

/** An element that is open, with what holds for the text inside it. */
interface Frame {
  name: string
  hidden: boolean
  unseen: boolean
  preformatted: boolean
  listMark: boolean
  depth: number
  /** null for an inline element; otherwise whether a blank line stands around it. */
  block: boolean | null
  /** The hint this element gave to its first line. */
  hint: LineHint | null
  list: { next: number | null; level: number } | null
  finishedBeforeCell: number | null
}

const ROOT: Frame = {
  name: '',
  hidden: false,
  unseen: false,
  preformatted: false,
  listMark: false,
  depth: 0,
  block: null,
  hint: null,
  list: null,
  finishedBeforeCell: null,
}

/** Takes the parser's events and keeps the elements that are open. */
class Reader {
  readonly writer = new LineWriter()
  source: () => string = () => ''
  #showHidden: boolean
  #open: Frame[] = []
  #top: Frame = ROOT
  #link: { href: string; words: string } | null = null
  #styles = new Map<string, StyleFacts>()

  constructor(showHidden: boolean) {
    this.#showHidden = showHidden
  }

  get nesting(): number {
    return this.#open.length
  }

  onopentag(name: string, attributes: Attributes): void {
    const parent = this.#top
    const style = attributes.style === undefined ? NO_STYLE : this.#styleOf(attributes.style)
    const frame = this.#frameOf(name, attributes, style, parent)
    this.#open.push(frame)
    this.#top = frame
    if (frame.hidden) return
    this.#layOut(name, attributes, frame)
    this.#mark(name, attributes, style, frame)
  }

  onclosetag(): void {
    const frame = this.#open.pop()
    if (frame === undefined) return
    this.#top = this.#open.at(-1) ?? ROOT
    this.writer.depth = this.#top.depth
    if (frame.hidden) return
    if (frame.name === 'a') this.#endLink()
    if (frame.name === 'li') this.writer.prefix = ''
    if (frame.hint !== null) this.#endMark(frame.hint)
    if (frame.finishedBeforeCell !== null) this.writer.endCell(frame.finishedBeforeCell)
    else if (frame.block !== null) this.writer.edge(frame.block)
  }

  ontext(text: string): void {
    if (this.#top.hidden || (this.#top.unseen && !this.#showHidden)) return
    if (this.#link !== null && this.#link.words.length < 2_000) this.#link.words += text
    if (this.#top.listMark) this.writer.write(markOf(text), false)
    else this.writer.write(text, this.#top.preformatted)
  }

  #styleOf(style: string): StyleFacts {
    const known = this.#styles.get(style)
    if (known !== undefined) return known
    const facts = readStyle(style)
    this.#styles.set(style, facts)
    return facts
  }

  #frameOf(name: string, attributes: Attributes, style: StyleFacts, parent: Frame): Frame {
    const hiddenByStyle = (style.hidden || attributes.hidden !== undefined) && !this.#showHidden
    const block = style.inline ? null : (BLOCKS.get(name) ?? null)
    const inList = LISTS.has(name) && parent.list !== null
    return {
      name,
      hidden: parent.hidden || UNSEEN.has(name) || hiddenByStyle,
      unseen: style.unseen ?? parent.unseen,
      preformatted: style.preformatted ?? (parent.preformatted || PREFORMATTED.has(name)),
      listMark: style.listMark || parent.listMark,
      depth: parent.depth,
      block: block === null ? null : block && !style.tight && !inList && !isTightParagraph(name, attributes),
      hint: null,
      list: LISTS.has(name) ? listOf(name, attributes, parent) : parent.list,
      finishedBeforeCell: null,
    }
  }

  #layOut(name: string, attributes: Attributes, frame: Frame): void {
    const writer = this.writer
    if (name === 'br') writer.breakLine()
    else if (name === 'tr') writer.startRow()
    else if (CELLS.has(name)) frame.finishedBeforeCell = writer.startCell()
    else if (frame.block !== null) writer.edge(frame.block)
    if (name === 'li') writer.prefix = bulletOf(frame.list, attributes)
    else if (name === 'img') this.#image(attributes, frame)
    else if (name === 'a') this.#link = attributes.href === undefined ? null : { href: attributes.href, words: '' }
    else if (isAddressInBrackets(name)) this.ontext(this.source())
  }

  #mark(name: string, attributes: Attributes, style: StyleFacts, frame: Frame): void {
    if (name === 'blockquote') {
      const quoted = isQuotedMail(attributes, style) || (isBare(attributes) && this.#isIntroduced())
      if (quoted) frame.depth += 1
    } else {
      const role = roleOf(name, attributes, style)
      if (role !== null) this.#hint(role, frame)
      if (role === 'quote-box') frame.depth += 1
    }
    this.writer.depth = frame.depth
  }

  #isIntroduced(): boolean {
    return looksLikeIntroduction(this.writer.lastLine())
  }

  /** The outermost mark counts, but a quoted mail's first line is never only a signature's. */
  #hint(role: Role, frame: Frame): void {
    const hint = HINT_OF_ROLE[role]
    const waiting = this.writer.hint === 'signature-end' ? null : this.writer.hint
    if (waiting === 'forward-start' || (waiting !== null && hint === 'signature-start')) return
    if (waiting === hint) return
    this.writer.hint = hint
    if (!role.endsWith('divider')) frame.hint = hint
  }

  /** An element without text marks nothing; below one with a signature the author may have gone on. */
  #endMark(hint: LineHint): void {
    if (this.writer.hint === hint) this.writer.hint = null
    else if (hint === 'signature-start') this.writer.hint ??= 'signature-end'
  }

  #image(attributes: Attributes, frame: Frame): void {
    const alt = (attributes.alt ?? '').replace(/\s+/g, ' ').trim().slice(0, MAX_ALT)
    if (alt === '' || isPixel(attributes) || IMAGE_FILE.test(alt) || (frame.unseen && !this.#showHidden)) return
    // an emoji drawn as an image is the emoji
    this.writer.write(/[\p{L}\p{N}]/u.test(alt) ? `[${alt}]` : alt, false)
  }

  #endLink(): void {
    const link = this.#link
    this.#link = null
    if (link === null) return
    const target = targetToShow(link.href, link.words)
    if (target !== null) this.writer.suffix(`<${target}>`)
  }
}

const HINT_OF_ROLE: Record<Role, LineHint> = {
  quote: 'quote-start',
  'quote-box': 'quote-start',
  'quote-divider': 'quote-start',
  forward: 'forward-start',
  signature: 'signature-start',
  'signature-divider': 'signature-start',
}

const MAX_ALT = 200
const IMAGE_FILE = /\.(?:png|jpe?g|gif|bmp|svg|webp|heic|tiff?|emz|wmz)$/i

const isPixel = ({ width, height }: Attributes) =>
  [width, height].some((side) => side !== undefined && Number.parseFloat(side) <= 2)

/** Word's bullets are letters of its symbol fonts. */
function markOf(text: string): string {
  const mark = text.trim()
  if (mark === '') return ''
  return mark.length === 1 && '·•§o▪Øü\uf0b7'.includes(mark) ? '- ' : `${mark} `
}

const isBare = (attributes: Attributes) => attributes.class === undefined && attributes.style === undefined

/** Word's paragraphs have no margin, and blank lines are paragraphs of their own. */
const isTightParagraph = (name: string, attributes: Attributes) =>
  name === 'p' && attributes.class !== undefined && /^(?:x_)*Mso/.test(attributes.class)

/** '<kim@example.com>' or '<https://example.com>' where the writer's client did not escape the brackets. */
const isAddressInBrackets = (name: string) => name.includes('@') || name === 'https:' || name === 'http:'

function listOf(name: string, attributes: Attributes, parent: Frame): { next: number | null; level: number } {
  const start = Number.parseInt(attributes.start ?? '1', 10)
  const level = parent.list === null ? 0 : parent.list.level + 1
  return { next: name === 'ol' ? (Number.isNaN(start) ? 1 : start) : null, level }
}

function bulletOf(list: { next: number | null; level: number } | null, attributes: Attributes): string {
  const indent = '  '.repeat(Math.min(list?.level ?? 0, 8))
  if (list === null || list.next === null) return `${indent}- `
  const value = Number.parseInt(attributes.value ?? '', 10)
  const number = Number.isNaN(value) ? list.next : value
  list.next = number + 1
  return `${indent}${number}. `
}
