import { type InspectLine, lineOf } from '../../src/cli/inspect-line.ts'
import type { Message } from '../../src/message/message.ts'
import { parseMail } from '../../src/message/parse.ts'
import { understand } from '../../src/message/understand.ts'
import { LINE } from './line-schema.ts'

/** What is wrong with how a mail is read, one sentence each; empty where all is well. Exceptions are findings too. */
export async function findingsIn(mail: Buffer): Promise<string[]> {
  try {
    const message = understand(await parseMail(mail, { content: 'drop' }))
    return [...failedReaders(message), ...schemaFindings(lineOf('mail.eml', message)), ...lostLines(message)]
  } catch (error) {
    return [`threw ${error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : String(error)}`]
  }
}

/** understand() goes on without a reader that throws: here that is a bug. */
function failedReaders(message: Message): string[] {
  return message.problems.filter((problem) => /^[\w ]+ could not be read: /.test(problem))
}

function schemaFindings(line: InspectLine): string[] {
  // As it is printed: undefined and NaN would show.
  const checked = LINE.safeParse(JSON.parse(JSON.stringify(line)))
  if (checked.success) return []
  return checked.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`)
}

/** Every line that has text stands in exactly one of reply, quoted and signature. */
function lostLines({ text, reply, quoted, signature }: Message): string[] {
  const whole = filledLines(text)
  const parts = [reply, quoted, signature].flatMap(filledLines)
  whole.sort()
  parts.sort()
  const at = whole.findIndex((line, i) => line !== parts[i])
  if (at < 0 && whole.length === parts.length) return []
  return [`${whole.length} lines of text, but ${parts.length} in its parts: '${whole[at]?.slice(0, 80)}'`]
}

/** Without quote signs, which a line may lose where a mailbox set them. */
function filledLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^[\s>＞|]+/, '').trimEnd())
    .filter((line) => line !== '')
}
