import { describe, expect, it } from 'vitest'
import {
  type MethodResult,
  parseAuthenticationResults,
  resultsOfServer,
  serverOnTop,
  UNNAMED_SERVER,
} from '../../src/message/authentication-results.ts'

/** 'spf=pass smtp.mailfrom=a.test' for each result: one line a method. */
function lines(results: readonly MethodResult[] | undefined | null): string[] | null {
  if (!results) return null
  return results.map(({ method, result, properties }) =>
    [`${method}=${result}`, ...Object.entries(properties).map(([key, value]) => `${key}=${value}`)].join(' '),
  )
}

const read = (value: string) => lines(parseAuthenticationResults(value)?.results)
const idOf = (value: string) => parseAuthenticationResults(value)?.authservId

describe('the forms of RFC 8601', () => {
  it('reads the server, the methods and their properties', () => {
    const value =
      'example.com; spf=pass smtp.mailfrom=example.net; dkim=pass reason="good signature" header.i=@mail.example.net'
    expect(idOf(value)).toBe('example.com')
    expect(read(value)).toEqual([
      'spf=pass smtp.mailfrom=example.net',
      'dkim=pass reason=good signature header.i=@mail.example.net',
    ])
  })

  it('reads none, with and without a version', () => {
    expect(parseAuthenticationResults('example.org 1; none')).toEqual({ authservId: 'example.org', results: [] })
    expect(parseAuthenticationResults('example.org;none')).toEqual({ authservId: 'example.org', results: [] })
  })

  it('passes over comments wherever they may stand, nested ones and escaped brackets too', () => {
    const value =
      'foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n policy (A dot can go here) . (like that) expired\r\n (this surprised me) = (as I wasn\\) expecting (it)) 1362471462'
    expect(idOf(value)).toBe('foo.example.net')
    expect(read(value)).toEqual(['dkim=fail policy.expired=1362471462'])
  })

  it('takes quoted strings as one value, whatever they hold', () => {
    expect(read('"mx.test"; spf=fail smtp.mailfrom="a; dmarc=pass \\" (x"@evil.test; dkim=none')).toEqual([
      'spf=fail smtp.mailfrom=a; dmarc=pass " (x@evil.test',
      'dkim=none',
    ])
  })

  it('keeps equal signs within a value', () => {
    expect(read('mx.test; dkim=pass header.b=abc== header.d=a.test')).toEqual([
      'dkim=pass header.b=abc== header.d=a.test',
    ])
  })

  it('reads an empty value as one', () => {
    expect(read('mx.test; spf=none smtp.mailfrom=; dkim=none')).toEqual(['spf=none smtp.mailfrom=', 'dkim=none'])
    expect(read('mx.test; spf=none smtp.mailfrom= smtp.helo=a.test')).toEqual([
      'spf=none smtp.mailfrom= smtp.helo=a.test',
    ])
  })

  it('believes nothing where a comment or a string does not end', () => {
    expect(parseAuthenticationResults('mx.test; spf=pass (never ends; dmarc=pass')).toBeNull()
    expect(parseAuthenticationResults('mx.test; spf=pass smtp.mailfrom="never ends; dmarc=pass')).toBeNull()
    expect(parseAuthenticationResults('')).toBeNull()
  })

  it("believes nothing where a sender's quoted address broke out of a comment", () => {
    const value =
      'mx.test; spf=fail (mx.test: domain of "x); dmarc=pass header.from=bank.test ("@evil.test does not designate 192.0.2.1)'
    expect(parseAuthenticationResults(value)).toBeNull()
  })

  it('takes a property that stands twice from its first place', () => {
    expect(read('mx.test; dkim=pass header.d=evil.test header.d=bank.test')).toEqual(['dkim=pass header.d=evil.test'])
  })

  it('is linear in what it reads', () => {
    const before = process.cpuUsage().user
    parseAuthenticationResults(`mx.test; ${'dkim=pass (('.repeat(5_000)}`)
    parseAuthenticationResults(`mx.test; ${'a=b c.d=e '.repeat(6_000)}`)
    parseAuthenticationResults(`mx.test; ${'a '.repeat(30_000)}=b`)
    expect(process.cpuUsage().user - before).toBeLessThan(1_000_000)
  })
})

