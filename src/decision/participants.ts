import { ROBOT_LOCAL } from '../message/automatic/senders.ts'
import { type Address, domainOf, localPartOf, normaliseAddress, withoutTag } from '../model/address.ts'
import type { ParticipantPolicy } from '../model/policy.ts'
import type { Trust } from './decision.ts'
import { sameOrganisation } from './mail-domains.ts'

export interface NamingFacts {
  policy: ParticipantPolicy['policy']
  /** The contact's address. */
  contact: string
  /** Addresses of our mailboxes, lower case, without plus part. */
  own: ReadonlySet<string>
  /** Of the mail that names them. */
  trust: Trust
}

/** More than these are not looked at: a mail may name thousands. */
const MOST_NAMED = 100

/**
 * The people of a mail's To and Cc whom the policy lets in, in their order, each once, addresses normalised. Pure; whether
 * one of them is an agent, is there already or has left is for the caller, who knows.
 *
 * Whoever can write in somebody's name could bring in a stranger as well: a mail whose sender is proven to be another names
 * nobody, and one whose sender is not proven names people of the contact's own organisation alone.
 */
export function namedPeople(named: readonly Address[], facts: NamingFacts): Address[] {
  if (facts.policy === 'off' || facts.trust === 'failed') return []
  const proven = facts.trust === 'verified' || facts.trust === 'plausible'
  const found = new Map<string, Address>()
  for (const { name, address: written } of named.slice(0, MOST_NAMED)) {
    const address = normaliseAddress(written)
    if (found.has(address) || !canTakePart(address, facts)) continue
    const colleague = sameOrganisation(address, facts.contact)
    if (colleague || (facts.policy === 'all' && proven)) found.set(address, { name, address })
  }
  return [...found.values()]
}

function canTakePart(address: string, { contact, own }: NamingFacts): boolean {
  const domain = domainOf(address)
  return (
    address !== normaliseAddress(contact) &&
    !own.has(withoutTag(address)) &&
    /^[^\s@<>"(),;:]{1,64}@[^\s@<>"(),;:]{1,255}$/.test(address) &&
    !domain.endsWith('.invalid') &&
    !ROBOT_LOCAL.test(localPartOf(address))
  )
}
