import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseMail } from '../../../src/message/parse.ts'
import { parseFixture } from './fixture.ts'

test.each(['multipart-without-boundary', 'multipart-wrong-boundary'])('%s: the parts are found', async (name) => {
  const parsed = await parseFixture(name)
  expect(parsed.plain).toMatch(/^Hej (uden|med forkert) boundary$/)
  expect(parsed.problems).toEqual(['the boundary between the parts was missing or wrong, and was guessed'])
})

test('each form of the text holds the whole mail', async () => {
  const parsed = await parseFixture('html-then-plain-footer')
  expect(parsed.plain).toBe('Hovedtekst\nFod <liste>')
  expect(parsed.html).toContain('Fod &lt;liste&gt;')
})

test('text on both sides of an attachment is the mail', async () => {
  expect((await parseFixture('text-around-attachment')).plain).toBe('foer\nefter')
})

test('a mail without a body, and one without headers, are mails', async () => {
  expect(await parseFixture('empty-body')).toMatchObject({ plain: null, html: null, messageId: '1@acme.test' })
  expect(await parseFixture('no-headers-at-all')).toMatchObject({ plain: 'Bare tekst\n', from: null })
})

test('a subject of 1 MB is cut, and named', async () => {
  const parsed = await parseMail(Buffer.from(`From: a@b.test\r\nSubject: ${'x'.repeat(1_000_000)}\r\n\r\nHej`))
  expect(parsed.subject).toHaveLength(2_000)
  expect(parsed.plain).toBe('Hej')
  expect(parsed.problems).toContain('the subject is longer than 2000 characters: the rest was left out')
})

test('100,000 recipients are cut to 1,000 within a second, and named', async () => {
  const to = Array.from({ length: 100_000 }, (_, i) => `"Nr ${i}" <n${i}@b.test>`).join(',\r\n ')
  const parsed = await parseMail(Buffer.from(`From: a@b.test\r\nTo: ${to}\r\n\r\nHej`))
  expect(parsed.to).toHaveLength(1_000)
  expect(parsed.plain).toBe('Hej')
  expect(parsed.problems).toContain("'To' has more than 1000 addresses: the rest was not read")
})

test('a header of many fields is cut, and named', async () => {
  const fields = Array.from({ length: 30_000 }, (_, i) => `X-${i}: ${'y'.repeat(30)}\r\n`).join('')
  const parsed = await parseMail(Buffer.from(`From: a@b.test\r\n${fields}\r\nHej`))
  expect(parsed).toMatchObject({ plain: 'Hej', from: { address: 'a@b.test' } })
  expect(parsed.problems).toContain('more than 2000 header fields: the rest was not read')
})

test('2,000 parts inside each other, and 10,000 beside each other, lose no text', async () => {
  const open = Array.from(
    { length: 2_000 },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
  )
  const nested = await parseMail(Buffer.from(`From: a@b.test\r\n${open.join('')}\r\nInderst\r\n`))
  expect(nested.plain?.trim()).toBe('Inderst')
  const parts = '--b\r\n\r\nx\r\n'.repeat(10_000)
  const beside = await parseMail(
    Buffer.from(`From: a@b.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nFørst\r\n${parts}`),
  )
  expect(beside.plain).toContain('Først')
  expect(beside.problems.join()).toContain('read only in part')
})

test('an attachment over the limit is streamed to a file of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spool-'))
  const body = Buffer.alloc(600_000, 'a').toString('base64')
  const mail = `From: a@b.test\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}`
  const { attachments } = await parseMail(Buffer.from(mail), { spoolFolder: folder, inlineLimit: 1_000 })
  const content = attachments[0]?.content
  expect(content && 'path' in content && (await stat(content.path)).size).toBe(600_000)
  expect(await readdir(folder)).toHaveLength(1)
  await rm(folder, { recursive: true })
})

test.each([
  ['message/rfc822-headers', ''],
  ['text/rfc822', ''],
  ['text/delivery-status', ''],
  ['message/delivery-report', ''],
  ['text/plain', '; name="Details.txt"'],
])('a delivery report in %s%s is read, not attached', async (type, name) => {
  const report = 'Reporting-MTA: dns; mx.acme.test\r\n\r\nFinal-Recipient: rfc822; kim@acme.test\r\nAction: failed'
  const parts = [
    `\r\nYour mail failed.`,
    `Content-Type: ${type}${name}\r\nContent-Disposition: inline\r\n\r\n${report}`,
  ]
  const head = 'From: a@b.test\r\nContent-Type: multipart/report; boundary=b\r\n\r\n'
  const parsed = await parseMail(Buffer.from(`${head}${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--`))
  expect(parsed.attachments).toEqual([])
  expect(parsed.parts.map((part) => part.contentType)).toEqual([type])
  expect(parsed.parts[0]?.text).toContain('kim@acme.test')
})
