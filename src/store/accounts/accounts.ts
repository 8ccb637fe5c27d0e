import type { Selectable } from 'kysely'
import type { AccountTable } from '../account-tables.ts'
import type { Db } from '../schema.ts'

export type AccountRow = Selectable<AccountTable>

/** The account of a person, or null where there is none. */
export async function findAccount(db: Db, personId: string): Promise<AccountRow | null> {
  return (await db.selectFrom('accounts').selectAll().where('person_id', '=', personId).executeTakeFirst()) ?? null
}

/**
 * The account of whoever has an address as their primary one. One statement, whether there is one or not: what is asked on the
 * way to a password must take the same time.
 */
export async function findAccountByAddress(db: Db, address: string): Promise<AccountRow | null> {
  const row = await db
    .selectFrom('person_addresses')
    .innerJoin('accounts', 'accounts.person_id', 'person_addresses.person_id')
    .selectAll('accounts')
    .where('person_addresses.address', '=', address)
    .where('person_addresses.is_primary', '=', 1)
    .executeTakeFirst()
  return row ?? null
}

/** Makes an account that nobody has opened yet. Says whether there was none. */
export async function insertAccount(db: Db, personId: string, at: string): Promise<boolean> {
  const result = await db
    .insertInto('accounts')
    .values({
      person_id: personId,
      password_hash: null,
      password_at: null,
      activated_at: null,
      disabled_at: null,
      requires_second: 0,
      is_admin: 0,
      created_at: at,
    })
    .onConflict((conflict) => conflict.column('person_id').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

export async function updateAccount(
  db: Db,
  personId: string,
  set: Partial<Omit<AccountTable, 'person_id' | 'created_at'>>,
): Promise<void> {
  await db.updateTable('accounts').set(set).where('person_id', '=', personId).execute()
}

/** Whether a person's organisation asks everybody in it for a second factor. */
export async function organisationRequiresSecond(db: Db, personId: string): Promise<boolean> {
  const row = await db
    .selectFrom('people')
    .innerJoin('organisations', 'organisations.id', 'people.organisation_id')
    .select('organisations.requires_second')
    .where('people.id', '=', personId)
    .executeTakeFirst()
  return row?.requires_second === 1
}
