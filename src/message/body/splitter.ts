/** What a splitter says of a mail, in the order of its bytes. */
export interface SplitterEvents<Node> {
  /**
   * A part begins: its raw header block, and the multipart around it (null for the mail itself). Gives the node, and the
   * boundary that parts its children; null where it has none.
   */
  open(header: Buffer, parent: Node | null): { node: Node; boundary: string | null }
  /** Bytes of the part that was opened last: its body, or what stands before the first part of a multipart. */
  body(bytes: Buffer): void
}

export interface SplitterLimits {
  /** Bytes of one header block. */
  headerBytes: number
  parts: number
}

/** A limit is met: the rest of the mail cannot be read. */
export class SplitError extends Error {}

interface Multipart<Node> {
  node: Node
  boundary: string
  hasParts: boolean
}

/** Where the boundary on a line leads: to the next part of a multipart, or behind the multipart. */
interface Crossing {
  depth: number
  closes: boolean
}

/** No client writes longer ones (RFC 2046 section 5.1.1: 70). */
const LONGEST_BOUNDARY = 1_000
const LONGEST_LINE = LONGEST_BOUNDARY + 80
const [LF, CR, DASH] = [0x0a, 0x0d, 0x2d]
const NONE = Buffer.alloc(0)

/**
 * Splits a mail into its parts (RFC 2046 section 5.1) without decoding anything; takes its bytes in pieces of any size. A
 * nested message/rfc822 is one part. Forgives white space behind a boundary, an inner multipart that never ends, one
 * boundary used for two multiparts, a missing closing boundary, a header block without its empty line. O(length): only
 * lines that begin with '--' are looked at.
 */
export class Splitter<Node> {
  readonly #events: SplitterEvents<Node>
  readonly #limits: SplitterLimits
  /** The multiparts around the present place, the innermost last. */
  readonly #stack: Multipart<Node>[] = []
  /** Where in the stack each boundary is, the innermost last. */
  readonly #depths = new Map<string, number[]>()
  #state: 'header' | 'body' | 'epilogue' = 'header'
  #header: Buffer[] = []
  #headerLength = 0
  #parts = 0
  /** Bytes that cannot be judged without the next piece. */
  #rest: Buffer = NONE
  /** Whether the next byte of the body begins a line. */
  #lineStart = true

  constructor(events: SplitterEvents<Node>, limits: SplitterLimits) {
    this.#events = events
    this.#limits = limits
  }

