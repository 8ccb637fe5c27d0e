import { describe, expect, it } from 'vitest'
import {
  bounceAddress,
  isLeaveKey,
  isVerdictKey,
  leaveKey,
  leaveLink,
  leaveUrl,
  ownMessageId,
  readBounceAddress,
  readLeaveKey,
  readLeaveKeys,
  readOwnMessageId,
  readReplyAddress,
  readVerdictKey,
  replyAddress,
  type Secrets,
  verdictAddress,
  verdictKey,
} from '../../src/model/thread-key.ts'

const secrets: Secrets = ['a secret of at least thirty-two characters']
const other: Secrets = ['another secret of at least thirty-two chars']
const day = 20_000 * 86_400_000

describe('a reply address', () => {
  const address = replyAddress(secrets, 'support@acme.test', 123, 'agent', day)

  it('says which case is meant, to whom it was given and when', () => {
    expect(readReplyAddress(secrets, address)).toEqual({ caseNumber: 123, audience: 'agent', madeOnDay: 20_000 })
  })

  it('survives upper case, which mail servers and address books make of it', () => {
    expect(readReplyAddress(secrets, address.toUpperCase())).not.toBeNull()
  })

  it('keeps within the 64 characters of a local part (RFC 5321 4.5.3.1.1)', () => {
    const longest = replyAddress(secrets, 'customer-service@acme.test', 999_999_999, 'customer', day)
    expect(longest.split('@')[0]?.length).toBeLessThanOrEqual(64)
  })

  it('is nothing under another secret', () => {
    expect(readReplyAddress(other, address)).toBeNull()
  })

  it('is still known after the secret was changed, while the old one stays in the ring', () => {
    expect(readReplyAddress([other[0], secrets[0]], address)).not.toBeNull()
  })

  it.each([
    ['another case number', (it: string) => it.replace('c123', 'c124')],
    ['another audience', (it: string) => it.replace('.a.', '.c.')],
    ['a shorter mac', (it: string) => it.replace(/.@/, '@')],
    ['no key', () => 'support@acme.test'],
    ['some other tag', () => 'support+hello@acme.test'],
  ])('is refused with %s', (_what, forge) => {
    expect(readReplyAddress(secrets, forge(address))).toBeNull()
  })
})

describe('a Message-ID of ours', () => {
  const id = ownMessageId(secrets, 'acme.test', 7, '01abc')

  it('says which case and which outbox row sent it', () => {
    expect(readOwnMessageId(secrets, id)).toEqual({ caseNumber: 7, row: '01abc' })
  })

  it('is refused with another row, another case, another secret or from somebody else', () => {
    expect(readOwnMessageId(secrets, id.replace('01abc', '01abd'))).toBeNull()
    expect(readOwnMessageId(secrets, id.replace('c7.', 'c8.'))).toBeNull()
    expect(readOwnMessageId(other, id)).toBeNull()
    expect(readOwnMessageId(secrets, 'CAF+1234@mail.gmail.com')).toBeNull()
  })

  it('cannot be made out of a reply key', () => {
    const key = replyAddress(secrets, 'support@acme.test', 7, 'customer', day)
    expect(readOwnMessageId(secrets, key.slice(key.indexOf('+') + 1))).toBeNull()
  })
})

describe('an envelope sender of ours', () => {
  const row = '01jd3c5k7v0000abcdefghjkmn'
  const address = bounceAddress(secrets, 'support@acme.test', row) ?? ''

  it('says which outbox row sent the mail, in upper case too', () => {
    expect(readBounceAddress(secrets, address)).toBe(row)
    expect(readBounceAddress(secrets, address.toUpperCase())).toBe(row)
  })

  it('is refused with another row or under another secret, and is known while the old secret is in the ring', () => {
    expect(readBounceAddress(secrets, address.replace('jd3c', 'jd3d'))).toBeNull()
    expect(readBounceAddress(other, address)).toBeNull()
    expect(readBounceAddress([other[0], secrets[0]], address)).toBe(row)
  })

  it('is no reply address, and a reply address is none', () => {
    expect(readReplyAddress(secrets, address)).toBeNull()
    expect(readBounceAddress(secrets, replyAddress(secrets, 'support@acme.test', 1, 'agent', day))).toBeNull()
  })

  it('is not made where the local part would be longer than 64 characters', () => {
    expect(bounceAddress(secrets, `${'s'.repeat(18)}@acme.test`, row)).not.toBeNull()
    expect(bounceAddress(secrets, `${'s'.repeat(19)}@acme.test`, row)).toBeNull()
  })
})

