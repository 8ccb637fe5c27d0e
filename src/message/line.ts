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
   */
  hint: LineHint | null
}

export type LineHint = 'quote-start' | 'forward-start' | 'signature-start'

/** The lines as text again, with '>' for each depth. */
export function textOfLines(lines: readonly Line[]): string {
  return lines.map((line) => (line.depth > 0 ? `${'>'.repeat(line.depth)} ${line.text}`.trimEnd() : line.text)).join('\n')
}