  /** Throws SplitError when a limit is met, and what `events` throws. */
  write(chunk: Buffer): void {
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    this.#rest = data.subarray(this.#read(data))
    if (this.#state === 'header') this.#checkHeader(this.#rest.length)
  }

  /** What is left is the mail's last line. */
  end(): void {
    const last = this.#rest
    this.#rest = NONE
    if (this.#state !== 'header') this.#endBody(last)
    else if (!this.#crossAt(last, 0, last.length)) this.#addHeader(last)
    if (this.#state === 'header' && (this.#headerLength > 0 || this.#parts === 0)) this.#open()
  }

  #endBody(last: Buffer): void {
    const line = last.lastIndexOf(LF) + 1
    const crossing = line > 0 || this.#lineStart ? this.#crossing(last, line, last.length) : null
    this.#emit(crossing ? last.subarray(0, lineEndBefore(last, 0, line)) : last)
    if (crossing) this.#go(crossing)
  }

  /** Gives the index behind what was dealt with. */
  #read(data: Buffer): number {
    let at = 0
    while (at < data.length) {
      const [before, state] = [at, this.#state]
      at = state === 'header' ? this.#readHeader(data, at) : this.#readBody(data, at)
      if (at === before && state === this.#state) break
    }
    return at
  }

  #readHeader(data: Buffer, from: number): number {
    for (let at = from; ; ) {
      const end = data.indexOf(LF, at) + 1
      if (end === 0) {
        this.#addHeader(data.subarray(from, at))
        return at
      }
      if (data[at] === DASH && this.#crossing(data, at, end)) {
        this.#addHeader(data.subarray(from, at))
        this.#crossAt(data, at, end)
        return end
      }
      if (data[at] === LF || (data[at] === CR && end - at === 2)) {
        this.#addHeader(data.subarray(from, end))
        this.#open()
        return end
      }
      at = end
    }
  }

  #addHeader(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#header.push(bytes)
    this.#headerLength += bytes.length
    this.#checkHeader(0)
  }

  #checkHeader(more: number): void {
    const most = this.#limits.headerBytes
    if (this.#headerLength + more > most) throw new SplitError(`a header is longer than ${most} bytes`)
  }

  #open(): void {
    this.#parts += 1
    if (this.#parts > this.#limits.parts) throw new SplitError(`it has more than ${this.#limits.parts} parts`)
    const header = this.#header.length === 1 && this.#header[0] ? this.#header[0] : Buffer.concat(this.#header)
    this.#header = []
    this.#headerLength = 0
    this.#state = 'body'
    this.#lineStart = true
    const { node, boundary } = this.#events.open(header, this.#stack.at(-1)?.node ?? null)
    if (boundary !== null && boundary !== '' && boundary.length <= LONGEST_BOUNDARY) this.#push(node, boundary)
  }

  #readBody(data: Buffer, from: number): number {
    if (this.#stack.length === 0) {
      this.#emit(data.subarray(from))
      return data.length
    }
    let line = this.#lineStart ? from : nextDashes(data, from)
    while (line >= 0) {
      const end = data.indexOf(LF, line) + 1
      if (end === 0) break
      const crossing = this.#crossing(data, line, end)
      if (crossing) {
        this.#emit(data.subarray(from, lineEndBefore(data, from, line)))
        this.#go(crossing)
        return end
      }
      line = nextDashes(data, end - 1)
    }
    const keep = keptBack(data, from, line)
    if (keep > from) this.#lineStart = false
    this.#emit(data.subarray(from, keep))
    return keep
  }

  #emit(bytes: Buffer): void {
    if (bytes.length > 0 && this.#state === 'body') this.#events.body(bytes)
  }

  /** Where the line from `start` to `end` leads; null where it is no boundary. */
  #crossing(data: Buffer, start: number, end: number): Crossing | null {
    if (data[start] !== DASH || data[start + 1] !== DASH || end - start > LONGEST_LINE) return null
    const name = data.toString('latin1', start + 2, end).trimEnd()
    const next = this.#depths.get(name)?.at(-1)
    if (next !== undefined) return { depth: next, closes: false }
    const depth = name.endsWith('--') ? this.#depths.get(name.slice(0, -2))?.at(-1) : undefined
    // A multipart that ends before its first part does not end.
    return depth !== undefined && this.#stack[depth]?.hasParts ? { depth, closes: true } : null
  }

  #crossAt(data: Buffer, start: number, end: number): boolean {
    const crossing = this.#crossing(data, start, end)
    if (crossing) this.#go(crossing)
    return crossing !== null
  }

  #go({ depth, closes }: Crossing): void {
    // A part that has headers only.
    if (this.#state === 'header' && this.#headerLength > 0) this.#open()
    const multipart = this.#stack[depth]
    if (multipart) multipart.hasParts = true
    this.#popTo(closes ? depth : depth + 1)
    this.#state = closes ? 'epilogue' : 'header'
    this.#lineStart = true
  }

  #push(node: Node, boundary: string): void {
    const key = Buffer.from(boundary, 'utf8').toString('latin1').trimEnd()
    const depths = this.#depths.get(key)
    if (depths) depths.push(this.#stack.length)
    else this.#depths.set(key, [this.#stack.length])
    this.#stack.push({ node, boundary: key, hasParts: false })
  }

  #popTo(length: number): void {
    for (const { boundary } of this.#stack.splice(length)) {
      const depths = this.#depths.get(boundary)
      depths?.pop()
      if (depths?.length === 0) this.#depths.delete(boundary)
    }
  }
}

/** Index of the first line behind a line end at or after `from` that begins with '--'; -1 where there is none. */
function nextDashes(data: Buffer, from: number): number {
  const at = data.indexOf('\n--', from, 'latin1')
  return at < 0 ? -1 : at + 1
}

/** The line end before a boundary belongs to the boundary. */
function lineEndBefore(data: Buffer, from: number, line: number): number {
  if (line <= from || data[line - 1] !== LF) return line
  return line - 1 > from && data[line - 2] === CR ? line - 2 : line - 1
}

/** Where the bytes begin that may belong to a boundary which goes on in the next piece. */
function keptBack(data: Buffer, from: number, line: number): number {
  if (line >= 0 && data.length - line <= LONGEST_LINE) return lineEndBefore(data, from, line)
  const tail = data.toString('latin1', Math.max(from, data.length - 3))
  const match = /\r?\n-?$|\r$/.exec(tail)
  return match === null ? data.length : data.length - tail.length + match.index
}
