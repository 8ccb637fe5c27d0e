import type { Selectable } from 'kysely'
import type { PasskeyTable } from '../account-tables.ts'
import type { Db } from '../schema.ts'

export type PasskeyRow = Selectable<PasskeyTable>

/** Keeps a new passkey. Says whether its id was free: a credential belongs to one person. */
export async function insertPasskey(db: Db, row: PasskeyTable): Promise<boolean> {
  const result = await db
    .insertInto('passkeys')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

/** A person's passkeys, the oldest first. */
export async function listPasskeys(db: Db, personId: string): Promise<PasskeyRow[]> {
  return await db
    .selectFrom('passkeys')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function findPasskey(db: Db, id: string): Promise<PasskeyRow | null> {
  return (await db.selectFrom('passkeys').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function updatePasskeyName(db: Db, personId: string, id: string, name: string): Promise<void> {
  await db.updateTable('passkeys').set({ name }).where('id', '=', id).where('person_id', '=', personId).execute()
}

/**
 * Notes the use of a passkey with its new signature counter. Says whether that has grown (or is not kept: both 0): of two
 * answers with the same counter, one is told no.
 */
export async function notePasskeyUse(db: Db, id: string, counter: number, at: string): Promise<boolean> {
  let query = db.updateTable('passkeys').set({ counter, last_used_at: at }).where('id', '=', id)
  query = counter === 0 ? query.where('counter', '=', 0) : query.where('counter', '<', counter)
  return Number((await query.executeTakeFirst()).numUpdatedRows) > 0
}

/** Says whether it was there. */
export async function deletePasskey(db: Db, personId: string, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom('passkeys')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}
