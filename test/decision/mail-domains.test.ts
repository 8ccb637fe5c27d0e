import { describe, expect, it } from 'vitest'
import { holderOf, inboxOf, isPublicMail, sameOrganisation } from '../../src/decision/mail-domains.ts'

describe('the holder of a domain', () => {
  it.each([
    ['kim@acme.dk', 'acme.dk'],
    ['kim@mail.acme.co.uk', 'acme.co.uk'],
    ['Kim@ACME.dk', 'acme.dk'],
    ['kim@customer.test', 'customer.test'],
    ['kim@ørsted.dk', 'xn--rsted-uua.dk'],
    ['kim@xn--rsted-uua.dk', 'xn--rsted-uua.dk'],
    ['kim@shop.github.io', 'shop.github.io'],
    ['kim@[192.0.2.1]', '[192.0.2.1]'],
    ['kim', ''],
  ])('of %s is %s', (address, holder) => {
    expect(holderOf(address)).toBe(holder)
  })
})

describe('one organisation', () => {
  it('has one registrable domain', () => {
    expect(sameOrganisation('kim@acme.dk', 'pat@oslo.acme.dk')).toBe(true)
    expect(sameOrganisation('kim@acme.co.uk', 'pat@other.co.uk')).toBe(false)
    expect(sameOrganisation('kim@one.github.io', 'pat@two.github.io')).toBe(false)
  })

  it('is not a provider of mail for everybody', () => {
    for (const domain of ['gmail.com', 'hotmail.dk', 'live.dk', 'outlook.com', 'yahoo.co.uk', 'icloud.com', 'mail.dk'])
      expect(sameOrganisation(`kim@${domain}`, `pat@${domain}`), domain).toBe(false)
  })

  it('is not what only looks like it', () => {
    expect(sameOrganisation('kim@acme.dk', 'pat@аcme.dk')).toBe(false)
    expect(sameOrganisation('kim@acme.dk', 'pat@acme.dk.evil.example')).toBe(false)
    expect(sameOrganisation('kim@acme.dk', 'pat@notacme.dk')).toBe(false)
    expect(sameOrganisation('kim', 'pat')).toBe(false)
  })

  it('can be a company on its own domain, whatever it is called', () => {
    expect(isPublicMail('kim@gmail.com.evil.example')).toBe(false)
  })
})

describe('an inbox', () => {
  it('is the same with a tag, and at Gmail with dots', () => {
    expect(inboxOf('Kim+9@customer.test')).toBe('kim@customer.test')
    expect(inboxOf('k.i.m+x@googlemail.com')).toBe('kim@gmail.com')
    expect(inboxOf('k.im@customer.test')).toBe('k.im@customer.test')
  })
})
