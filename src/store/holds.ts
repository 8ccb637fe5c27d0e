import type { Selectable } from 'kysely'
import type { CommentTable, Db, HoldTable } from './schema.ts'

export type HoldRow = Selectable<HoldTable>

export async function insertHold(
  db: Db,
  hold: Pick<HoldRow, 'id' | 'case_id' | 'comment_id' | 'reason' | 'state' | 'at'>,
): Promise<void> {
  await db
    .insertInto('holds')
    .values({ ...hold, decided_at: null, decided_by: null })
    .execute()
}

export async function findHold(db: Db, id: string): Promise<HoldRow | null> {
  return (await db.selectFrom('holds').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Writes what became of a hold, and who said so. */
export async function decideHold(
  db: Db,
  id: string,
  set: { state: HoldRow['state']; decided_at: string; decided_by: string },
): Promise<void> {
  await db.updateTable('holds').set(set).where('id', '=', id).execute()
}

/** What is held with its case and comment, oldest first: what waits for an agent, or everything that was ever held. */
export async function listHolds(db: Db, only: 'waiting' | 'all') {
  let query = db
    .selectFrom('holds')
    .innerJoin('cases', 'cases.id', 'holds.case_id')
    .leftJoin('comments', 'comments.id', 'holds.comment_id')
    .leftJoin('person_addresses as contact', (join) =>
      join.onRef('contact.person_id', '=', 'cases.contact_id').on('contact.is_primary', '=', 1),
    )
  if (only === 'waiting') query = query.where('holds.state', '=', 'held')
  return await query
    .selectAll('holds')
    .select([
      'cases.number as number',
      'cases.title as title',
      'comments.author_address as author',
      'comments.position as position',
      'contact.address as contact',
    ])
    .orderBy('holds.id')
    .execute()
}

/** Makes a held comment its sender's own, for everybody on the case to see. */
export async function publishComment(
  db: Db,
  id: string,
  set: { author_id: string; role: CommentTable['role']; text: string },
): Promise<void> {
  await db
    .updateTable('comments')
    .set({ ...set, visibility: 'public' })
    .where('id', '=', id)
    .execute()
}

/** The newest of a case's comments that waits for an agent, or null. */
export async function newestHold(db: Db, caseId: string): Promise<HoldRow | null> {
  const row = await db
    .selectFrom('holds')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('state', '=', 'held')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}
