import { nameOf } from '../model/address.ts'
import type {
  CaseMoved,
  CaseMovedForAgent,
  CaseOpened,
  CaseReceived,
  CommandReceipt,
  CommentAdded,
  CommentAddedForAgent,
  DeliveryFailed,
  MailHeld,
  NoticeCase,
  NoticeComment,
  NoticeFile,
  NoticeThread,
  SolutionProposed,
} from '../model/notice.ts'
import { leaveUrl, verdictUrl } from '../model/thread-key.ts'
import type { AgentCaseView, AgentCommentView, CaseView, CommentView } from '../render/view.ts'
import { actionsFor, mailto } from './actions.ts'
import { caseUrl } from './case-url.ts'
import { authorForAgents, authorForCustomers } from './sender.ts'
import type { ViewContext } from './view-context.ts'
import { cleanName, cleanText, MOST_REASON, oneLine, shorten, subjectTitle } from './words.ts'

/** Characters of a comment that a mail carries at the most; the whole text is in the case. */
const MOST_TEXT = 200_000
const MOST_PREVIEW = 140

type ForCustomers = CaseReceived | CommentAdded | SolutionProposed | CaseMoved
type ForAgents = CaseOpened | CommentAddedForAgent | MailHeld | CaseMovedForAgent | DeliveryFailed | CommandReceipt

/** What mails about a case say to customers, besides what stands in every mail. */
export function customerView(notice: ForCustomers, context: ViewContext) {
  switch (notice.kind) {
    case 'case-received': {
      const { title: _, ...theCase } = caseView(notice.case, context)
      const subject = notice.titled ? theCase.subject : cleanName(context.brand.fromName)
      return { kind: notice.kind, case: { ...theCase, subject } }
    }
    case 'comment-added':
    case 'solution-proposed':
      return {
        kind: notice.kind,
        case: caseView(notice.case, context),
        comment: commentView(notice.comment, authorForCustomers(notice.comment, context.brand), context),
        verdict: notice.kind === 'solution-proposed' ? verdictView(notice, context) : null,
        leave: leaveView(notice.thread, context),
      }
    case 'case-closed':
    case 'case-reopened':
      return { kind: notice.kind, case: caseView(notice.case, context), leave: leaveView(notice.thread, context) }
  }
}

/** The same for agents. */
export function agentView(notice: ForAgents, context: ViewContext) {
  const theCase = agentCaseView(notice)
  switch (notice.kind) {
    case 'case-opened':
    case 'comment-added-agent':
    case 'mail-held':
      return { kind: notice.kind, case: theCase, comment: agentCommentView(notice.comment, context) }
    case 'case-assigned':
    case 'case-reopened-agent':
      return { kind: notice.kind, case: theCase, by: cleanName(notice.by) }
    case 'delivery-failed': {
      const { to, of, why, stopped } = notice.failure
      const failure = { to: oneLine(to), of, why: shorten(oneLine(why), MOST_REASON), stopped }
      return { kind: notice.kind, case: theCase, failure }
    }
    case 'command-receipt':
      return { kind: notice.kind, case: theCase, ...receiptView(notice) }
  }
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
