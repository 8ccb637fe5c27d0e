import { type AddressObject, simpleParser } from 'mailparser'
import { expect, test } from 'vitest'
import { type LoadContent, mimeChunks } from '../../src/delivery/mime.ts'
import { compose } from '../../src/outbox/compose.ts'
import type { OutgoingMail } from '../../src/outbox/outgoing-mail.ts'
import { composing, makeNotice } from '../support/notices.ts'

const nothing: LoadContent = () => {
  throw new Error('nothing to load')
}

async function bytesOf(mail: OutgoingMail, load: LoadContent = nothing): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of mimeChunks(mail, load)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const one = (address: AddressObject | AddressObject[] | undefined) => [address].flat()[0]?.value[0]

test('names, subject and text come out as they went in', async () => {
  const title = 'Rød grød med fløde på æblegrøden – smörgåsbord, ÅÄÖ, 日本語 og 😀 og mere til, så den må foldes'
  const text = 'Æblegrød på Ærø.\n.\n..\nFrom here\n  mellemrum  \n\ttab\nså lang en linje '.concat(
    'å'.repeat(2_000),
    '\n=3D= =?utf-8?q?x?=',
  )
  const notice = makeNotice('comment-added', {
    title,
    text,
    to: { name: 'Åse "Sø" Ødegård, Ph.D. \\' },
    comment: { author: { name: 'Jørgen', address: 'x@y' } },
  })
  const mail = compose(notice, composing)
  const raw = await bytesOf(mail)
  const parsed = await simpleParser(raw, { skipTextToHtml: true, skipImageLinks: true })
  expect(parsed.subject).toBe(mail.subject)
  expect(parsed.subject).toContain('æblegrøden – smörgåsbord, ÅÄÖ, 日本語 og 😀')
  expect(one(parsed.from)).toEqual({ name: 'Jørgen, Acme Support', address: 'support@acme.test' })
  expect(one(parsed.to)).toEqual({ name: 'Åse "Sø" Ødegård, Ph.D. \\', address: 'kim@customer.test' })
  expect(one(parsed.replyTo)?.address).toBe(notice.thread.replyAddress)
  expect(parsed.text).toBe(mail.text)
  expect(parsed.html).toBe(mail.html)
  expect(parsed.messageId).toBe(`<${mail.messageId}>`)
  expect(parsed.references).toEqual(mail.references.map((id) => `<${id}>`))
  expect(parsed.inReplyTo).toBe(`<${mail.inReplyTo}>`)
  expect(parsed.date?.toISOString()).toBe(mail.date)
})

test('every line is ASCII, ends with CRLF and is short enough', async () => {
  const mail = compose(makeNotice('comment-added', { text: 'æ'.repeat(5_000), title: 'ø'.repeat(300) }), composing)
  const raw = (await bytesOf(mail)).toString('latin1')
  expect(raw).toMatch(/^[\t\r\n\x20-\x7e]*$/)
  expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
})

test('a header stays one header, whatever reaches it', async () => {
  const evil = 'a\r\nBcc: victim@evil.test\r\n\r\nbody'
  const mail = compose(makeNotice('comment-added'), composing)
  const raw = await bytesOf({
    ...mail,
    subject: evil,
    from: { name: evil, address: 'support@acme.test' },
    to: { name: evil, address: 'kim@customer.test' },
    references: [evil],
    headers: [{ name: 'X-Test', value: evil }],
  })
  const parsed = await simpleParser(raw)
  expect(parsed.headers.has('bcc')).toBe(false)
  expect(one(parsed.from)?.name).toBe('a Bcc: victim@evil.test body')
  expect(parsed.text?.replaceAll('\r\n', '\n')).toContain('Hej, den virker ikke.')
  expect(parsed.subject).toBe('a Bcc: victim@evil.test body')
})

test('what looks like an encoded word stays what it is', async () => {
  const title = '=?utf-8?Q?=41=42?= {{x}}'
  const notice = makeNotice('comment-added', { title, to: { name: '=?utf-8?Q?=41?=' } })
  const parsed = await simpleParser(await bytesOf(compose(notice, composing)))
  expect(parsed.subject).toBe(`Re: [#12] ${title}`)
  expect(one(parsed.to)?.name).toBe('=?utf-8?Q?=41?=')
})

test('attachments arrive byte for byte under their names, however they are cut into pieces', async () => {
  const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, at) => (at * 7) % 256))
  const attachments = [
    { filename: 'rød "grød" æøå.bin', contentType: 'application/x-thing', size: bytes.length, sha256: 'a' },
    { filename: 'mail.eml', contentType: 'message/rfc822', size: bytes.length, sha256: 'b' },
    { filename: 'x\r\nEvil: 1.txt', contentType: 'text/html\r\nEvil: 1', size: bytes.length, sha256: 'c' },
    { filename: 'tom.txt', contentType: 'text/plain', size: 0, sha256: 'd' },
  ]
  const load: LoadContent = async function* ({ size }) {
    for (let at = 0; at < size; at += 101) yield bytes.subarray(at, at + 101)
  }
  const raw = await bytesOf({ ...compose(makeNotice('comment-added'), composing), attachments }, load)
  const parsed = await simpleParser(raw, { skipTextToHtml: true })
  const names = ['rød "grød" æøå.bin', 'mail.eml', 'x Evil: 1.txt', 'tom.txt']
  expect(parsed.attachments.map((it) => it.filename)).toEqual(names)
  const types = raw.toString('latin1').match(/^Content-Type: (application|message|text\/html;\r)[^;\r]*/gm)
  expect(types).toEqual([
    'Content-Type: application/x-thing',
    ...Array(2).fill('Content-Type: application/octet-stream'),
  ])
  for (const it of parsed.attachments.slice(0, 3)) expect(Buffer.compare(it.content, bytes)).toBe(0)
  expect(parsed.attachments[3]?.content.length).toBe(0)
  for (const line of raw.toString('latin1').split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
})

test('the same mail gives the same bytes', async () => {
  const mail = compose(makeNotice('case-opened'), composing)
  expect(await bytesOf(mail)).toEqual(await bytesOf(mail))
})
