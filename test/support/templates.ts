import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** The templates that come with the program. */
export const BUILT_IN = join(import.meta.dirname, '../../templates')

/** A folder of an administrator's own templates. */
export function ownTemplates(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-templates-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}
