import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseMail } from '../../src/message/parse.ts'
import { understand } from '../../src/message/understand.ts'
import { findingsIn } from './check.ts'
import { corpus } from './corpus.ts'
import { fuzz } from './run.ts'

test('300 damaged mails are read without a crash, a hang, or a line that breaks the schema', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-fuzz-'))
  const { count, findings } = await fuzz({ count: 300, seed: 1, threads: 1, folder })
  expect(findings).toEqual([])
  expect(count).toBe(300)
  rmSync(folder, { recursive: true })
})

test('every fixture is read without a finding', async () => {
  for (const mail of corpus()) expect(await findingsIn(mail), mail.toString('latin1', 0, 200)).toEqual([])
})

const HEAD = 'From: a@b.test\r\nTo: c@d.test\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@b.test>\r\n'
const plain = (text: string) => Buffer.from(`${HEAD}Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`)
const html = (text: string) => Buffer.from(`${HEAD}Content-Type: text/html; charset=utf-8\r\n\r\n${text}`)

/** Lines that a pattern with two ways to match them would take for ever. */
const endless = (piece: string) => piece.repeat(1_000_000 / piece.length)

const BAD: [string, Buffer][] = [
  ['10,000 levels of quotes', plain(`Hej\n${'>'.repeat(10_000)} dybt\n${'> '.repeat(10_000)}dybere`)],
  ['10,000 levels of HTML', html(`Hej${'<div>'.repeat(10_000)}dybt${'</div>'.repeat(10_000)}`)],
  ['10,000 nested blockquotes', html(`Hej${'<blockquote>'.repeat(10_000)}dybt`)],
  ['a megabyte of spaced dots in an address', Buffer.from(`To: x${endless('.a ')}@\r\n${HEAD}\r\nHej`)],
  ['an address of many dots without an end', Buffer.from(`From: ${'1.'.repeat(160)}\r\n\r\nHej`)],
  ['a megabyte of > around a name', Buffer.from(`To: ${endless('> ')}x <a@b.test>\r\n${HEAD}\r\nHej`)],
  ['20,000 header lines in the text', plain('Date: i dag\nContent-Type: x\n'.repeat(10_000))],
  ['a megabyte of empty lines between two words', plain(`Hej${endless('\n')}du`)],
  ['base64 of padding alone', Buffer.from(`${HEAD}Content-Transfer-Encoding: base64\r\n\r\n${endless('=3D')}`)],
  ['a megabyte of bytes that are no UTF-8', Buffer.concat([plain('æ'), Buffer.alloc(1_000_000, 0xd0)])],
  [
    '3,000 multiparts within each other',
    Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n`.repeat(3_000)),
  ],
  [
    'one boundary line after the other',
    Buffer.from(`${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${endless('--b\r\n')}`),
  ],
]

/** Seconds of CPU, far above what any of these takes: more is a pattern that tries everything, not a slow machine. */
const HANG = 15

test.each(BAD)('%s: read without a hang and without a finding', async (_, mail) => {
  const before = process.cpuUsage()
  expect(await findingsIn(mail)).toEqual([])
  const { user } = process.cpuUsage(before)
  expect(user / 1_000_000).toBeLessThan(HANG)
})

test('100,000 recipients: the first thousand are taken, and the limit is named', async () => {
  const to = Array.from({ length: 100_000 }, (_, i) => `"Nr ${i}" <n${i}@b.test>`).join(',\r\n ')
  const message = understand(await parseMail(Buffer.from(`From: a@b.test\r\nTo: ${to}\r\n\r\nHej`)))
  expect(message.to).toHaveLength(1_000)
  expect(message.problems).toContain("'To' has more than 1000 addresses: the rest was not read")
})

test.each(['Subject', 'X-Header'])('a megabyte in one %s is cut, and the limit is named', async (name) => {
  const line = `${name}: ${'Printer '.repeat(125_000)}\r\n`
  const message = understand(await parseMail(Buffer.from(`${line}${HEAD}\r\nHej`)))
  expect(message.reply).toBe('Hej')
  expect(message.problems.join()).toContain(`header '${name.toLowerCase()}' is 1000001 characters long`)
})

test('a winmail.dat that claims four gigabytes is kept as it is, and that is named', async () => {
  const tnef = Buffer.from(`789f3e2200000206900600ffffffff${'00'.repeat(20)}`, 'hex')
  const head = `${HEAD}Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n`
  const mail = Buffer.from(head + tnef.toString('base64'))
  expect(await findingsIn(mail)).toEqual([])
  const { attachments, problems } = await parseMail(mail)
  expect(attachments[0]).toMatchObject({ filename: 'winmail.dat', size: tnef.length })
  expect(problems).toContain('winmail.dat could not be unpacked: it ends within an attribute')
})

test('what no database takes is left out, and that is named', async () => {
  const mail = Buffer.from(`${HEAD}Subject: =?utf-16le?B?ANgA?= =?utf-8?Q?a=00b?=\r\n\r\nHej`)
  const message = understand(await parseMail(mail))
  expect(message.subject.isWellFormed()).toBe(true)
  expect(message.subject).not.toContain('\0')
  expect(message.reply).toBe('Hej')
})
