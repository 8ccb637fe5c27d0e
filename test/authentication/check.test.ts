import { describe, expect, it } from 'vitest'
import { checkAuthentication } from '../../src/authentication/check.ts'
import { gradeTrust } from '../../src/decision/trust.ts'
import { readMail } from '../../src/message/read-mail.ts'
import { nameServer, signingDomain } from '../support/signed-mail.ts'

const customer = signingDomain('customer.test', { dmarc: 'v=DMARC1; p=reject', spf: 'v=spf1 ip4:203.0.113.7 -all' })
const evil = signingDomain('evil.test', { spf: 'v=spf1 ip4:198.51.100.9 -all' })
const plain = signingDomain('plain.test')
const resolver = nameServer(customer, evil, plain)
const letter = {
  from: 'Kim <kim@customer.test>',
  to: 'support@acme.test',
  subject: 'Printeren',
  text: 'Den virker ikke.',
}

const by = (ip: string, helo = 'mx.customer.test', id = '1') =>
  `Received: from ${helo} (${helo} [${ip}]) by mx.acme.test with ESMTPS id ${id}; Fri, 20 Nov 2026 10:00:00 +0100\r\n`
const path = (sender: string) => `Return-Path: <${sender}>\r\n`

async function check(raw: Buffer, above = '') {
  const whole = Buffer.concat([Buffer.from(above), raw])
  const { message } = await readMail(whole)
  const found = await checkAuthentication(whole, message, { resolver })
  const results = found.results.map((it) => `${it.method}=${it.result}`)
  return { results, trust: gradeTrust(message, { by: 'posthorn', results: found.results }, false) }
}

describe("Posthorn's own check", () => {
  it('verifies a signature of the domain in From', async () => {
    const { results, trust } = await check(await customer.sign(letter))
    expect(results).toEqual(['dkim=pass', 'arc=none', 'dmarc=pass'])
    expect(trust.grade).toBe('verified')
    expect((await check(await plain.sign({ ...letter, from: 'kim@plain.test' }))).trust.grade).toBe('verified')
  })

  it('finds a spoofed mail out, signed or not', async () => {
    const raw = await evil.sign(letter)
    const above = path('x@evil.test') + by('198.51.100.9', 'mx.evil.test')
    expect(await check(raw, above)).toMatchObject({
      results: ['dkim=pass', 'spf=pass', 'arc=none', 'dmarc=fail'],
      trust: { grade: 'failed' },
    })
  })

  it('takes SPF from the client that the topmost Received names', async () => {
    const raw = Buffer.from('From: kim@customer.test\r\nSubject: x\r\n\r\nHej\r\n')
    const good = path('kim@customer.test') + by('203.0.113.7')
    expect((await check(raw, good)).trust.grade).toBe('verified')
    expect((await check(raw, path('kim@customer.test') + by('198.51.100.9'))).trust.grade).toBe('failed')
    const local =
      'Received: from mx.acme.test ([127.0.0.1]) by mx.acme.test with LMTP; Fri, 20 Nov 2026 10:00:00 +0100\r\n'
    expect((await check(raw, path('kim@customer.test') + local + by('203.0.113.7'))).trust.grade).toBe('verified')
  })

  it.each([
    ['a private relay hides the client', path('kim@customer.test') + by('172.17.0.1') + by('203.0.113.7')],
    [
      'the topmost Received names no address',
      `${path('kim@customer.test')}Received: from mx.customer.test by mx.acme.test; x\r\n${by('203.0.113.7')}`,
    ],
    [
      'the client names an address in its HELO',
      `${path('kim@customer.test')}Received: from [203.0.113.7] by mx.acme.test with SMTP; x\r\n`,
    ],
    ['Return-Path is below', by('203.0.113.7') + path('kim@customer.test')],
    ['there is none', ''],
  ])('knows no client where %s, and then neither proves nor fails without a signature', async (_why, above) => {
    const raw = Buffer.from('From: kim@customer.test\r\nSubject: x\r\n\r\nHej\r\n')
    const { results, trust } = await check(raw, above)
    expect(results).toEqual(['dkim=none', 'arc=none', 'dmarc=none'])
    expect(trust.grade).toBe('unverified')
  })

  it('finds a changed body out', async () => {
    const raw = Buffer.from(String(await customer.sign(letter)).replace('virker ikke', 'virker fint'))
    const { results, trust } = await check(raw, path('x@evil.test') + by('198.51.100.9'))
    expect(results[0]).not.toBe('dkim=pass')
    expect(trust.grade).not.toBe('verified')
  })

  it('believes no second From', async () => {
    const raw = Buffer.concat([Buffer.from('From: anna@private.test\r\n'), await customer.sign(letter)])
    expect((await check(raw)).trust.grade).toBe('unverified')
  })

  it('says that it takes too long, instead of holding up intake', async () => {
    const raw = await customer.sign(letter)
    const { message } = await readMail(raw)
    const silent = () => new Promise<string[][]>(() => undefined)
    await expect(checkAuthentication(raw, message, { resolver: silent, timeout: 50 })).rejects.toThrow(
      'longer than 50 ms',
    )
  })

  it('takes a name server that fails for no proof, and for no failure', async () => {
    const raw = await customer.sign(letter)
    const { message } = await readMail(raw)
    const broken = async () => {
      throw Object.assign(new Error('SERVFAIL'), { code: 'ESERVFAIL' })
    }
    const { results } = await checkAuthentication(raw, message, { resolver: broken })
    expect(gradeTrust(message, { by: 'posthorn', results }, false).grade).toBe('unverified')
  })
})
