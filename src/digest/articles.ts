import { type CommentedRow, listCommented, listNewArticles, type NewArticleRow } from '../store/digest-articles.ts'
import { listFollowerReaders } from '../store/digests.ts'
import {
  bySpan,
  type DigestContext,
  type DigestData,
  type Draft,
  type DueReader,
  digestNotice,
  type Edition,
  MOST_LINES,
  mailboxFor,
  wantsDigests,
} from './edition.ts'

type Data = DigestData<'article-digest'>

/** What is new in the areas that somebody follows, since they do: articles, and comments on articles. */
export const articlesEdition: Edition = {
  readers: listFollowerReaders,
  prepare: async (db, ctx, readers) => {
    const drafts: Draft[] = []
    for (const group of bySpan(readers.filter(wantsDigests))) {
      const span = group[0]?.span ?? { from: '', until: '' }
      const ids = group.map(({ id }) => id)
      const articles = Map.groupBy(await listNewArticles(db, ids, span, MOST_LINES), ({ personId }) => personId)
      const commented = Map.groupBy(await listCommented(db, ids, span, MOST_LINES), ({ personId }) => personId)
      const newsOf = ({ id }: DueReader) => ({ articles: articles.get(id) ?? [], commented: commented.get(id) ?? [] })
      drafts.push(...group.map((reader) => draftOf(ctx, reader, newsOf(reader))).filter((it) => it !== null))
    }
    return drafts
  },
}

interface News {
  articles: NewArticleRow[]
  commented: CommentedRow[]
}

function draftOf(ctx: DigestContext, reader: DueReader, news: News): Draft | null {
  const of = news.articles[0]?.of ?? 0
  const commented = commentedOf(news.commented)
  if (of === 0 && commented.of === 0) return null
  const articles = news.articles.map(({ area, title, author, at }) => ({ area, title, author, at, url: null }))
  const data: Data = { ...reader.span, timeZone: reader.zone, articles, of, commented }
  const notice = digestNotice(reader, mailboxFor(ctx, null), { kind: 'article-digest', data })
  return { reader, notice, counts: { articles: of, comments: commented.comments } }
}

function commentedOf(rows: CommentedRow[]): Data['commented'] {
  const articles = rows.map(({ area, title, at, comments }) => ({ area, title, at, comments, url: null }))
  return { of: rows[0]?.of ?? 0, comments: rows[0]?.total ?? 0, articles }
}
