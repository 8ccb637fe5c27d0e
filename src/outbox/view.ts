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
  SolutionProposed,
} from '../model/notice.ts'
import { leaveUrl, verdictUrl } from '../model/thread-key.ts'
import type { AgentCaseView, AgentCommentView, CaseView, CommentView, MailView } from '../render/view.ts'
import { accountView } from './account-view.ts'
import { actionsFor, mailto } from './actions.ts'
import { caseUrl } from './case-url.ts'
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
/** Of what a server said. */
const MOST_REASON = 500

/** A notice as its templates see it. */
export function viewOf(notice: Notice, context: ViewContext): MailView {
  const common = commonView(notice, context)
  switch (notice.kind) {
    case 'case-received': {
      const { title: _, ...theCase } = caseView(notice.case, context)
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
        case: caseView(notice.case, context),
        comment,
        verdict: notice.kind === 'solution-proposed' ? verdictView(notice, context) : null,
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
        case: caseView(notice.case, context),
        leave: leaveView(notice.thread, context),
      }
    case 'case-assigned':
    case 'case-reopened-agent':
      return { kind: notice.kind, answerable: true, ...common, case: agentCaseView(notice), by: cleanName(notice.by) }
    case 'delivery-failed': {
      const { to, of, why, stopped } = notice.failure
      const failure = { to: oneLine(to), of, why: shorten(oneLine(why), MOST_REASON), stopped }
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

function leaveView({ leave }: NoticeThread, { portalUrl }: ViewContext): string | null {
  if (!leave) return null
  return portalUrl === null ? leave.mailto : leaveUrl(portalUrl, leave.key)
}

/** Pages where there are any; else a mail that says yes, and the beginning of an answer. */
function verdictView(notice: SolutionProposed, { portalUrl }: ViewContext): { yes: string; no: string } | null {
  const { verdict } = notice
  if (!verdict) return null
  if (portalUrl !== null) return { yes: verdictUrl(portalUrl, verdict.yes), no: verdictUrl(portalUrl, verdict.no) }
  if (verdict.yesAddress === null) return null
  const subject = `Re: [#${notice.case.number}] ${subjectTitle(notice.case.title)}`
  return { yes: mailto(verdict.yesAddress, subject, ''), no: mailto(notice.thread.replyAddress, subject, '') }
}

function brandView(brand: BrandConfig) {
  const { fromName: name, signature, supportContact, color, logo } = brand
  return { name, signature: signature.trim(), supportContact, color, logo }
}

function caseView(it: NoticeCase, { portalUrl }: Pick<ViewContext, 'portalUrl'>): CaseView {
  return {
    number: it.number,
    title: oneLine(it.title),
    subject: subjectTitle(it.title),
    status: it.status,
    url: caseUrl(portalUrl, it.number),
  }
}

function agentCaseView(notice: { case: NoticeCase; thread: NoticeThread }): AgentCaseView {
  // Agents have no page of a case they take no part in, and a button to nowhere is worse than none.
  const view = caseView(notice.case, { portalUrl: null })
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
