import type { Kysely, Selectable } from 'kysely'
import type { CommentTable, Tables } from './schema.ts'

export type CommentRow = Selectable<CommentTable>

/** Writes a comment behind the last one of its case; its position comes back. */
export async function insertComment(db: Kysely<Tables>, comment: Omit<CommentTable, 'position'>): Promise<number> {
  const row = await db
    .insertInto('comments')
    .values((eb) => ({
      ...comment,
      position: eb
        .selectFrom('comments')
        .select((inner) => inner(inner.fn.coalesce(inner.fn.max('position'), inner.lit(0)), '+', 1).as('next'))
        .where('case_id', '=', comment.case_id),
    }))
    .returning('position')
    .executeTakeFirstOrThrow()
  return Number(row.position)
}

/** A case's comments in the order in which they came. */
export async function listComments(db: Kysely<Tables>, caseId: string): Promise<CommentRow[]> {
  return await db.selectFrom('comments').selectAll().where('case_id', '=', caseId).orderBy('position').execute()
}

/** The newest public comment by an agent, or null. */
export async function lastAgentComment(db: Kysely<Tables>, caseId: string): Promise<CommentRow | null> {
  const row = await db
    .selectFrom('comments')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('role', '=', 'agent')
    .where('visibility', '=', 'public')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

export async function findComment(db: Kysely<Tables>, id: string): Promise<CommentRow | null> {
  return (await db.selectFrom('comments').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}
