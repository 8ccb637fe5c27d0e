import { readFile, stat } from 'node:fs/promises'
import { describeError } from '../core/errors.ts'
import { parseMail } from '../message/parse.ts'
import type { MailSource } from '../message/source.ts'
import { understand } from '../message/understand.ts'
import { type InspectLine, lineOf, unreadableLine } from './inspect-line.ts'
import { reportOf } from './inspect-report.ts'

/** Files up to this many bytes are read at once; larger ones are streamed. */
const AT_ONCE = 4 * 1024 * 1024

/** Prints one line, or one report, for each file in the order given; one mail is in memory at a time. */
export async function inspectFiles(files: readonly string[], options: { json: boolean }): Promise<void> {
  for (const file of files) {
    const line = await inspectFile(file)
    await print(options.json ? `${JSON.stringify(line)}\n` : reportOf(line))
  }
}

async function inspectFile(file: string): Promise<InspectLine> {
  try {
    return lineOf(file, understand(await parseMail(await sourceOf(file), { content: 'drop' })))
  } catch (error) {
    return unreadableLine(file, `the file could not be read: ${describeError(error)}`)
  }
}

async function sourceOf(file: string): Promise<MailSource> {
  const { size } = await stat(file)
  return size > AT_ONCE ? { path: file } : await readFile(file)
}

function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}
