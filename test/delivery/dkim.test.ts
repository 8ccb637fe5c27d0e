import { afterEach, describe, expect, test } from 'vitest'
import type { SmtpConfig } from '../../src/config/config.ts'
import { openSigner } from '../../src/delivery/dkim.ts'
import { type LoadContent, mimeChunks, mimeStart } from '../../src/delivery/mime.ts'
import { openTransport, type Transport } from '../../src/delivery/transport.ts'
import { compose } from '../../src/outbox/compose.ts'
import type { OutgoingMail } from '../../src/outbox/outgoing-mail.ts'
import { type SandboxSmtp, startSmtpServer } from '../../src/sandbox/smtp-server.ts'
import { dkimPair, dkimResults } from '../support/dkim.ts'
import { composing, makeNotice } from '../support/notices.ts'

const pair = dkimPair('acme.test')
const signer = openSigner(pair.config)
const leave = { key: 'l12.abcdefghijklmnop', mailto: 'mailto:support+l12.abcdefghijklmnop@acme.test?subject=leave' }
const text = 'Æblegrød \t på  Ærø \n\n\n.\nFrom here\n trailing   \n\n\n'
const mail = compose(makeNotice('comment-added', { text, title: 'ø'.repeat(200), thread: { leave } }), composing)

const attachments = [{ filename: 'æ.bin', contentType: 'application/pdf', size: 300_000, sha256: 'a' }]
const content: LoadContent = async function* () {
  for (let at = 0; at < 300; at += 1) yield Buffer.alloc(1_000, at)
}

async function streamed(of: OutgoingMail, load: LoadContent = content): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of signer.streamed(() => mimeChunks(of, load))) pieces.push(piece)
  return Buffer.concat(pieces)
}

const signatureIn = (raw: Buffer) => /^DKIM-Signature: (?:.|\r\n[ \t])*/m.exec(raw.toString('latin1'))?.[0] ?? ''

describe('a signature', () => {
  test('is found right by mailauth, with and without attachments', async () => {
    expect(await dkimResults(signer.whole(mimeStart(mail)), pair)).toEqual(['pass'])
    expect(await dkimResults(await streamed({ ...mail, attachments }), pair)).toEqual(['pass'])
  })

  test('is made with an Ed25519 key too', async () => {
    const other = dkimPair('acme.test', 'ed25519')
    const raw = openSigner(other.config).whole(mimeStart(mail))
    expect(signatureIn(raw)).toContain('a=ed25519-sha256;')
    expect(await dkimResults(raw, other)).toEqual(['pass'])
    expect(await dkimResults(raw, pair)).not.toEqual(['pass'])
  })

  test('stands on top of the same bytes, in short lines of ASCII', async () => {
    const bytes = mimeStart(mail)
    const raw = signer.whole(bytes)
    expect(raw.subarray(raw.length - bytes.length).equals(bytes)).toBe(true)
    const field = raw.subarray(0, raw.length - bytes.length).toString('latin1')
    expect(field).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed; d=acme\.test;/)
    expect(field).toMatch(/^[\r\n\x20-\x7e]*[^\r\n]\r\n$/)
    for (const line of field.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
  })

  test('is the same at every attempt', async () => {
    expect(signer.whole(mimeStart(mail))).toEqual(openSigner(pair.config).whole(mimeStart(mail)))
    expect(signatureIn(signer.whole(mimeStart(mail)))).not.toMatch(/\b[tx]=/)
  })

  test('covers what must not be changed, and what must not be added', async () => {
    const raw = signer.whole(mimeStart(mail))
    const covered = /h=([^;]*);/.exec(signatureIn(raw))?.[1]?.replace(/\s/g, '').toLowerCase().split(':') ?? []
    const once = ['in-reply-to', 'references', 'list-unsubscribe', 'list-unsubscribe-post', 'cc', 'feedback-id']
    const twice = ['from', 'to', 'subject', 'date', 'message-id', 'reply-to', 'mime-version', 'content-type']
    for (const name of once) expect([name, covered.filter((it) => it === name).length]).toEqual([name, 1])
    for (const name of twice) expect([name, covered.filter((it) => it === name).length]).toEqual([name, 2])
  })

  test.each([
    ['a second From', 'From: evil@evil.test\r\n', ''],
    ['a second Subject', 'Subject: Pay here\r\n', ''],
    ['a Cc', 'Cc: evil@evil.test\r\n', ''],
    ['words at the end', '', 'more\r\n'],
  ])('is broken by %s', async (_what, before, after) => {
    const raw = signer.whole(mimeStart(mail))
    const changed = Buffer.concat([Buffer.from(before), raw, Buffer.from(after)])
    expect(await dkimResults(changed, pair)).toEqual([expect.stringMatching(/fail|neutral/)])
  })

  test('stays right when a server on the way adds its lines, folds anew and drops spaces at ends of lines', async () => {
    const raw = signer.whole(mimeStart(mail)).toString('latin1')
    const folded = raw.replace(/^References: (\S+)\r\n (\S+)/m, 'References:  $1 $2')
    expect(folded).not.toBe(raw)
    const received = 'Received: from a by b; Fri, 20 Nov 2026 10:00:00 +0100\r\n'
    expect(await dkimResults(`${received}${folded.replace(/[ \t]+\r\n/g, '\r\n')}\r\n\r\n`, pair)).toEqual(['pass'])
  })

  test.each([
    ['nothing', ''],
    ['empty lines', '\r\n\r\n\r\n'],
    ['spaces and empty lines between words', 'a \t b  \r\n \t\r\n\r\n  c\r\n\r\n \r\n'],
    ['no line end', 'a\r\n\r\nb'],
    ['a line end in two pieces', 'a\r\n'],
  ])('is right over a body of %s, in pieces of every size', async (_what, body) => {
    const head = Buffer.from('From: <a@acme.test>\r\nSubject: x\r\n\r\n')
    for (const size of [1, 2, 3, 100]) {
      const raw: Buffer[] = []
      const pieces = async function* () {
        yield head
        for (let at = 0; at < body.length; at += size) yield Buffer.from(body.slice(at, at + size))
      }
      for await (const piece of signer.streamed(pieces)) raw.push(piece)
      expect(await dkimResults(Buffer.concat(raw), pair)).toEqual(['pass'])
    }
  })
})

