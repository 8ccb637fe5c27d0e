import type { Kysely, Selectable } from 'kysely'
import { insertRows } from './insert.ts'
import type { CommentTable, Tables } from './schema.ts'

export type CommentRow = Selectable<CommentTable>

/**
 * Writes a comment behind the last one of its case; its position comes back. Two transactions that do so at once for one case
 * collide on the position: the later one fails with 'unique' and is begun again by whoever receives.
 */
export async function insertComment(db: Kysely<Tables>, comment: Omit<CommentTable, 'position'>): Promise<number> {
  const last = await db
    .selectFrom('comments')
    .select('position')
    .where('case_id', '=', comment.case_id)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  const position = (last?.position ?? 0) + 1
  await insertRows(db, 'comments', [{ ...comment, position }])
  return position
}

/** A case's comments in the order in which they came. */
export async function listComments(db: Kysely<Tables>, caseId: string): Promise<CommentRow[]> {
  return await db.selectFrom('comments').selectAll().where('case_id', '=', caseId).orderBy('position').execute()
}

/** The newest public comment by an agent, or null. */
export async function lastAgentComment(db: Kysely<Tables>, caseId: string): Promise<CommentRow | null> {
  const query = newestOf(db, caseId).where('role', '=', 'agent').where('visibility', '=', 'public')
  return (await query.executeTakeFirst()) ?? null
}

function newestOf(db: Kysely<Tables>, caseId: string) {
  return db.selectFrom('comments').selectAll().where('case_id', '=', caseId).orderBy('position', 'desc').limit(1)
}

export async function findComment(db: Kysely<Tables>, id: string): Promise<CommentRow | null> {
  return (await db.selectFrom('comments').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Takes a comment out of the store: what belonged to it has gone elsewhere before. */
export async function deleteComment(db: Kysely<Tables>, id: string): Promise<void> {
  await db.deleteFrom('comments').where('id', '=', id).execute()
}

/** Writes a comment that was taken out, at the position given. */
export async function restoreComment(db: Kysely<Tables>, row: CommentRow): Promise<void> {
  await db.insertInto('comments').values(row).execute()
}

/** The newest comment of a case that no agent wrote and no machine of ours. */
export async function lastComment(db: Kysely<Tables>, caseId: string): Promise<CommentRow | null> {
  const query = newestOf(db, caseId).where('role', '<>', 'agent').where('author_address', '<>', '')
  return (await query.executeTakeFirst()) ?? null
}
