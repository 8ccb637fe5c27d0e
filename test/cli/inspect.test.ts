import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const fixture = (name: string) => join(root, 'test/fixtures/mime', `${name}.eml`)

test('one line for each file in the order given, also for one that cannot be read', async () => {
  const files = [fixture('flowed'), '/no/such/file', fixture('nested-mail')]
  const { stdout } = await run(process.execPath, [join(root, 'src/main.ts'), 'inspect', '--json', ...files])
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { file: string; problems: string[] })
  expect(lines.map((line) => line.file)).toEqual(files)
  expect(lines[1]?.problems.join()).toContain('could not be read')
})

test('a mail that hangs its reader gives a line, and the next mail is read', async () => {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'inspect-hanging.ts')])
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { file: string; problems?: string[] })
  expect(lines.map((line) => line.file)).toEqual(['first', 'hangs', 'last'])
  expect(lines[1]?.problems).toEqual(['the mail could not be read: it took longer than 0.5 seconds'])
}, 20_000)