describe('the forms of the trade', () => {
  it.each<[string, string, string | null, string[]]>([
    [
      'Gmail',
      'mx.google.com;       dkim=pass header.i=@customer.test header.s=20230601 header.b=Qb3dvZ0m;       arc=pass (i=1 spf=pass spfdomain=customer.test dkim=pass dkdomain=customer.test);       spf=pass (google.com: domain of kim@customer.test designates 192.0.2.7 as permitted sender) smtp.mailfrom=kim@customer.test;       dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=customer.test;       dara=pass header.i=@gmail.com',
      'mx.google.com',
      [
        'dkim=pass header.i=@customer.test header.s=20230601 header.b=Qb3dvZ0m',
        'arc=pass',
        'spf=pass smtp.mailfrom=kim@customer.test',
        'dmarc=pass header.from=customer.test',
        'dara=pass header.i=@gmail.com',
      ],
    ],
    [
      'Exchange Online',
      'spf=pass (sender IP is 192.0.2.7)\r\n smtp.mailfrom=customer.test; dkim=pass (signature was verified)\r\n header.d=customer.test;dmarc=pass action=none\r\n header.from=customer.test;compauth=pass reason=100',
      null,
      [
        'spf=pass smtp.mailfrom=customer.test',
        'dkim=pass header.d=customer.test',
        'dmarc=pass action=none header.from=customer.test',
        'compauth=pass reason=100',
      ],
    ],
    [
      'OpenDKIM',
      'mail.acme.test;\r\n\tdkim=pass (2048-bit key; unprotected) header.d=customer.test header.i=@customer.test header.a=rsa-sha256 header.s=mail header.b=Ab/cd+Ef;\r\n\tdkim-atps=neutral',
      'mail.acme.test',
      [
        'dkim=pass header.d=customer.test header.i=@customer.test header.a=rsa-sha256 header.s=mail header.b=Ab/cd+Ef',
        'dkim-atps=neutral',
      ],
    ],
    [
      'OpenDMARC',
      'mail.acme.test; dmarc=fail (p=reject dis=none) header.from=customer.test',
      'mail.acme.test',
      ['dmarc=fail header.from=customer.test'],
    ],
    [
      'rspamd',
      'mail.acme.test;\r\n\tdkim=pass header.d=customer.test header.s=s1 header.b=f0oBar12;\r\n\tspf=pass (mail.acme.test: domain of kim@customer.test designates 192.0.2.7 as permitted sender) smtp.mailfrom=kim@customer.test;\r\n\tdmarc=pass (policy=reject) header.from=customer.test;\r\n\tarc=none',
      'mail.acme.test',
      [
        'dkim=pass header.d=customer.test header.s=s1 header.b=f0oBar12',
        'spf=pass smtp.mailfrom=kim@customer.test',
        'dmarc=pass header.from=customer.test',
        'arc=none',
      ],
    ],
    [
      'Fastmail',
      'mx3.messagingengine.com;\r\n    arc=none (no signatures found);\r\n    dkim=pass (2048-bit rsa key sha256) header.d=customer.test\r\n    header.i=@customer.test header.b=QwErTyUi header.a=rsa-sha256\r\n    header.s=fm1 x-bits=2048;\r\n    dmarc=pass policy.published-domain-policy=none\r\n    policy.applied-disposition=none policy.evaluated-disposition=none\r\n    (p=none,d=none,d.eval=none) policy.policy-from=p\r\n    header.from=customer.test;\r\n    iprev=pass smtp.remote-ip=192.0.2.7 (mx.customer.test);\r\n    spf=pass smtp.mailfrom=kim@customer.test smtp.helo=mx.customer.test',
      'mx3.messagingengine.com',
      [
        'arc=none',
        'dkim=pass header.d=customer.test header.i=@customer.test header.b=QwErTyUi header.a=rsa-sha256 header.s=fm1 x-bits=2048',
        'dmarc=pass policy.published-domain-policy=none policy.applied-disposition=none policy.evaluated-disposition=none policy.policy-from=p header.from=customer.test',
        'iprev=pass smtp.remote-ip=192.0.2.7',
        'spf=pass smtp.mailfrom=kim@customer.test smtp.helo=mx.customer.test',
      ],
    ],
  ])('reads %s', (_who, value, id, results) => {
    expect(idOf(value)).toBe(id)
    expect(read(value)).toEqual(results)
  })
})

