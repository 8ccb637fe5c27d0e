import { type Handler, Parser } from 'htmlparser2'

/** Deeper elements are read as if they stood side by side at this depth; browsers nest no deeper than 512 either. */
export const MAX_NESTING = 512

/**
 * htmlparser2's parser for mails that nest without end: elements beyond the limit are void (their text is read, but they are not
 * kept open), so that the parser's stack, which it searches and shifts for each tag, stays short.
 */
export class NestingParser extends Parser {
  #nesting: () => number
  #tooDeep = false

  /** `nesting` tells how many elements the handler has open. */
  constructor(handler: Partial<Handler>, nesting: () => number) {
    super(handler)
    this.#nesting = nesting
  }

  override onopentagname(start: number, end: number): void {
    this.#tooDeep = this.#nesting() >= MAX_NESTING
    super.onopentagname(start, end)
  }

  override onopentagend(end: number): void {
    super.onopentagend(end)
    this.#tooDeep = false
  }

  override onselfclosingtag(end: number): void {
    super.onselfclosingtag(end)
    this.#tooDeep = false
  }

  protected override isVoidElement(name: string): boolean {
    return this.#tooDeep || super.isVoidElement(name)
  }
}

/** Whether elements nest as deep as the limit. Linear time. */
export function nestsTooDeep(html: string): boolean {
  let open = 0
  let deepest = 0
  const handler = {
    onopentagname: () => {
      open += 1
      deepest = Math.max(deepest, open)
    },
    onclosetag: () => {
      open -= 1
    },
  }
  new NestingParser(handler, () => open).end(html)
  return deepest >= MAX_NESTING
}
