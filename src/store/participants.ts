import type { Db } from './schema.ts'

/** Somebody who takes part in a case besides its contact, or did. */
export interface Participant {
  personId: string
  /** ISO 8601 UTC; null while they take part. */
  leftAt: string | null
}

/** Everybody who takes part in a case or has left it, in the order in which they came. */
export async function listParticipants(db: Db, caseId: string): Promise<Participant[]> {
  const rows = await db
    .selectFrom('participants')
    .select(['person_id', 'left_at'])
    .where('case_id', '=', caseId)
    .orderBy('created_at')
    .orderBy('person_id')
    .execute()
  return rows.map((row) => ({ personId: row.person_id, leftAt: row.left_at }))
}

/** Lets a person take part, who may have left before. Says whether they did not take part until now. */
export async function joinCase(db: Db, caseId: string, personId: string, at: string): Promise<boolean> {
  const result = await db
    .insertInto('participants')
    .values({ case_id: caseId, person_id: personId, created_at: at, left_at: null })
    .onConflict((conflict) =>
      conflict
        .columns(['case_id', 'person_id'])
        .doUpdateSet({ left_at: null })
        .where('participants.left_at', 'is not', null),
    )
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

/** Marks that a person has left. Says whether they took part until now. */
export async function markLeft(db: Db, caseId: string, personId: string, at: string): Promise<boolean> {
  const result = await db
    .updateTable('participants')
    .set({ left_at: at })
    .where('case_id', '=', caseId)
    .where('person_id', '=', personId)
    .where('left_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}
