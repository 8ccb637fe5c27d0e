import { domainToUnicode } from 'node:url'
import type { Message } from '../message/message.ts'
import { domainOf, maskAddress, normaliseAddress } from '../model/address.ts'

/** Something in From that can make a reader take the sender for somebody else. */
export interface Doubt {
  what: string
  /** one-step: the grade sinks by one. unverified: it is that at most. */
  lowers: 'one-step' | 'unverified'
}

/** What speaks against the sender's name and address as a reader sees them. */
export function doubtsAbout(message: Message): Doubt[] {
  const doubts: Doubt[] = []
  const add = (what: string, lowers: Doubt['lowers']) => doubts.push({ what, lowers })
  const fields = message.headers.filter((header) => header.name === 'from').length
  const authors = new Set(message.allFrom.map((it) => normaliseAddress(it.address)).filter((it) => it !== ''))
  if (fields > 1) add(`it has ${fields} From headers`, 'unverified')
  else if (authors.size > 1) add(`its From names ${authors.size} addresses`, 'unverified')
  const named = addressInName(message)
  if (named) add(`its display name is another address (${maskAddress(named)})`, 'one-step')
  const label = lookalikeLabel(domainOf(message.from?.address ?? ''))
  if (label) add(`the domain's part '${label}' looks like other letters than it is written in`, 'unverified')
  return doubts
}

const ADDRESS = /[^\s<>"'(),;:@]{1,64}@[^\s<>"'(),;:@]{1,255}\.[^\s<>"'(),;:@.]{2,63}/gu

/** An address within the display name that is not the one behind it. */
function addressInName(message: Message): string | null {
  const name = (message.from?.name ?? '').normalize('NFKC').slice(0, 500)
  const own = normaliseAddress(message.from?.address ?? '')
  return name.match(ADDRESS)?.find((found) => normaliseAddress(found) !== own) ?? null
}

/** Scripts whose letters look like Latin ones. */
const SIMILAR = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}]/u
const LATIN = /\p{Script=Latin}/u
/** Letters of other scripts, and rare Latin ones, that are drawn like a to z: whole words can be made of them. */
const DRAWN_ALIKE = /^[аеорсухіјѕԁһӏԛԝьѵгтпαοινρυχκօսոցհզɑɡɩıʟⅼⅰ0-9-]+$/u
const RARE_LATIN = /[ɑɡɩıʟⅼⅰ]/u

/**
 * A part of a domain that mixes Latin with letters that look like Latin, or is made of such letters alone (UTS 39 section 5).
 * A name wholly in another script, or with the letters of a language (å, ø, ü), is none.
 */
function lookalikeLabel(domain: string): string | null {
  const labels = (domainToUnicode(domain) || domain).split('.')
  return labels.find((label) => (LATIN.test(label) && SIMILAR.test(label)) || isDrawnAlike(label)) ?? null
}

function isDrawnAlike(label: string): boolean {
  return RARE_LATIN.test(label) || (SIMILAR.test(label) && DRAWN_ALIKE.test(label))
}