test('a large attachment is read twice, and never held: once to sign it, once piece by piece as it leaves', async () => {
  const size = 5_000_000
  const piece = Buffer.alloc(50_000, 'x')
  const read: number[] = []
  const load: LoadContent = async function* () {
    const time = read.push(0) - 1
    for (let at = 0; at < size; at += piece.length) {
      read[time] = at + piece.length
      yield piece
    }
  }
  let sent = 0
  for await (const bytes of signer.streamed(() => mimeChunks({ ...mail, attachments }, load))) {
    sent += bytes.length
    expect((read[1] ?? 0) - sent).toBeLessThanOrEqual(piece.length)
  }
  expect(read).toEqual([size, size])
})

describe('over SMTP', () => {
  const open: { close(): unknown }[] = []
  afterEach(async () => {
    for (const it of open.splice(0).reverse()) await it.close()
  })

  async function start(options: { withoutUtf8?: boolean } = {}): Promise<{ smtp: SandboxSmtp; transport: Transport }> {
    const smtp = await startSmtpServer(options)
    const config: SmtpConfig = {
      ...{ host: smtp.host, port: smtp.port, tls: 'none', allowSelfSigned: false, user: null, auth: null },
      ...{ connections: 1, perDomain: { connections: 1, perMinute: null }, dkim: pair.config },
    }
    const transport = openTransport(config)
    open.push(smtp, { close: () => transport.close({ force: true }) })
    return { smtp, transport }
  }

  test('a signed mail arrives as it was signed', async () => {
    const { smtp, transport } = await start()
    expect(await transport.send(mail, content)).toMatchObject({ kind: 'sent' })
    expect(await transport.send({ ...mail, attachments }, content)).toMatchObject({ kind: 'sent' })
    for (const { raw } of await smtp.waitForMails(2)) expect(await dkimResults(raw, pair)).toEqual(['pass'])
  })

  const jorgen = (domain = 'customer.test'): OutgoingMail => {
    const address = `jørgen@${domain}`
    return { ...mail, envelope: { ...mail.envelope, to: address }, to: { name: 'Jørgen', address } }
  }

  test('an address beyond ASCII is written to where the server offers SMTPUTF8, its domain in ASCII', async () => {
    const { smtp, transport } = await start()
    expect(await transport.send(jorgen('bødker.test'), content)).toMatchObject({ kind: 'sent' })
    const [arrived] = smtp.mails
    expect(arrived).toMatchObject({ to: ['jørgen@bødker.test'], utf8: true })
    expect(arrived?.raw.toString()).toMatch(/^To: =\?UTF-8\?Q\?J=C3=B8rgen\?= <jørgen@xn--bdker-vua\.test>\r$/m)
    expect(await dkimResults(arrived?.raw ?? '', pair)).toEqual(['pass'])
  })

  test('it fails for good, and says why, where the server does not', async () => {
    const { smtp, transport } = await start({ withoutUtf8: true })
    expect(await transport.send(jorgen(), content)).toEqual({
      kind: 'failed',
      code: '550',
      response: '5.6.7 the address jørgen@customer.test needs SMTPUTF8 (RFC 6531), which 127.0.0.1 does not offer',
      addressGone: false,
    })
    expect(smtp.mails).toEqual([])
  })

  test('a domain beyond ASCII alone is written in ASCII, and needs nothing of the server', async () => {
    const { smtp, transport } = await start()
    const envelope = { ...mail.envelope, to: 'kim@bødker.test' }
    expect(await transport.send({ ...mail, envelope }, content)).toMatchObject({ kind: 'sent' })
    expect(smtp.mails).toMatchObject([{ to: ['kim@bødker.test'], utf8: false }])
  })

  test('a server that cannot be asked is asked again later', async () => {
    const { smtp, transport } = await start()
    smtp.behave({ greeting: () => ({ kind: 'reject', code: 421, text: 'Too busy' }) })
    expect(await transport.send(jorgen(), content)).toMatchObject({ kind: 'retry', code: '421', unknown: false })
  })
})
