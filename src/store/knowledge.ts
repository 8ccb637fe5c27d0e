import type { Selectable } from 'kysely'
import type { Language } from '../model/language.ts'
import { insertRows } from './insert.ts'
import type { AreaTable, ArticleCommentTable, ArticleTable, Db, TellingTable } from './schema.ts'

export type AreaRow = Selectable<AreaTable>
export type ArticleRow = Selectable<ArticleTable>
export type TellingRow = Selectable<TellingTable>

/** Writes an area; a unique violation means that there is one of that name. */
export async function insertArea(db: Db, area: AreaRow): Promise<void> {
  await insertRows(db, 'areas', [area])
}

export async function findAreaByName(db: Db, name: string): Promise<AreaRow | null> {
  return (await db.selectFrom('areas').selectAll().where('name', '=', name).executeTakeFirst()) ?? null
}

/** All areas by name, with how many follow each and how many articles it has. */
export async function listAreas(db: Db) {
  const rows = await db
    .selectFrom('areas')
    .select(['areas.id', 'areas.name'])
    .select((eb) => [
      eb
        .selectFrom('follows')
        .select((it) => it.fn.countAll().as('count'))
        .whereRef('follows.area_id', '=', 'areas.id')
        .as('followers'),
      eb
        .selectFrom('articles')
        .select((it) => it.fn.countAll().as('count'))
        .whereRef('articles.area_id', '=', 'areas.id')
        .as('articles'),
    ])
    .orderBy('areas.name')
    .execute()
  return rows.map((row) => ({ ...row, followers: Number(row.followers), articles: Number(row.articles) }))
}

/** Says whether the person did not follow the area before. */
export async function insertFollow(db: Db, areaId: string, personId: string, at: string): Promise<boolean> {
  const result = await db
    .insertInto('follows')
    .values({ area_id: areaId, person_id: personId, created_at: at })
    .onConflict((conflict) => conflict.columns(['area_id', 'person_id']).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

/** Says whether the person followed the area until now. */
export async function deleteFollow(db: Db, areaId: string, personId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('follows')
    .where('area_id', '=', areaId)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

export async function insertArticle(db: Db, article: ArticleTable): Promise<void> {
  await insertRows(db, 'articles', [article])
}

export async function insertArticleComment(db: Db, comment: ArticleCommentTable): Promise<void> {
  await insertRows(db, 'article_comments', [comment])
}

/** An article with the names that a mail shows; null where there is none. */
export async function findArticle(db: Db, id: string) {
  const row = await db
    .selectFrom('articles')
    .innerJoin('areas', 'areas.id', 'articles.area_id')
    .leftJoin('people', 'people.id', 'articles.author_id')
    .selectAll('articles')
    .select(['areas.name as area', 'people.name as author'])
    .where('articles.id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** A comment on an article with its author's name; null where there is none. */
export async function findArticleComment(db: Db, id: string) {
  const row = await db
    .selectFrom('article_comments')
    .innerJoin('people', 'people.id', 'article_comments.author_id')
    .selectAll('article_comments')
    .select('people.name as author')
    .where('article_comments.id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

export async function insertTelling(db: Db, telling: TellingTable): Promise<void> {
  await insertRows(db, 'tellings', [telling])
}

/** What is still to be told, oldest first. */
export async function listTellings(db: Db): Promise<TellingRow[]> {
  return await db.selectFrom('tellings').selectAll().orderBy('id').execute()
}

export async function findTelling(db: Db, id: string): Promise<TellingRow | null> {
  return (await db.selectFrom('tellings').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Moves a telling on to a follower, unless somebody else has moved it since it was read: then it says false. */
export async function moveTelling(tx: Db, { id, told_to }: TellingRow, to: string): Promise<boolean> {
  const result = await tx
    .updateTable('tellings')
    .set({ told_to: to })
    .where('id', '=', id)
    .where('told_to', '=', told_to)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function deleteTelling(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('tellings').where('id', '=', id).execute()
}

/** Somebody who follows an area. */
export interface Follower {
  id: string
  kind: 'contact' | 'agent'
  name: string
  address: string
  language: Language | null
}

/** Those who followed an area at a time (ISO 8601 UTC) and still do, by id after one, at most `most`. */
export async function listFollowers(
  db: Db,
  areaId: string,
  { at, after, most }: { at: string; after: string; most: number },
): Promise<Follower[]> {
  return await db
    .selectFrom('follows')
    .innerJoin('people', 'people.id', 'follows.person_id')
    .innerJoin('person_addresses', (join) =>
      join.onRef('person_addresses.person_id', '=', 'people.id').on('person_addresses.is_primary', '=', 1),
    )
    .select(['people.id', 'people.kind', 'people.name', 'people.language', 'person_addresses.address'])
    .where('follows.area_id', '=', areaId)
    .where('follows.created_at', '<=', at)
    .where('follows.person_id', '>', after)
    .orderBy('follows.person_id')
    .limit(most)
    .execute()
}