describe('the headers of our own server', () => {
  const header = (value: string) => ({ name: 'authentication-results', value })
  const received = { name: 'received', value: 'from mx.customer.test by mx.acme.test' }
  const found = (id: string, ...headers: { name: string; value: string }[]) => lines(resultsOfServer(headers, id))

  it('are the block on top', () => {
    expect(
      found('mx.acme.test', received, header('MX.acme.test; dkim=pass'), header('mx.acme.test; dmarc=fail'), received),
    ).toEqual(['dkim=pass', 'dmarc=fail'])
  })

  it("end at anybody else's: below it all may be the sender's own", () => {
    const forged = header('mx.acme.test; dmarc=pass')
    expect(found('mx.acme.test', header('mx.acme.test; dkim=none'), header('evil.test; dkim=pass'), forged)).toEqual([
      'dkim=none',
    ])
    expect(found('mx.acme.test', header('evil.test; dkim=pass'), forged)).toBeNull()
    expect(found('mx.acme.test', header('mx.acme.test (; dkim=pass'), forged)).toBeNull()
  })

  it('end at the Received below them', () => {
    expect(
      found('mx.acme.test', header('mx.acme.test; dkim=none'), received, header('mx.acme.test; dmarc=pass')),
    ).toEqual(['dkim=none'])
  })

  it('say each method in the topmost header that speaks of it', () => {
    expect(found('mx.acme.test', header('mx.acme.test; dmarc=fail'), header('mx.acme.test; dmarc=pass'))).toEqual([
      'dmarc=fail',
    ])
  })

  it('may be written by one of many servers', () => {
    expect(found('*.messagingengine.com', header('mx3.messagingengine.com; dkim=pass'))).toEqual(['dkim=pass'])
    expect(found('*.messagingengine.com', header('messagingengine.com.evil.test; dkim=pass'))).toBeNull()
  })

  it('carry no name at Exchange, where only the topmost counts', () => {
    expect(found(UNNAMED_SERVER, header('spf=fail smtp.mailfrom=a.test'), header('dmarc=pass'))).toEqual([
      'spf=fail smtp.mailfrom=a.test',
    ])
    expect(found('mx.acme.test', header('spf=pass smtp.mailfrom=a.test'))).toBeNull()
    expect(found(UNNAMED_SERVER, header('evil.test; spf=pass smtp.mailfrom=a.test'))).toBeNull()
  })

  it('never are Received-SPF', () => {
    expect(
      found('mx.acme.test', { name: 'received-spf', value: 'pass (mx.acme.test: domain of kim@customer.test)' }),
    ).toBeNull()
  })
})

it.each([
  ['mx.acme.test; dkim=pass', 'mx.acme.test'],
  ['mx3.messagingengine.com; dkim=pass', '*.messagingengine.com'],
  ['mx3.test; dkim=pass', 'mx3.test'],
  ['spf=pass smtp.mailfrom=a.test', 'unnamed'],
  ['mx.acme.test (', null],
])('learns from %s that the server is called %s', (value, name) => {
  expect(serverOnTop([{ name: 'authentication-results', value }])).toBe(name)
})
