/**
 * One line of a mail's readable text on its way to the reply reader: from text/plain or from the HTML tree,
 * so that one algorithm judges both.
 */
export interface Line {
  /** Without '>' prefixes and without the line end. */
  text: string
  /** How deep it is quoted: '>' signs in plain text, quoting elements in HTML. 0 is not quoted. */
  depth: number
  /**
   * What the client's markup says begins with this line; null in plain text.
   * quote-start: a quoted mail, with the line that introduces it (gmail_attr, moz-cite-prefix, divRplyFwdMsg, a bordered div …).
   * forward-start: a forwarded mail. signature-start: a signature (gmail_signature, moz-signature …).
   * signature-end: what stands below the element that held the signature; on lines that are not quoted.
   */
  hint: LineHint | null
}

export type LineHint = 'quote-start' | 'forward-start' | 'signature-start' | 'signature-end'

/** Nobody reads more signs; deeper quotes are written as this deep, so that nested ones stay linear. */
const MOST_SIGNS = 50

/** The lines as text again, with '>' for each depth, at most 50. */
export function textOfLines(lines: readonly Line[]): string {
  return lines
    .map((line) =>
      line.depth > 0 ? `${'>'.repeat(Math.min(line.depth, MOST_SIGNS))} ${line.text}`.trimEnd() : line.text,
    )
    .join('\n')
}