describe('a key to leave a case', () => {
  const link = (plusAddress: boolean) =>
    new URL(leaveLink(secrets, { address: 'support@acme.test', plusAddress }, 7, 'pat'))
  const [key] = readLeaveKeys([link(true).pathname.toUpperCase()], '')

  it('is in the address, or in the subject where plus-addresses do not arrive', () => {
    expect(key?.caseNumber).toBe(7)
    const plain = link(false)
    expect(plain.pathname).toBe('support@acme.test')
    expect(readLeaveKeys([plain.pathname], plain.searchParams.get('subject') ?? '')).toEqual([key])
  })

  it('is the same one in the portal, whose URL may have a path', () => {
    const same = leaveKey(secrets, 7, 'pat')
    expect(leaveUrl('https://acme.test/support/', same)).toBe(`https://acme.test/support/leave/${same}`)
    expect(readLeaveKey(same)).toEqual(key)
    expect(readLeaveKey(`${same}x`)).toBeNull()
  })

  it('is one person’s, in one case, with one secret', () => {
    if (!key) throw new Error('no key was read')
    expect(isLeaveKey(secrets, key, 'pat')).toBe(true)
    expect(isLeaveKey(['another secret of at least thirty-two characters', ...secrets], key, 'pat')).toBe(true)
    expect(isLeaveKey(secrets, key, 'lee')).toBe(false)
    expect(isLeaveKey(secrets, { ...key, caseNumber: 8 }, 'pat')).toBe(false)
    expect(isLeaveKey(['another secret of at least thirty-two characters'], key, 'pat')).toBe(false)
  })

  it('is no reply address, and a reply address is none', () => {
    expect(readReplyAddress(secrets, link(true).pathname)).toBeNull()
    expect(readLeaveKeys([replyAddress(secrets, 'support@acme.test', 7, 'customer', day)], '')).toEqual([])
  })

  it('has a local part of at most 64 characters (RFC 5321)', () => {
    const longest = leaveLink(
      secrets,
      { address: 'customer-service@acme.test', plusAddress: true },
      999_999_999,
      'p'.repeat(26),
    )
    expect(new URL(longest).pathname.split('@')[0]?.length).toBeLessThanOrEqual(64)
  })
})

describe('a key that says whether a solution helped', () => {
  const row = '01jd3c5k7v0000abcdefghjkmn'
  const key = verdictKey(secrets, 'yes', 123, row)
  const read = (text: string) => readVerdictKey(text) ?? { verdict: 'yes' as const, caseNumber: 0, mac: 'a'.repeat(16) }

  it('says what, of which case, and for which mail it was made', () => {
    expect(readVerdictKey(key)).toMatchObject({ verdict: 'yes', caseNumber: 123 })
    expect(readVerdictKey(verdictKey(secrets, 'no', 123, row))).toMatchObject({ verdict: 'no' })
    expect(isVerdictKey(secrets, read(key), row)).toBe(true)
    expect(isVerdictKey([other[0], secrets[0]], read(key), row)).toBe(true)
  })

  it('comes back in an address, in upper case too, and within 64 characters', () => {
    const address = verdictAddress({ address: 'customer-service@acme.test', plusAddress: true }, key) ?? ''
    expect(address.split('@')[0]?.length).toBeLessThanOrEqual(64)
    expect(isVerdictKey(secrets, read(address.toUpperCase()), row)).toBe(true)
    expect(verdictAddress({ address: 'support@acme.test', plusAddress: false }, key)).toBeNull()
  })

  it('is none for another mail, another secret, another case or another word', () => {
    expect(isVerdictKey(secrets, read(key), '01jd3c5k7v0000abcdefghjkmm')).toBe(false)
    expect(isVerdictKey(other, read(key), row)).toBe(false)
    expect(isVerdictKey(secrets, read(key.replace('y123', 'y124')), row)).toBe(false)
    expect(isVerdictKey(secrets, read(key.replace('y123', 'n123')), row)).toBe(false)
    for (const text of ['', 'y123', 'y123.', `${key}a`, key.slice(0, -1), leaveKey(secrets, 123, row)])
      expect(readVerdictKey(text)).toBeNull()
  })
})
