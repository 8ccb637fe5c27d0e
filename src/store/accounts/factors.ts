import type { Selectable } from 'kysely'
import type { SecondFactorTable } from '../account-tables.ts'
import type { Db } from '../schema.ts'

export type FactorRow = Selectable<SecondFactorTable>

/** The second factors of a person, with those that are being set up. */
export async function listFactors(db: Db, personId: string): Promise<FactorRow[]> {
  return await db.selectFrom('second_factors').selectAll().where('person_id', '=', personId).orderBy('kind').execute()
}

export async function findFactor(db: Db, personId: string, kind: FactorRow['kind']): Promise<FactorRow | null> {
  const row = await db
    .selectFrom('second_factors')
    .selectAll()
    .where('person_id', '=', personId)
    .where('kind', '=', kind)
    .executeTakeFirst()
  return row ?? null
}

/** Writes a factor over one of the same kind. */
export async function writeFactor(db: Db, row: SecondFactorTable): Promise<void> {
  const { person_id, kind, ...rest } = row
  await db
    .insertInto('second_factors')
    .values({ person_id, kind, ...rest })
    .onConflict((conflict) => conflict.columns(['person_id', 'kind']).doUpdateSet(rest))
    .execute()
}

/** Notes the time step of a code. Says whether it is later than the last one: each code counts once. */
export async function spendStep(db: Db, personId: string, step: number): Promise<boolean> {
  const result = await db
    .updateTable('second_factors')
    .set({ last_step: step })
    .where('person_id', '=', personId)
    .where('kind', '=', 'totp')
    .where((eb) => eb.or([eb('last_step', 'is', null), eb('last_step', '<', step)]))
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

/** Takes a factor away; `secret`: only where it is still this one. Says whether it was there. */
export async function deleteFactor(
  db: Db,
  personId: string,
  kind: FactorRow['kind'],
  secret: string | null = null,
): Promise<boolean> {
  let query = db.deleteFrom('second_factors').where('person_id', '=', personId).where('kind', '=', kind)
  if (secret !== null) query = query.where('secret', '=', secret)
  return Number((await query.executeTakeFirst()).numDeletedRows) > 0
}
