import { domainOf, localPartOf } from '../model/address.ts'
import type { ActionView } from '../render/view.ts'

/** The commands that every mail to an agent names; the names are those of the strings `help.…`. */
const USUAL = [
  { name: 'assign', line: '#assign me' },
  { name: 'solved', line: '#solved' },
  { name: 'pending', line: '#pending' },
  { name: 'note', line: '#note' },
  { name: 'help', line: '#help' },
] as const

/**
 * The usual commands of a case, each with a link that begins a mail to its reply address. Without an address of its own the
 * case would not be known by such a mail, which answers nothing: then there are no links.
 */
export function actionsFor(replyAddress: string, subject: string): ActionView[] {
  const known = localPartOf(replyAddress).includes('+')
  return USUAL.map(({ name, line }) => ({
    name,
    line,
    url: known ? mailto(replyAddress, subject, `${line}\r\n`) : null,
  }))
}

/** A mailto: link (RFC 6068): everything that is not plain is percent-encoded as UTF-8, '+' too, which some read as a space. */
export function mailto(address: string, subject: string, body: string): string {
  const to = `${encode(localPartOf(address))}@${encode(domainOf(address))}`
  return `mailto:${to}?subject=${encode(subject)}&body=${encode(body)}`
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
