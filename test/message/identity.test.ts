import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { identityOf } from '../../src/message/identity.ts'

const AUTHORED = 'From: Kim <kim@acme.test>\r\nTo: support@b.test\r\nSubject: Hej\r\n'
const BODY = '\r\nHej\r\n'

async function identity(mail: string): Promise<string> {
  return (await identityOf(Buffer.from(mail))).identity
}

test('the way a mail came does not change what it is', async () => {
  const mail = `${AUTHORED}Message-ID: <1@acme.test>\r\n${BODY}`
  const delivered = `Return-Path: <x@y>\r\nDelivered-To: sales@b.test\r\nReceived: from x\r\n by y\r\nDKIM-Signature: a=b\r\n${mail}`
  expect(await identity(delivered)).toBe(await identity(mail))
})

test('folding does not change it, another body or subject does', async () => {
  const mail = `${AUTHORED}Date: Fri, 20 Nov 2026 10:00:00 +0100\r\n${BODY}`
  expect(await identity(mail.replace('Subject: Hej', 'Subject:\r\n Hej'))).toBe(await identity(mail))
  expect(await identity(`${mail}!`)).not.toBe(await identity(mail))
  expect(await identity(mail.replace('Subject: Hej', 'Subject: Hov'))).not.toBe(await identity(mail))
})

test('a mail with neither Message-ID nor Date is recognised by all its bytes', async () => {
  const mail = `${AUTHORED}${BODY}`
  const { identity: whole, rawSha256 } = await identityOf(Buffer.from(mail))
  expect(whole).toBe(rawSha256)
  expect(await identity(`Received: x\r\n${mail}`)).not.toBe(whole)
})

test('a mail in a file has the identity of its bytes, also where pieces part the header', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'identity-'))
  const path = join(folder, 'mail.eml')
  const mail = `X-Long: ${'x'.repeat(256 * 1024 - 11)}\r\n${AUTHORED}Message-ID: <1@acme.test>\r\n${BODY}${'y'.repeat(600_000)}`
  await writeFile(path, mail)
  expect(await identityOf({ path })).toEqual(await identityOf(Buffer.from(mail)))
  await rm(folder, { recursive: true })
})
