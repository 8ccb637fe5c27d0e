import type { Automatic } from '../message.ts'
import type { Parsed } from '../parsed.ts'

/** What the rules read of a mail. */
export interface Evidence {
  parsed: Parsed
  /** Every value of a header (lower-case name), trimmed, in order. */
  headers(name: string): readonly string[]
  subject: string
  /** The first lines of the readable text, one space between words, at most OPENING_LIMIT characters. */
  opening: string
  /** The same lines as they stand, and the last ones: where letters are closed and mailings unsubscribed from. */
  beginning: string
  ending: string
}

/** One way to tell that nobody sat down and wrote this mail; null where it does not apply. */
export type Rule = (mail: Evidence) => Automatic | null

/** An auto-reply says so at once; what stands further back is a signature or a quoted mail. */
export const OPENING_LIMIT = 600

export function evidenceOf(parsed: Parsed, text: string): Evidence {
  const all = new Map<string, string[]>()
  for (const { name, value } of parsed.headers) {
    const values = all.get(name)
    if (values) values.push(value.trim())
    else all.set(name, [value.trim()])
  }
  const beginning = unquoted(text.slice(0, 4 * OPENING_LIMIT))
  return {
    parsed,
    headers: (name) => all.get(name) ?? [],
    subject: parsed.subject.slice(0, 500).replace(/\s+/g, ' ').trim(),
    opening: beginning.replace(/\s+/g, ' ').trim().slice(0, OPENING_LIMIT),
    beginning,
    ending: text.slice(-4 * OPENING_LIMIT),
  }
}

/** What the writer quotes, somebody else's auto-reply for one, says nothing about this mail. */
function unquoted(text: string): string {
  const lines = text.split('\n')
  return lines.filter((line) => !line.startsWith('>')).join('\n')
}
