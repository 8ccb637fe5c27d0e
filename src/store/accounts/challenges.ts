import type { Selectable } from 'kysely'
import type { ChallengeTable } from '../account-tables.ts'
import type { Db } from '../schema.ts'

export type ChallengeRow = Selectable<ChallengeTable>

export async function insertChallenge(db: Db, row: ChallengeTable): Promise<void> {
  await db.insertInto('challenges').values(row).execute()
}

/** Notes that something was answered which is kept nowhere else. Says whether it is the first time. */
export async function insertSpentChallenge(db: Db, row: ChallengeTable): Promise<boolean> {
  const result = await db
    .insertInto('challenges')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

/** A challenge that has not ended at `at`. */
export async function findChallenge(db: Db, kind: string, id: string, at: string): Promise<ChallengeRow | null> {
  const row = await db
    .selectFrom('challenges')
    .selectAll()
    .where('id', '=', id)
    .where('kind', '=', kind)
    .where('expires_at', '>', at)
    .executeTakeFirst()
  return row ?? null
}

/** The newest challenge of a kind that a person has to answer, if it has not ended at `at`. */
export async function findChallengeOf(
  db: Db,
  kind: string,
  personId: string,
  at: string,
): Promise<ChallengeRow | null> {
  const row = await db
    .selectFrom('challenges')
    .selectAll()
    .where('person_id', '=', personId)
    .where('kind', '=', kind)
    .where('expires_at', '>', at)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** Takes a challenge away: it is answered once. Says whether it was still there. */
export async function takeChallenge(db: Db, id: string): Promise<boolean> {
  const result = await db.deleteFrom('challenges').where('id', '=', id).executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

/** Counts a wrong answer. How many there were with it comes back. */
export async function countTry(db: Db, id: string): Promise<number> {
  const row = await db
    .updateTable('challenges')
    .set((eb) => ({ tries: eb('tries', '+', 1) }))
    .where('id', '=', id)
    .returning('tries')
    .executeTakeFirst()
  return Number(row?.tries ?? Number.MAX_SAFE_INTEGER)
}

export async function dropOldChallenges(db: Db, at: string): Promise<void> {
  await db.deleteFrom('challenges').where('expires_at', '<=', at).execute()
}
