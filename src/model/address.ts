/** A mailbox address as a mail names it. `address` is lower-cased and trimmed; `name` is the display name, decoded. */
export interface Address {
  name: string | null
  address: string
}

/** The form in which addresses are compared and stored: trimmed, lower case, NFC. */
export function normaliseAddress(address: string): string {
  return address.trim().normalize('NFC').toLowerCase()
}

/** What stands after the last `@`, or '' where there is none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? '' : address.slice(at + 1)
}

/** What stands before the last `@`. */
export function localPartOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? address : address.slice(0, at)
}

/** The address without its plus part: `support+x@acme.test` → `support@acme.test`. */
export function withoutTag(address: string): string {
  const plus = address.indexOf('+')
  const at = address.lastIndexOf('@')
  return plus > 0 && plus < at ? address.slice(0, plus) + address.slice(at) : address
}

/** For logs: `kim@acme.test` → `k…@acme.test`. Enough to recognise, too little to write to. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 1 ? '…' : `${address.slice(0, 1)}…${address.slice(at)}`
}

/** A name for somebody who gave none: the local part of the address. */
export function nameOf(who: Address): string {
  return who.name?.trim() || localPartOf(who.address) || 'unknown'
}
