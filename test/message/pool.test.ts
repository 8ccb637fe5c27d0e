import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identityOf } from '../../src/message/identity.ts'
import { openParserPool, type ParserPool, type PoolOptions } from '../../src/message/pool.ts'

let folder: string
let pool: ParserPool | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parser-pool-'))
})

afterEach(async () => {
  await pool?.close()
  pool = null
  await rm(folder, { recursive: true, force: true })
})

async function open(options: Partial<PoolOptions> = {}): Promise<ParserPool> {
  pool = await openParserPool({
    threads: 1,
    parseSeconds: 20,
    parseMemory: 64 * 1024 * 1024,
    spoolFolder: join(folder, 'spool'),
    inlineLimit: 1_000,
    hook: new URL('./pool-hook.ts', import.meta.url).href,
    ...options,
  })
  return pool
}

function mail(subject: string, body = 'Hej'): Uint8Array {
  return Buffer.from(
    `From: kim@acme.test\r\nMessage-ID: <${subject}@acme.test>\r\nSubject: ${subject}\r\n\r\n${body}\r\n`,
  )
}

test('mails are parsed off the main thread, each with its identity', async () => {
  const { parse } = bind(await open())
  const outcomes = await Promise.all(['one', 'two', 'three'].map((subject) => parse(mail(subject))))
  expect(outcomes.map((it) => it.kind === 'ok' && it.message.subject)).toEqual(['one', 'two', 'three'])
  expect(outcomes[0]).toMatchObject(await identityOf(mail('one')))
})

test.each([
  ['hang', 'time', 1],
  ['wait', 'time', 1],
  ['eat', 'memory', 60],
  ['crash', 'crash', 60],
] as const)(
  'a mail that makes its worker %s is killed for %s, and the mails beside it are parsed',
  async (subject, why, parseSeconds) => {
    const { parse } = bind(await open({ parseSeconds }))
    const subjects = ['before', subject, 'after', 'last']
    const outcomes = await Promise.all(subjects.map((it) => parse(mail(it))))
    expect(outcomes.map((it) => it.kind)).toEqual(['ok', 'killed', 'ok', 'ok'])
    expect(outcomes[1]).toMatchObject({ why, ...(await identityOf(mail(subject))) })
  },
  60_000,
)

test('a large attachment arrives as a file, and a killed mail leaves none', async () => {
  const { parse } = bind(await open({ parseSeconds: 1 }))
  const body = (text: string) =>
    Buffer.from(
      `From: kim@acme.test\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHej\r\n--b\r\nContent-Type: image/png\r\n\r\n${text}\r\n--b--\r\n`,
    )
  const outcome = await parse(body('x'.repeat(5_000)))
  const content = outcome.kind === 'ok' ? outcome.message.attachments[0]?.content : undefined
  expect(content && 'path' in content && existsSync(content.path)).toBe(true)
  expect(content && 'path' in content && (await readFile(content.path, 'utf8'))).toBe('x'.repeat(5_000))
  await parse(mail('hang'))
  expect(await readdir(join(folder, 'spool'))).toHaveLength(1)
})

test('a mail in a file is read from there', async () => {
  const path = join(folder, 'mail.eml')
  await writeFile(path, mail('in a file'))
  const outcome = await (await open()).parse({ path })
  expect(outcome.kind === 'ok' && outcome.message.subject).toBe('in a file')
})

test('a source that cannot be read rejects, and harms no other mail', async () => {
  const { parse } = bind(await open())
  const [missing, other] = await Promise.allSettled([parse({ path: join(folder, 'none.eml') }), parse(mail('other'))])
  expect(missing?.status).toBe('rejected')
  expect(other?.status).toBe('fulfilled')
})

test('a worker that cannot start rejects its mails instead of calling them unreadable', async () => {
  const { parse } = bind(await open({ hook: new URL('./no-such-module.ts', import.meta.url).href }))
  await expect(parse(mail('any'))).rejects.toMatchObject({ code: 'parser-unavailable', temporary: true })
})

test('the caller keeps its bytes', async () => {
  const bytes = mail('kept')
  await (await open()).parse(bytes)
  expect(Buffer.from(bytes).toString()).toContain('kept')
})

test('close rejects what is still waiting', async () => {
  const { parse } = bind(await open())
  const waiting = parse(mail('wait'))
  const outcome = expect(waiting).rejects.toMatchObject({ code: 'parser-closed' })
  await pool?.close()
  await outcome
})

function bind(opened: ParserPool): { parse: ParserPool['parse'] } {
  return { parse: (source) => opened.parse(source) }
}
