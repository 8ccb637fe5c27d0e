import type { BrandConfig, MailboxConfig } from '../config/config.ts'
import { AGENT_KINDS, type Notice, type NoticeAttachment } from '../model/notice.ts'
import type { Templates } from '../render/load.ts'
import { renderNotice, type TemplateProblem } from '../render/render.ts'
import { machineHeaders, threadHeaders } from './headers.ts'
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
  /** Hears of an administrator's own template that could not be filled in; the mail is made without it. */
  report?: (problem: TemplateProblem & { row: string }) => void
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
  const view = viewOf(notice, { brand, portalUrl, timeZone, missing })
  const report = (problem: TemplateProblem) => context.report?.({ ...problem, row: notice.row })
  const rendered = renderNotice(templates, view, notice.language, report)
  const thread = 'thread' in notice ? notice.thread : null
  return {
    messageId: notice.messageId,
    envelope: { from: notice.bounceAddress ?? mailbox.address, to: notice.to.address },
    from: { name: cleanName(senderName(notice, brand)), address: mailbox.address },
    to: recipient(notice),
    replyTo: thread ? { name: cleanName(brand.fromName), address: thread.replyAddress } : null,
    subject: oneLine(rendered.subject),
    date: notice.at,
    ...threadHeaders(notice, context),
    headers: machineHeaders(notice, context),
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
