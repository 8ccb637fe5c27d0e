import { textOfLines } from '../line.ts'
import { linesOfHtml } from './to-lines.ts'

/** The readable text of an HTML mail, quoted mails with '>' before each line; the rules are those of {@link linesOfHtml}. */
export function textOfHtml(html: string): string {
  return textOfLines(linesOfHtml(html))
}
