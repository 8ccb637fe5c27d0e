/**
 * A pattern of an administrator's: plain text that may stand anywhere, or, with a '*' in it, a form of the whole value in
 * which each '*' stands for any text. Never a regular expression: matching takes time in proportion to the text.
 */
export interface Glob {
  /** Lower case, between the '*': one part means that there is none. */
  parts: readonly string[]
}

export function readGlob(pattern: string): Glob {
  return { parts: fold(pattern).split('*') }
}

/** Whether a value, already in the form of `fold`, has a pattern's form. Each part is looked for behind the one before it. */
export function matchesGlob({ parts }: Glob, folded: string): boolean {
  const [first = '', ...rest] = parts
  const last = rest.pop()
  if (last === undefined) return folded.includes(first)
  if (!folded.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = folded.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return folded.length - last.length >= at && folded.endsWith(last)
}

/** The form in which patterns and values are compared: NFC, lower case. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}
