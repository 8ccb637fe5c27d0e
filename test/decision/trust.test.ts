import { describe, expect, it } from 'vitest'
import { isAligned } from '../../src/decision/alignment.ts'
import type { Trust } from '../../src/decision/decision.ts'
import { gradeTrust } from '../../src/decision/trust.ts'
import { parseAuthenticationResults } from '../../src/message/authentication-results.ts'
import type { Message } from '../../src/message/message.ts'
import { makeMessage } from '../support/messages.ts'

/** The grade of Kim's mail (kim@customer.test) with what the server wrote after its name. */
function grade(results: string | null, message: Partial<Message> = {}, holdsOwnKey = false) {
  const parsed = results === null ? null : parseAuthenticationResults(`mx.acme.test; ${results}`)
  const check = parsed ? { by: 'mx.acme.test', results: parsed.results } : null
  return gradeTrust(makeMessage(message), check, holdsOwnKey)
}

const from = (address: string, name: string | null = 'Kim'): Partial<Message> => ({
  from: { name, address },
  allFrom: [{ name, address }],
})

describe('the grade of a mail', () => {
  it.each<[Trust, string]>([
    ['verified', 'dmarc=pass header.from=customer.test'],
    ['verified', 'dmarc=pass (p=none)'],
    ['verified', 'dkim=pass header.d=customer.test'],
    ['verified', 'dkim=pass header.d=mail.customer.test; spf=fail smtp.mailfrom=other.test'],
    ['verified', 'dkim=pass header.i=@customer.test header.s=s1'],
    ['verified', 'dkim=fail header.d=customer.test; dkim=pass header.d=customer.test'],
    ['verified', 'spf=pass smtp.mailfrom=kim@customer.test'],
    ['verified', 'spf=pass smtp.mailfrom=bounces.customer.test; dkim=none'],
    ['verified', 'dmarc=bestguesspass action=none header.from=customer.test; spf=pass smtp.mailfrom=customer.test'],
    ['unverified', 'dmarc=none; dkim=pass header.d=mailer.test; spf=pass smtp.mailfrom=mailer.test'],
    ['unverified', 'spf=softfail smtp.mailfrom=customer.test'],
    ['unverified', 'dkim=pass header.d=customer.test.evil.test'],
    ['unverified', 'dkim=pass header.i=kim@customer.test header.d=evil.test'],
    ['unverified', 'dkim=pass'],
    ['unverified', 'spf=pass smtp.helo=customer.test'],
    ['unverified', 'dmarc=temperror header.from=customer.test'],
    ['unverified', 'none'],
    ['failed', 'dmarc=fail (p=reject) header.from=customer.test'],
    ['failed', 'dmarc=fail header.from=customer.test; dkim=pass header.d=evil.test; spf=pass smtp.mailfrom=evil.test'],
    ['failed', 'spf=fail smtp.mailfrom=customer.test'],
    ['failed', 'compauth=fail reason=001; dmarc=none'],
  ])('is %s with %s', (wanted, results) => {
    expect(grade(results).grade).toBe(wanted)
  })

  it('is unverified where nobody checked, and plausible with a key that only the sender was given', () => {
    expect(grade(null).grade).toBe('unverified')
    expect(grade(null, {}, true).grade).toBe('plausible')
    expect(grade('spf=none; dkim=none', {}, true).grade).toBe('plausible')
  })

  it('stays failed with a key: the key may be stolen', () => {
    expect(grade('dmarc=fail header.from=customer.test', {}, true).grade).toBe('failed')
  })

  it('is not verified by a result about another From', () => {
    expect(grade('dmarc=pass header.from=evil.test').grade).toBe('unverified')
  })

  it('is not verified by a second result behind a failure', () => {
    expect(grade('dmarc=fail header.from=customer.test; dmarc=pass header.from=customer.test').grade).toBe('failed')
    expect(grade('spf=fail smtp.mailfrom=customer.test; spf=pass smtp.mailfrom=customer.test').grade).toBe('failed')
  })

  it('says who found what', () => {
    expect(grade('dmarc=pass header.from=customer.test').evidence).toBe('mx.acme.test found dmarc=pass')
    expect(grade('spf=none; dkim=none').evidence).toBe(
      'mx.acme.test found no proof of the sender (spf=none, dkim=none)',
    )
  })
})

