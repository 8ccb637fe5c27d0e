import { linesOfHtml } from '../../src/message/html/to-lines.ts'
import { textOfLines } from '../../src/message/line.ts'
import { parseMail } from '../../src/message/parse.ts'
import type { Parsed } from '../../src/message/parsed.ts'

/** A fixture as the readers of automatic mail and bounces see it. */
export async function readFixture(path: string): Promise<{ parsed: Parsed; text: string }> {
  const parsed = await parseMail({ path: new URL(`../fixtures/${path}.eml`, import.meta.url).pathname })
  return { parsed, text: parsed.plain ?? (parsed.html === null ? '' : textOfLines(linesOfHtml(parsed.html))) }
}
