import type { BrandConfig } from '../config/config.ts'
import type { Notice } from '../model/notice.ts'
import type { MailView } from '../render/view.ts'
import { accountView } from './account-view.ts'
import { agentView, customerView } from './case-view.ts'
import { newsView } from './news-view.ts'
import { settingsLink } from './settings.ts'
import type { ViewContext } from './view-context.ts'
import { cleanName, MOST_REASON, oneLine, shorten, subjectTitle } from './words.ts'

/** A notice as its templates see it. */
export function viewOf(notice: Notice, context: ViewContext): MailView {
  const common = commonView(notice, context)
  switch (notice.kind) {
    case 'case-received':
    case 'comment-added':
    case 'solution-proposed':
    case 'case-closed':
    case 'case-reopened':
      return { answerable: true, ...common, ...customerView(notice, context) }
    case 'case-opened':
    case 'comment-added-agent':
    case 'mail-held':
    case 'case-assigned':
    case 'case-reopened-agent':
    case 'delivery-failed':
    case 'command-receipt':
      return { answerable: true, ...common, ...agentView(notice, context) }
    case 'mail-too-large': {
      const subject = notice.subject.trim() === '' ? '' : subjectTitle(notice.subject)
      const mail = { subject, size: notice.size, limit: notice.limit }
      return { kind: notice.kind, answerable: false, ...common, mail }
    }
    case 'article-published':
    case 'article-commented':
    case 'agent-digest':
    case 'customer-digest':
    case 'article-digest':
      return { answerable: false, ...common, ...newsView(notice, context.portalUrl) }
    case 'mailbox-alarm': {
      const { mailbox, since, error, recoveredAt } = notice.alarm
      const alarm = { mailbox: cleanName(mailbox), since, error: shorten(oneLine(error), MOST_REASON), recoveredAt }
      return { kind: notice.kind, answerable: false, ...common, alarm }
    }
    default:
      return { answerable: false, ...common, ...accountView(notice) }
  }
}

function commonView(notice: Notice, context: ViewContext) {
  const { brand, portalUrl } = context
  // A digest is about its reader's day, by the clock that the day was cut by.
  const timeZone = 'timeZone' in notice ? notice.timeZone : context.timeZone
  return { brand: brandView(brand), timeZone, settings: settingsLink(notice.settings ?? null, portalUrl) }
}

function brandView(brand: BrandConfig) {
  const { fromName: name, signature, supportContact, color, logo } = brand
  return { name, signature: signature.trim(), supportContact, color, logo }
}
