import { sql } from 'kysely'
import type { Span } from './digest-cases.ts'
import type { Db } from './schema.ts'

/** An article in somebody's digest. `of`: how many there are with those that are not listed. */
export interface NewArticleRow {
  personId: string
  title: string
  area: string
  author: string | null
  at: string
  of: number
}

/** Articles in the areas that people follow, not their own, newest first, at most `most` for each person. */
export async function listNewArticles(
  db: Db,
  personIds: readonly string[],
  { from, until }: Span,
  most: number,
): Promise<NewArticleRow[]> {
  const listed = db
    .selectFrom('follows')
    .innerJoin('articles', 'articles.area_id', 'follows.area_id')
    .innerJoin('areas', 'areas.id', 'articles.area_id')
    .leftJoin('people as author', 'author.id', 'articles.author_id')
    .where('follows.person_id', 'in', [...personIds])
    .where('articles.published_at', '>=', from)
    .where('articles.published_at', '<', until)
    .whereRef('articles.published_at', '>=', 'follows.created_at')
    .where((eb) =>
      eb.or([eb('articles.author_id', 'is', null), eb('articles.author_id', '<>', eb.ref('follows.person_id'))]),
    )
    .select(['follows.person_id as personId', 'articles.title', 'areas.name as area', 'author.name as author'])
    .select('articles.published_at as at')
    .select(sql<number>`count(*) over (partition by follows.person_id)`.as('of'))
    .select(
      sql<number>`row_number() over (partition by follows.person_id order by articles.published_at desc, articles.id desc)`.as(
        'place',
      ),
    )
  const rows = await db
    .selectFrom(listed.as('line'))
    .selectAll()
    .where('line.place', '<=', most)
    .orderBy('line.personId')
    .orderBy('line.place')
    .execute()
  return rows.map(({ place: _, ...row }) => ({ ...row, of: Number(row.of) }))
}

/** An article that others commented on, in somebody's digest. `of`, `total`: articles and comments, with those not listed. */
export interface CommentedRow {
  personId: string
  title: string
  area: string
  /** When the newest of the comments was written. */
  at: string
  comments: number
  of: number
  total: number
}

/**
 * Articles that got comments within the span, in the areas that people follow: those that were written since they do, and not
 * by themselves. The last commented ones first, at most `most` for each person.
 */
export async function listCommented(
  db: Db,
  personIds: readonly string[],
  { from, until }: Span,
  most: number,
): Promise<CommentedRow[]> {
  const ranked = newComments(db, personIds, { from, until })
    .select(sql<number>`count(*) over (partition by follows.person_id)`.as('of'))
    .select(sql<number>`sum(count(*)) over (partition by follows.person_id)`.as('total'))
    .select(
      sql<number>`row_number() over (partition by follows.person_id order by max(fresh.created_at) desc, fresh.article_id desc)`.as(
        'place',
      ),
    )
  const rows = await db
    .selectFrom(ranked.as('line'))
    .selectAll()
    .where('line.place', '<=', most)
    .orderBy('line.personId')
    .orderBy('line.place')
    .execute()
  return rows.map(({ place: _, ...row }) => ({
    ...row,
    comments: Number(row.comments),
    of: Number(row.of),
    total: Number(row.total),
  }))
}

/** One row for each person and article. What is new is looked for first: it is little, however many articles there are. */
function newComments(db: Db, personIds: readonly string[], { from, until }: Span) {
  return db
    .with(
      (cte) => cte('fresh').materialized(),
      (qb) =>
        qb
          .selectFrom('article_comments')
          .innerJoin('articles', 'articles.id', 'article_comments.article_id')
          .innerJoin('areas', 'areas.id', 'articles.area_id')
          .where('article_comments.created_at', '>=', from)
          .where('article_comments.created_at', '<', until)
          .select(['article_comments.article_id', 'article_comments.author_id', 'article_comments.created_at'])
          .select(['articles.area_id', 'articles.title', 'areas.name as area']),
    )
    .selectFrom('fresh')
    .innerJoin('follows', 'follows.area_id', 'fresh.area_id')
    .where('follows.person_id', 'in', [...personIds])
    .whereRef('fresh.created_at', '>=', 'follows.created_at')
    .whereRef('fresh.author_id', '<>', 'follows.person_id')
    .groupBy(['follows.person_id', 'fresh.article_id', 'fresh.title', 'fresh.area'])
    .select(['follows.person_id as personId', 'fresh.title', 'fresh.area'])
    .select((eb) => [eb.fn.max('fresh.created_at').as('at'), eb.fn.countAll().as('comments')])
}
