import type { BrandConfig, MailboxConfig } from '../config/config.ts'
import { domainOf, localPartOf } from '../model/address.ts'
import type { Notice, NoticeKind } from '../model/notice.ts'
import { topicOf } from '../model/preferences.ts'
import { leaveUrl, sharedRootId, stopUrl } from '../model/thread-key.ts'
import type { OutgoingMail } from './outgoing-mail.ts'

/** What headers take from outside the notice. */
export interface HeaderContext {
  mailbox: Pick<MailboxConfig, 'name' | 'address'>
  brand: Pick<BrandConfig, 'name'>
  portalUrl: string | null
}

type Headers = OutgoingMail['headers']

/** The kinds that answer a mail (RFC 3834, 5): nobody would be written to if they had not written. */
const REPLIES: ReadonlySet<NoticeKind> = new Set<NoticeKind>(['case-received', 'mail-too-large', 'command-receipt'])
/** Two long names may make the same mark; then complaints about both are summed up, which harms nothing. */
const MOST_IN_MARK = 40

/** The headers that machines read, besides those of the thread. */
export function machineHeaders(notice: Notice, context: HeaderContext): Headers {
  return [
    { name: 'Auto-Submitted', value: REPLIES.has(notice.kind) ? 'auto-replied' : 'auto-generated' },
    // Exchange's own. Not 'All': that would also ask it to keep its delivery reports to itself (NDR), and a mail that
    // does not arrive must be heard of.
    { name: 'X-Auto-Response-Suppress', value: 'DR, RN, NRN, OOF, AutoReply' },
    { name: 'Feedback-ID', value: feedbackId(notice.kind, context) },
    { name: 'X-Posthorn-Row', value: notice.row },
    ...listHeaders(notice, context),
    ...leaveHeaders(notice, context),
  ]
}

/**
 * By what a provider sums up complaints (Gmail's feedback loop): kind, brand, mailbox and who sends, four parts at the most,
 * none like another, nobody's address in them.
 */
function feedbackId(kind: NoticeKind, { brand, mailbox }: HeaderContext): string {
  return [kind, `brand-${mark(brand.name)}`, `mailbox-${mark(mailbox.name)}`, 'posthorn'].join(':')
}

/** A name as letters, digits and hyphens. */
function mark(name: string): string {
  const plain = name.normalize('NFKD').replace(/[^0-9a-zA-Z]+/g, '-')
  return plain.replace(/^-|-$/g, '').slice(0, MOST_IN_MARK) || 'x'
}

/**
 * Digests and followed areas are what somebody subscribes to: List-Id (RFC 2919), a way to end it by mail (RFC 2369), and by
 * one request where the portal has https (RFC 8058). Precedence is for old vacation programs, which know no newer header
 * and may answer anything that is not marked. Mails of a case have none: it makes some servers keep delivery reports back.
 */
function listHeaders(notice: Notice, { mailbox, portalUrl }: HeaderContext): Headers {
  const topic = topicOf(notice.kind)
  if (topic !== 'digests' && topic !== 'areas') return []
  const listId = `<${topic === 'areas' ? 'areas' : notice.kind}.${label(mailbox.address)}.${domainOf(mailbox.address)}>`
  const marks = [
    { name: 'List-Id', value: listId },
    { name: 'Precedence', value: 'bulk' },
  ]
  if (!notice.settings) return marks
  const { key, mailto } = notice.settings.stop
  return [...marks, ...unsubscribing(mailto, portalUrl, (url) => stopUrl(url, key))]
}

/** A local part as one label of a List-Id: '+' and the like stand in addresses, not there. */
function label(address: string): string {
  return mark(localPartOf(address)).toLowerCase()
}

/** A participant leaves the case. The contact and agents have no such header: it is theirs, and one wrong click would end it. */
function leaveHeaders(notice: Notice, { portalUrl }: HeaderContext): Headers {
  const leave = 'thread' in notice ? notice.thread.leave : null
  return leave ? unsubscribing(leave.mailto, portalUrl, (url) => leaveUrl(url, leave.key)) : []
}

/** Without https there is no one-click: mail programs would not use it, and RFC 8058 forbids it. */
function unsubscribing(mailto: string, portalUrl: string | null, page: (portalUrl: string) => string): Headers {
  if (portalUrl === null) return [{ name: 'List-Unsubscribe', value: `<${mailto}>` }]
  const ways = { name: 'List-Unsubscribe', value: `<${page(portalUrl)}>, <${mailto}>` }
  const oneClick = { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' }
  return portalUrl.startsWith('https:') ? [ways, oneClick] : [ways]
}

/**
 * What a mail answers (RFC 5322, 3.6.4). References begin with an ancestor that is never sent and that all mails about the
 * same thing share, so that clients show them as one conversation even where one is missing. In-Reply-To is the newest mail
 * that the recipient has; the first mail to somebody answers none.
 */
export function threadHeaders(
  notice: Notice,
  { mailbox }: HeaderContext,
): Pick<OutgoingMail, 'references' | 'inReplyTo'> {
  const references = ancestors(notice, domainOf(mailbox.address)).filter(isMessageId)
  return { references, inReplyTo: references.slice(1).at(-1) ?? null }
}

/** The root first. Digests and mails about an account stand alone. */
function ancestors(notice: Notice, domain: string): string[] {
  if ('thread' in notice) return notice.thread.references
  if ('threadId' in notice) return [sharedRootId(domain, 'article', notice.threadId)]
  // The end of an alarm belongs to its beginning.
  if (notice.kind === 'mailbox-alarm')
    return [sharedRootId(domain, 'alarm', `${notice.alarm.mailbox}-${notice.alarm.since}`)]
  return []
}

/** Whether an id of somebody else's making can stand in a header; 998 is the longest line (RFC 5322, 2.1.1). */
function isMessageId(id: string): boolean {
  return /^[\x21-\x3b\x3d\x3f-\x7e]{1,900}$/.test(id)
}
