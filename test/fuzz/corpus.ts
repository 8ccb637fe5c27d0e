import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../fixtures')
const LARGEST = 200_000
let mails: Buffer[] | null = null

/** The project's own fixtures, in the order of their names. */
export function corpus(): readonly Buffer[] {
  mails ??= readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .map((name) => readFileSync(join(FOLDER, name)))
    .filter((mail) => mail.length > 0 && mail.length < LARGEST)
  return mails
}
