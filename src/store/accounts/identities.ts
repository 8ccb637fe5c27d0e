import type { Selectable } from 'kysely'
import type { IdentityTable } from '../account-tables.ts'
import type { Db } from '../schema.ts'

export type IdentityRow = Selectable<IdentityTable>

/** What an identity is known by, whoever's it is. */
export type IdentityKey = Pick<IdentityRow, 'issuer' | 'subject'>

/** A person's identities, the oldest first. */
export async function listIdentities(db: Db, personId: string): Promise<IdentityRow[]> {
  return await db
    .selectFrom('identities')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('created_at')
    .orderBy('issuer')
    .orderBy('subject')
    .execute()
}

/** The people whose account an identity opens, the first one first. */
export async function listHolders(db: Db, { issuer, subject }: IdentityKey): Promise<string[]> {
  const rows = await db
    .selectFrom('identities')
    .select('person_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .orderBy('created_at')
    .orderBy('person_id')
    .execute()
  return rows.map((row) => row.person_id)
}

/** Says whether the person did not have it yet. */
export async function insertIdentity(db: Db, row: IdentityTable): Promise<boolean> {
  const result = await db
    .insertInto('identities')
    .values(row)
    .onConflict((conflict) => conflict.columns(['issuer', 'subject', 'person_id']).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

/** Notes the use of an identity, with what it is called at its provider by now. */
export async function noteIdentityUse(
  db: Db,
  { issuer, subject }: IdentityKey,
  personId: string,
  set: Pick<IdentityRow, 'label' | 'last_used_at'>,
): Promise<void> {
  await db
    .updateTable('identities')
    .set(set)
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .where('person_id', '=', personId)
    .execute()
}

/** Says whether the person had it. */
export async function deleteIdentity(db: Db, { issuer, subject }: IdentityKey, personId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('identities')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}
