import { join } from 'node:path'
import { type ParseOptions, parseMail } from '../../../src/message/parse.ts'
import type { Parsed } from '../../../src/message/parsed.ts'

/** Parses a fixture of test/fixtures/mime by its name. */
export async function parseFixture(name: string, options: ParseOptions = {}): Promise<Parsed> {
  return await parseMail({ path: join(import.meta.dirname, '../../fixtures/mime', `${name}.eml`) }, options)
}
