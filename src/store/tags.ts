import type { Db } from './schema.ts'

/** A case's tags in the order of the alphabet. */
export async function listTags(db: Db, caseId: string): Promise<string[]> {
  const rows = await db.selectFrom('case_tags').select('tag').where('case_id', '=', caseId).orderBy('tag').execute()
  return rows.map((row) => row.tag)
}

/** Puts tags on a case; those it has already stay. */
export async function insertTags(db: Db, caseId: string, tags: readonly string[]): Promise<void> {
  if (tags.length === 0) return
  await db
    .insertInto('case_tags')
    .values(tags.map((tag) => ({ case_id: caseId, tag })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function deleteTags(db: Db, caseId: string, tags: readonly string[]): Promise<void> {
  if (tags.length === 0) return
  await db
    .deleteFrom('case_tags')
    .where('case_id', '=', caseId)
    .where('tag', 'in', [...tags])
    .execute()
}
