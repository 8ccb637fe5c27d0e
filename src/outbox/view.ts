import type { BrandConfig } from '../config/config.ts'
import { nameOf } from '../model/address.ts'
import type {
  CommandReceipt,
  Notice,
  NoticeAttachment,
  NoticeCase,
  NoticeComment,
  NoticeFile,
  NoticeThread,
} from '../model/notice.ts'
import { leaveUrl } from '../model/thread-key.ts'
import type { AgentCaseView, AgentCommentView, CaseView, CommentView, MailView } from '../render/view.ts'
import { accountView } from './account-view.ts'
import { actionsFor } from './actions.ts'
import { newsView } from './news-view.ts'
import { authorForAgents, authorForCustomers } from './sender.ts'
import { settingsLink } from './settings.ts'
import { cleanName, cleanText, oneLine, shorten, subjectTitle } from './words.ts'

/** What a view takes from outside the notice. */
export interface ViewContext {
  brand: BrandConfig
  portalUrl: string | null
  /** IANA name: by which clock times are written. */
  timeZone: string
  /** Attachments that do not come along. */
  missing: NoticeAttachment[]
}

/** Characters of a comment that a mail carries at the most; the whole text is in the case. */
const MOST_TEXT = 200_000
const MOST_PREVIEW = 140

/** A notice as its templates see it. */
export function viewOf(notice: Notice, context: ViewContext): MailView {
  const common = commonView(notice, context)
  switch (notice.kind) {
    case 'case-received': {
      const { title: _, ...theCase } = caseView(notice.case)
      const subject = notice.titled ? theCase.subject : cleanName(common.brand.name)
      return { kind: notice.kind, answerable: true, ...common, case: { ...theCase, subject } }
    }
    case 'comment-added':
    case 'solution-proposed': {
      const comment = commentView(notice.comment, authorForCustomers(notice.comment, context.brand), context)
      const leave = leaveView(notice.thread, context)
      return {
        kind: notice.kind,
        answerable: true,
        ...common,
        case: caseView(notice.case),
        comment,
        verdict: null,
        leave,
      }
    }
    case 'case-opened':
    case 'comment-added-agent':
    case 'mail-held': {
      const comment = agentCommentView(notice.comment, context)
      return { kind: notice.kind, answerable: true, ...common, case: agentCaseView(notice), comment }
    }
    case 'case-closed':
    case 'case-reopened':
      return {
        kind: notice.kind,
        answerable: true,
        ...common,
        case: caseView(notice.case),
        leave: leaveView(notice.thread, context),
      }
    case 'case-assigned':
    case 'case-reopened-agent':
      return { kind: notice.kind, answerable: true, ...common, case: agentCaseView(notice), by: cleanName(notice.by) }
    case 'delivery-failed': {
      const { to, of, why, stopped } = notice.failure
      const failure = { to: oneLine(to), of, why: oneLine(why), stopped }
      return { kind: notice.kind, answerable: true, ...common, case: agentCaseView(notice), failure }
    }
    case 'command-receipt':
      return { kind: notice.kind, answerable: true, ...common, case: agentCaseView(notice), ...receiptView(notice) }
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
      return { answerable: false, ...common, ...newsView(notice) }
    case 'mailbox-alarm': {
      const { mailbox, since, error, recoveredAt } = notice.alarm
      const alarm = { mailbox: oneLine(mailbox), since, error: oneLine(error), recoveredAt }
      return { kind: notice.kind, answerable: false, ...common, alarm }
    }
    default:
      return { answerable: false, ...common, ...accountView(notice) }
  }
}

function commonView(notice: Notice, context: ViewContext) {
  const { brand, timeZone, portalUrl } = context
  return { brand: brandView(brand), timeZone, settings: settingsLink(notice.settings ?? null, portalUrl) }
}

function leaveView({ leave }: NoticeThread, { portalUrl }: ViewContext): string | null {
  if (!leave) return null
  return portalUrl === null ? leave.mailto : leaveUrl(portalUrl, leave.key)
}

function brandView(brand: BrandConfig) {
  const { fromName: name, signature, supportContact, color, logo } = brand
  return { name, signature: signature.trim(), supportContact, color, logo }
}

function caseView(it: NoticeCase): CaseView {
  return {
    number: it.number,
    title: oneLine(it.title),
    subject: subjectTitle(it.title),
    status: it.status,
    // The portal has no page for a case yet, and a button to nowhere is worse than none.
    url: null,
  }
}

function agentCaseView(notice: { case: NoticeCase; thread: NoticeThread }): AgentCaseView {
  const view = caseView(notice.case)
  const actions = actionsFor(notice.thread.replyAddress, `Re: [#${view.number}] ${view.subject}`)
  return { ...view, contact: cleanName(nameOf(notice.case.contact)), actions }
}

function receiptView({ done, refused, wordless, help }: CommandReceipt) {
  const clean = refused.map(({ line, why }) => ({ line: oneLine(line), why }))
  return {
    done: done.length === 0 ? null : done.map(({ key, value }) => ({ key, value: oneLine(value) })),
    refused: clean.length === 0 ? null : clean,
    keptWords: clean.length > 0 && !wordless,
    help: help.length === 0 ? null : help,
  }
}

function commentView(it: NoticeComment, author: string, { missing }: ViewContext): CommentView {
  const text = cleanText(it.text)
  return {
    author,
    text: text.length > MOST_TEXT ? shorten(text, MOST_TEXT) : text,
    start: shorten(oneLine(text.slice(0, 2 * MOST_PREVIEW)), MOST_PREVIEW),
    cut: text.length > MOST_TEXT,
    missing: filesView(missing),
    withheld: filesView(it.withheld),
  }
}

function filesView(files: readonly NoticeFile[]) {
  return files.length === 0 ? null : files.map(({ filename, size }) => ({ filename: oneLine(filename), size }))
}

function agentCommentView(it: NoticeComment, context: ViewContext): AgentCommentView {
  const view = commentView(it, authorForAgents(it), context)
  return {
    ...view,
    address: oneLine(it.author.address),
    internal: it.visibility === 'internal',
    held: it.held === null ? null : oneLine(it.held),
  }
}
