import { domainToASCII } from 'node:url'
import { getDomain } from 'tldts'
import { domainOf, localPartOf, normaliseAddress, withoutTag } from '../model/address.ts'
import { PUBLIC_MAIL_DOMAINS } from './public-mail-domains.ts'

/**
 * The domain that one holder registered, by the Public Suffix List with its private part: 'mail.acme.co.uk' and
 * 'acme.co.uk' give 'acme.co.uk'. In ASCII (RFC 5890), so that 'аcme.dk' with a Cyrillic letter is another one.
 * What is under no suffix (an IP address, 'localhost') stands for itself; '' where the address has no domain.
 */
export function holderOf(address: string): string {
  const domain = domainOf(normaliseAddress(address))
  const ascii = domainToASCII(domain) || domain
  return getDomain(ascii, { allowPrivateDomains: true }) ?? ascii
}

/** Whether anybody can have an address in its domain. */
export function isPublicMail(address: string): boolean {
  const domain = domainOf(normaliseAddress(address))
  return PUBLIC_MAIL_DOMAINS.has(domain) || PUBLIC_MAIL_DOMAINS.has(holderOf(address))
}

/** Whether two addresses belong to one organisation: the same registrable domain, and none that is open to everybody. */
export function sameOrganisation(one: string, other: string): boolean {
  const holder = holderOf(one)
  return holder !== '' && holder === holderOf(other) && !isPublicMail(one) && !isPublicMail(other)
}

/** Where mail to an address ends up: without the plus part, and as Gmail reads it without its dots. */
export function inboxOf(address: string): string {
  const plain = withoutTag(normaliseAddress(address))
  const domain = domainOf(plain)
  const gmail = domain === 'gmail.com' || domain === 'googlemail.com'
  return gmail ? `${localPartOf(plain).replaceAll('.', '')}@gmail.com` : plain
}
