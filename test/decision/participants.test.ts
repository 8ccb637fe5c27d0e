import { describe, expect, it } from 'vitest'
import { type NamingFacts, namedPeople } from '../../src/decision/participants.ts'

const facts = (over: Partial<NamingFacts> = {}): NamingFacts => ({
  policy: 'same-organisation',
  contact: 'kim@customer.test',
  own: new Set(['support@acme.test']),
  trust: 'plausible',
  ...over,
})

const names = (addresses: string[], over: Partial<NamingFacts> = {}) =>
  namedPeople(
    addresses.map((address) => ({ name: null, address })),
    facts(over),
  ).map((it) => it.address)

describe('who is named in a mail', () => {
  it('takes part when they are of the same organisation as the contact', () => {
    const mail = ['Pat@Customer.test', 'lee@oslo.customer.test', 'mallory@elsewhere.test']
    expect(names(mail)).toEqual(['pat@customer.test', 'lee@oslo.customer.test'])
    expect(names(mail, { policy: 'all' })).toHaveLength(3)
    expect(names(mail, { policy: 'off' })).toEqual([])
  })

  it('is nobody where the contact has an address that anybody can have', () => {
    expect(names(['pat@gmail.com'], { contact: 'kim@gmail.com' })).toEqual([])
  })

  it('is never the contact, one of our own addresses, a machine or no address at all', () => {
    const mail = [
      'kim@customer.test',
      'support@acme.test',
      'SUPPORT+c1.x.c.y@acme.test',
      'noreply@customer.test',
      'mailer-daemon@customer.test',
      'x@y.invalid',
      'not an address',
      '',
    ]
    expect(names(mail, { policy: 'all' })).toEqual([])
    expect(names(['support@customer.test'], { own: new Set(['support@customer.test']) })).toEqual([])
  })

  it('counts once', () => {
    expect(names(['pat@customer.test', 'PAT@customer.test'])).toEqual(['pat@customer.test'])
  })

  it('brings in no stranger on the word of a sender who is not proven', () => {
    const mail = ['pat@customer.test', 'mallory@elsewhere.test']
    expect(names(mail, { policy: 'all', trust: 'verified' })).toEqual(mail)
    expect(names(mail, { policy: 'all', trust: 'unverified' })).toEqual(['pat@customer.test'])
    expect(names(mail, { policy: 'all', trust: 'failed' })).toEqual([])
    expect(names(mail, { trust: 'failed' })).toEqual([])
  })

  it('is looked at for a hundred addresses and no more', () => {
    const mail = Array.from({ length: 5_000 }, (_, index) => `p${index}@customer.test`)
    expect(names(mail)).toHaveLength(100)
  })
})
