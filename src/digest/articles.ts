import { listFollowerReaders } from '../store/digests.ts'
import { listNewArticles, type NewArticleRow } from '../store/knowledge.ts'
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

/** New articles in the areas that somebody follows, since they do. */
export const articlesEdition: Edition = {
  readers: listFollowerReaders,
  prepare: async (db, ctx, readers) => {
    const drafts: Draft[] = []
    for (const group of bySpan(readers.filter(wantsDigests))) {
      const span = group[0]?.span ?? { from: '', until: '' }
      const ids = group.map(({ id }) => id)
      const rows = Map.groupBy(await listNewArticles(db, ids, span, MOST_LINES), ({ personId }) => personId)
      drafts.push(...group.map((reader) => draftOf(ctx, reader, rows.get(reader.id) ?? [])).filter((it) => it !== null))
    }
    return drafts
  },
}

function draftOf(ctx: DigestContext, reader: DueReader, rows: NewArticleRow[]): Draft | null {
  const of = rows[0]?.of ?? 0
  if (of === 0) return null
  const articles = rows.map(({ area, title, author, at }) => ({ area, title, author, at, url: null }))
  const data: Data = { ...reader.span, timeZone: reader.zone, articles, of }
  const notice = digestNotice(reader, mailboxFor(ctx, null), { kind: 'article-digest', data })
  return { reader, notice, counts: { articles: of } }
}
