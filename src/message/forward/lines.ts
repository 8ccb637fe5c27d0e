/** A line of a mail's readable text and how deep it is quoted with '>'. */
export interface QuotedLine {
  raw: string
  depth: number
  text: string
}

/** Splits text into lines and takes their '>' prefixes off. O(length). */
export function quotedLines(text: string): QuotedLine[] {
  return text.split('\n').map(readQuoted)
}

function readQuoted(raw: string): QuotedLine {
  let depth = 0
  let at = 0
  for (;;) {
    let next = at
    while (next - at < 4 && (raw.charAt(next) === ' ' || raw.charAt(next) === '\ufeff')) next++
    if (raw.charAt(next) !== '>') break
    depth++
    at = next + 1
  }
  const text = raw.slice(depth > 0 && raw.charAt(at) === ' ' ? at + 1 : at)
  return { raw, depth, text: text.endsWith('\r') ? text.slice(0, -1) : text }
}

/** Whether nothing readable stands on a line: direction marks and byte order marks do not count. */
export function isBlank(line: QuotedLine | undefined): boolean {
  return line === undefined || /^[\s\u200b-\u200f\u2060\ufeff]*$/u.test(line.text)
}

/** The lines with up to `depth` quote marks taken off each. */
export function withoutQuoteMarks(lines: readonly QuotedLine[], depth: number): string {
  return lines
    .map((line) => (line.depth > depth ? `${'>'.repeat(line.depth - depth)} ${line.text}` : line.text))
    .join('\n')
}
