import type {
  AgentDigest,
  ArticleCommented,
  ArticleDigest,
  ArticlePublished,
  CommentedArticle,
  CustomerDigest,
  DigestCase,
  DigestSection,
  NoticeArticle,
} from '../model/notice.ts'
import type {
  ArticleView,
  CommentedArticleView,
  DigestCaseView,
  FailedMailView,
  MailView,
  SectionView,
} from '../render/view.ts'
import { caseUrl } from './case-url.ts'
import type { OwnPart } from './view-context.ts'
import { cleanName, cleanText, oneLine, shorten, subjectTitle } from './words.ts'

type News = ArticlePublished | ArticleCommented | AgentDigest | CustomerDigest | ArticleDigest
type NewsKind = News['kind']
type NewsView = OwnPart<Extract<MailView, { kind: NewsKind }>>

const MOST_TEXT = 20_000
const MOST_PREVIEW = 140

/** What mails about followed areas and digests say, besides what stands in every mail. */
export function newsView(notice: News, portalUrl: string | null): NewsView {
  switch (notice.kind) {
    case 'article-published':
      return { kind: notice.kind, article: articleView(notice.article), ...textView(notice.text) }
    case 'article-commented':
      return {
        kind: notice.kind,
        article: articleView(notice.article),
        author: cleanName(notice.author),
        ...textView(notice.text),
      }
    case 'agent-digest':
      return { kind: notice.kind, digest: agentDigestView(notice) }
    case 'customer-digest': {
      const { from, until, of, cases } = notice
      const items = cases.map(({ case: it, ...rest }) => ({
        ...digestCaseView(it),
        url: caseUrl(portalUrl, it.number),
        ...rest,
      }))
      return { kind: notice.kind, digest: { from, until, of, more: of - items.length, items } }
    }
    case 'article-digest': {
      const { from, until, of, articles, commented } = notice
      const digest = {
        from,
        until,
        articles: sectionView({ of, cases: articles }, articleView),
        commented: commentedView(commented),
      }
      return { kind: notice.kind, digest }
    }
  }
}

function textView(text: string) {
  const clean = shorten(cleanText(text), MOST_TEXT)
  return { text: clean, start: shorten(oneLine(clean.slice(0, 2 * MOST_PREVIEW)), MOST_PREVIEW) }
}

function articleView({ area, title, author, at, url }: NoticeArticle): ArticleView {
  const name = author === null ? null : cleanName(author)
  return { area: cleanName(area), title: subjectTitle(title), author: name, at, url }
}

function commentedView({ of, comments, articles }: ArticleDigest['commented']) {
  const section = sectionView({ of, cases: articles }, commentedArticleView)
  return section && { ...section, comments }
}

function commentedArticleView({ area, title, comments, at, url }: CommentedArticle): CommentedArticleView {
  return { area: cleanName(area), title: subjectTitle(title), comments, at, url }
}

function digestCaseView({ number, title, status, contact, assignee, since, url }: DigestCase): DigestCaseView {
  return {
    number,
    title: subjectTitle(title),
    status,
    contact: cleanName(contact),
    assignee: assignee === null ? null : cleanName(assignee),
    since,
    url,
  }
}

function agentDigestView({ from, until, ...sections }: AgentDigest) {
  const { opened, waitingOnUs, waitingLongest, unassigned, solved, failed } = sections
  return {
    from,
    until,
    opened: sectionView(opened, digestCaseView),
    waitingOnUs: sectionView(waitingOnUs, digestCaseView),
    waitingLongest: sectionView(waitingLongest, digestCaseView),
    unassigned: sectionView(unassigned, digestCaseView),
    solved: sectionView(solved, digestCaseView),
    failed: sectionView(failed, failedView),
  }
}

function failedView({ number, to, why }: AgentDigest['failed']['cases'][number]): FailedMailView {
  return { number, to: oneLine(to), why: shorten(oneLine(why), MOST_PREVIEW) }
}

function sectionView<From, To>({ of, cases }: DigestSection<From>, view: (item: From) => To): SectionView<To> {
  return of === 0 ? null : { of, more: of - cases.length, items: cases.map(view) }
}
