import type { BrandConfig, MailboxConfig } from '../config/config.ts'
import { AGENT_KINDS, type LeaveWays, type Notice, type NoticeAttachment } from '../model/notice.ts'
import { leaveUrl } from '../model/thread-key.ts'
import type { Templates } from '../render/load.ts'
import { renderNotice } from '../render/render.ts'
import type { OutgoingMail } from './outgoing-mail.ts'
import { recipient, senderName } from './sender.ts'
import { viewOf } from './view.ts'
import { cleanName, oneLine } from './words.ts'

/** What composing needs besides the notice. */
export interface ComposeContext {
  templates: Templates
  /** The one that the notice names. */
  mailbox: MailboxConfig
  /** The mailbox's brand. */
  brand: BrandConfig
  portalUrl: string | null
  /** IANA name: by which clock mails are written. */
  timeZone: string
  /** Bytes of attachments that a mail carries at the most; what does not fit is named in it. */
  noticeAttachments: number
}

/**
 * Makes the mail that a notice is sent as. Pure: the same notice gives the same mail at every attempt.
 * Throws rather than show an internal comment to a customer.
 */
export function compose(notice: Notice, context: ComposeContext): OutgoingMail {
  assertMayBeSeen(notice)
  const { mailbox, brand, portalUrl, timeZone, templates } = context
  const all = 'comment' in notice ? notice.comment.attachments : []
  const { attached, missing } = chooseAttachments(all, context.noticeAttachments)
  const rendered = renderNotice(templates, viewOf(notice, { brand, portalUrl, timeZone, missing }), notice.language)
  const thread = 'thread' in notice ? notice.thread : null
  const references = (thread?.references ?? []).filter(isMessageId)
  return {
    messageId: notice.messageId,
    envelope: { from: notice.bounceAddress ?? mailbox.address, to: notice.to.address },
    from: { name: cleanName(senderName(notice, brand)), address: mailbox.address },
    to: recipient(notice),
    replyTo: thread ? { name: cleanName(brand.fromName), address: thread.replyAddress } : null,
    subject: oneLine(rendered.subject),
    date: notice.at,
    inReplyTo: references.at(-1) ?? null,
    references,
    headers: [...machineHeaders(notice), ...leaveHeaders(thread?.leave ?? null, portalUrl)],
    text: rendered.text,
    html: rendered.html,
    attachments: attached,
  }
}

function assertMayBeSeen(notice: Notice): void {
  if (!('comment' in notice) || notice.comment.visibility === 'public' || AGENT_KINDS.has(notice.kind)) return
  throw new Error(`outbox row ${notice.row}: an internal comment must not leave as ${notice.kind}`)
}

/** In order, as many as fit; a small one behind a large one still comes along. */
function chooseAttachments(all: NoticeAttachment[], limit: number) {
  const attached: NoticeAttachment[] = []
  const missing: NoticeAttachment[] = []
  let bytes = 0
  for (const attachment of all) {
    const fits = bytes + attachment.size <= limit
    if (fits) bytes += attachment.size
    const filename = oneLine(attachment.filename) || 'file'
    ;(fits ? attached : missing).push({ ...attachment, filename })
  }
  return { attached, missing }
}

/**
 * What tells other machines not to answer (RFC 3834, and Exchange's own header). Not 'All': that would also ask
 * Exchange to keep its delivery reports to itself (NDR), and a mail that does not arrive must be heard of.
 */
function machineHeaders(notice: Notice): OutgoingMail['headers'] {
  const replied =
    notice.kind === 'case-received' || notice.kind === 'mail-too-large' || notice.kind === 'command-receipt'
  return [
    { name: 'Auto-Submitted', value: replied ? 'auto-replied' : 'auto-generated' },
    { name: 'X-Auto-Response-Suppress', value: 'DR, RN, NRN, OOF, AutoReply' },
    { name: 'X-Posthorn-Row', value: notice.row },
  ]
}

/** How mail programs unsubscribe a participant: by mail (RFC 2369), and by one request where the portal has https (RFC 8058). */
function leaveHeaders(leave: LeaveWays | null, portalUrl: string | null): OutgoingMail['headers'] {
  if (!leave) return []
  if (portalUrl === null) return [{ name: 'List-Unsubscribe', value: `<${leave.mailto}>` }]
  const ways = { name: 'List-Unsubscribe', value: `<${leaveUrl(portalUrl, leave.key)}>, <${leave.mailto}>` }
  const oneClick = { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' }
  return portalUrl.startsWith('https:') ? [ways, oneClick] : [ways]
}

/** Whether an id of somebody else's making can stand in a header; 998 is the longest line (RFC 5322, 2.1.1). */
function isMessageId(id: string): boolean {
  return /^[\x21-\x3b\x3d\x3f-\x7e]{1,900}$/.test(id)
}
