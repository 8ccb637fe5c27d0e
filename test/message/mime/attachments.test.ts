import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Attachment } from '../../../src/message/message.ts'
import { parseFixture } from './fixture.ts'

test.each([
  ['name-rfc2231-continued', 'Blåbær.pdf'],
  ['name-rfc2231-latin1', 'Blåbær.pdf'],
  ['name-rfc2047', 'Blåbærgrød.pdf'],
  ['name-raw-latin1', 'Blåbær.pdf'],
  ['name-unquoted-with-spaces', 'min fil nr 1.pdf'],
  ['name-quote-without-end', 'min fil.pdf'],
  ['name-windows-path', 'min fil.pdf'],
  ['name-climbs-folders', 'passwd'],
  ['name-right-to-left-override', 'faktura fdp.exe'],
  ['named-text-after-text', 'log.txt'],
  ['nested-mail', 'Blåbær.eml'],
  ['smime-signature', 'smime.p7s'],
])('%s', async (name, filename) => {
  const parsed = await parseFixture(name)
  expect(parsed.attachments.map((it) => it.filename)).toEqual([filename])
  expect(parsed.plain).toBe('Hej')
})

test('size and SHA-256 are of the decoded bytes, also where the base64 is broken', async () => {
  const [attachment] = (await parseFixture('base64-broken')).attachments
  expect(textOf(attachment)).toBe('hej medhej')
  expect(attachment).toMatchObject({ size: 10, sha256: createHash('sha256').update('hej medhej').digest('hex') })
})

test('dropped content leaves its size and hash', async () => {
  const [attachment] = (await parseFixture('base64-broken', { content: 'drop' })).attachments
  expect(attachment).toMatchObject({ size: 10 })
  expect(attachment).not.toHaveProperty('content')
})

test('inline is what the HTML shows, whatever the disposition says', async () => {
  const { attachments } = await parseFixture('inline-image')
  expect(attachments.map((it) => [it.filename, it.inline])).toEqual([
    ['logo.png', true],
    ['other.png', false],
  ])
})

test('a nested mail and an invitation are attachments, and text for the readers', async () => {
  expect((await parseFixture('nested-mail')).parts[0]).toMatchObject({ contentType: 'message/rfc822' })
  expect((await parseFixture('nested-mail')).parts[0]?.text).toContain('indre')
  const invitation = await parseFixture('calendar-invitation')
  expect(invitation.attachments[0]?.contentType).toBe('text/calendar')
  expect(invitation.parts[0]?.text).toContain('METHOD:REQUEST')
})

test('winmail.dat gives its files and, where the mail has no other, its text', async () => {
  const parsed = await parseFixture('winmail')
  expect(parsed.plain).toBe('Hej fra Outlook')
  expect(parsed.attachments).toMatchObject([{ filename: 'Blåbærgrød 2026.pdf', contentType: 'application/pdf' }])
  expect(textOf(parsed.attachments[0])).toBe('%PDF-1.4')
})

test('a winmail.dat that cannot be unpacked is kept, and named', async () => {
  const parsed = await parseFixture('winmail-broken')
  expect(parsed.attachments[0]).toMatchObject({ filename: 'winmail.dat', size: 6 })
  expect(parsed.problems).toEqual(['winmail.dat could not be unpacked: it holds neither files nor text'])
})

function textOf(attachment: Attachment | undefined): string {
  const content = attachment?.content
  return content && 'bytes' in content ? Buffer.from(content.bytes).toString() : ''
}