describe('mail that was passed on', () => {
  const broken = 'dmarc=fail header.from=customer.test; spf=pass smtp.mailfrom=forwarder.test'

  it.each<[string, string, Partial<Message>]>([
    ['the server found an intact ARC chain', `${broken}; arc=pass`, {}],
    ['it comes from a list', broken, { automatic: { kind: 'list', evidence: 'List-Id' } }],
    ['its signature was broken on the way', `${broken}; dkim=fail header.d=customer.test`, {}],
    [
      'it was forwarded under its own envelope',
      'spf=fail smtp.mailfrom=customer.test; dkim=fail header.d=customer.test',
      {},
    ],
  ])('is unverified and no failure where %s', (_why, results, message) => {
    expect(grade(results, message)).toMatchObject({ grade: 'unverified', forwarded: true })
  })

  it('is a failure without any of these', () => {
    expect(grade(broken)).toMatchObject({ grade: 'failed', forwarded: false })
    expect(grade(`${broken}; dkim=fail header.d=forwarder.test; arc=fail`)).toMatchObject({ grade: 'failed' })
  })
})

describe('what makes the sender look like somebody else', () => {
  const pass = 'dkim=pass header.d=customer.test'

  it('two From headers: unverified at the most', () => {
    const headers = [
      { name: 'from', value: 'kim@customer.test' },
      { name: 'from', value: 'anna@private.test' },
    ]
    expect(grade(pass, { headers })).toMatchObject({ grade: 'unverified' })
    expect(grade(pass, { headers }).evidence).toContain('2 From headers')
  })

  it('two addresses in From: unverified at the most', () => {
    const allFrom = ['kim@customer.test', 'anna@private.test'].map((address) => ({ name: null, address }))
    expect(grade(pass, { allFrom }).grade).toBe('unverified')
  })

  it('a display name that is another address: one step', () => {
    expect(grade(pass, from('kim@customer.test', 'anna@private.test')).grade).toBe('plausible')
    expect(grade(null, from('kim@customer.test', 'Anna (anna＠private.test)'), true).grade).toBe('unverified')
    expect(grade(null, from('kim@customer.test', 'anna@private.test')).grade).toBe('unverified')
  })

  it('a display name that is the very address: nothing', () => {
    expect(grade(pass, from('kim@customer.test', 'KIM@customer.test')).grade).toBe('verified')
    expect(grade(pass, from('kim@customer.test', 'Kim @ work')).grade).toBe('verified')
  })

  it.each(['kim@custоmer.test', 'kim@xn--custmer-1of.test', 'kim@аррӏе.test', 'kim@ɡmail.test'])(
    'a domain of lookalike letters, %s: unverified at the most',
    (address) => {
      const domain = address.slice(4)
      expect(grade(`dmarc=pass header.from=${domain}`, from(address)).grade).toBe('unverified')
    },
  )

  it.each([
    'kim@blåbærgrød.test',
    'kim@xn--blbrgrd-fxak7p.test',
    'kim@почта.test',
    'kim@日本tokyo.test',
    'kim@παράδειγμα.test',
  ])('a domain in the letters of a language, %s: nothing', (address) => {
    const domain = address.slice(4)
    expect(grade(`dmarc=pass header.from=${domain}`, from(address)).grade).toBe('verified')
  })

  it('never makes a failure better', () => {
    expect(grade('dmarc=fail', from('kim@customer.test', 'anna@private.test')).grade).toBe('failed')
  })
})

it.each<[string, string, boolean]>([
  ['customer.test', 'CUSTOMER.test.', true],
  ['a.customer.co.uk', 'customer.co.uk', true],
  ['a.co.uk', 'b.co.uk', false],
  ['a.github.io', 'b.github.io', false],
  ['a.onmicrosoft.com', 'b.onmicrosoft.com', false],
  ['a.onmicrosoft.com', 'a.onmicrosoft.com', true],
  ['blåbær.test', 'xn--blbr-roah.test', true],
  ['', '', false],
  ['co.uk', 'customer.co.uk', false],
])('%s and %s are of one organisation: %s', (one, two, same) => {
  expect(isAligned(one, two)).toBe(same)
})
