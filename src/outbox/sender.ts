import type { BrandConfig } from '../config/config.ts'
import { type Address, nameOf } from '../model/address.ts'
import { AGENT_KINDS, type Notice, type NoticeComment } from '../model/notice.ts'
import { cleanName } from './words.ts'

/**
 * The display name that a mail leaves under; the address is always the mailbox's.
 * 'Anna, Acme Support' when an agent writes to a customer, 'Kim Larsen (Acme Support)' for everybody else's words,
 * 'Acme Support' when nobody wrote.
 */
export function senderName(notice: Notice, brand: BrandConfig): string {
  if (!('comment' in notice)) return brand.fromName
  const { comment, kind } = notice
  if (AGENT_KINDS.has(kind)) return `${authorForAgents(comment)} (${brand.fromName})`
  const author = authorForCustomers(comment, brand)
  if (author === brand.fromName) return author
  return comment.byAgent ? `${author}, ${brand.fromName}` : `${author} (${brand.fromName})`
}

/** How customers see who wrote: an agent by first name alone, and never by anything made of a private address. */
export function authorForCustomers(comment: NoticeComment, brand: BrandConfig): string {
  if (!comment.byAgent) return cleanName(nameOf(comment.author))
  const name = cleanName(comment.author.name ?? '')
  const first = name.split(' ', 1)[0] ?? ''
  return first === '' || name.includes('@') ? brand.fromName : first
}

export function authorForAgents(comment: NoticeComment): string {
  return cleanName(nameOf(comment.author))
}

/** The recipient. Somebody who has not been heard from before is not called by the name that a mail claimed. */
export function recipient(notice: Notice): Address {
  const { to, kind } = notice
  const unproven = kind === 'case-received' || kind === 'mail-too-large'
  return { name: unproven || !to.name ? null : cleanName(to.name), address: to.address }
}
