import type { Db } from '../schema.ts'

export interface Organisation {
  id: string
  name: string
  /** Whether everybody in it must use a second factor. */
  requiresSecond: boolean
}

/** Every organisation, by name. There are few: whoever looks for one by its name compares in JavaScript. */
export async function listOrganisations(db: Db): Promise<Organisation[]> {
  const rows = await db.selectFrom('organisations').select(['id', 'name', 'requires_second']).orderBy('name').execute()
  return rows.map(({ id, name, requires_second }) => ({ id, name, requiresSecond: requires_second === 1 }))
}

export async function insertOrganisation(db: Db, it: { id: string; name: string; createdAt: string }): Promise<void> {
  await db
    .insertInto('organisations')
    .values({ id: it.id, name: it.name, created_at: it.createdAt, requires_second: 0 })
    .execute()
}

export async function setOrganisation(db: Db, personId: string, organisationId: string): Promise<void> {
  await db.updateTable('people').set({ organisation_id: organisationId }).where('id', '=', personId).execute()
}

export async function requireSecondOf(db: Db, organisationId: string, required: boolean): Promise<void> {
  await db
    .updateTable('organisations')
    .set({ requires_second: Number(required) })
    .where('id', '=', organisationId)
    .execute()
}

/** The people of an organisation who have an account. */
export async function accountsOfOrganisation(db: Db, organisationId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('people')
    .innerJoin('accounts', 'accounts.person_id', 'people.id')
    .select('people.id')
    .where('people.organisation_id', '=', organisationId)
    .orderBy('people.id')
    .execute()
  return rows.map(({ id }) => id)
}
