import type { Selectable } from 'kysely'
import type { ThrottleTable } from '../account-tables.ts'
import type { Db } from '../schema.ts'

export type ThrottleRow = Selectable<ThrottleTable>

/**
 * The rows of `names`, made where there are none, and kept from every other transaction until this one ends. What is to be
 * forgotten by `at` (ISO 8601 UTC) counts as nothing.
 */
export async function lockThrottles(
  tx: Db,
  names: readonly string[],
  { at, forgetAt }: { at: string; forgetAt: string },
): Promise<ThrottleRow[]> {
  if (names.length === 0) return []
  // In one order for everybody: two that lock the same rows wait for each other in turn, and never both.
  const rows = [...names].sort().map((name) => ({ name, failures: 0, wait_until: at, forget_at: forgetAt }))
  return await tx
    .insertInto('throttles')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({
        failures: eb.case().when('throttles.forget_at', '>', at).then(eb.ref('throttles.failures')).else(0).end(),
      })),
    )
    .returningAll()
    .execute()
}

/** Writes what failed over what was there. */
export async function writeThrottles(db: Db, rows: readonly ThrottleTable[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('throttles')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({
        failures: eb.ref('excluded.failures'),
        wait_until: eb.ref('excluded.wait_until'),
        forget_at: eb.ref('excluded.forget_at'),
      })),
    )
    .execute()
}

/** Counts one failure less under each name; in one order for everybody, as above. */
export async function takeBackFailure(tx: Db, names: readonly string[]): Promise<void> {
  for (const name of [...names].sort())
    await tx
      .updateTable('throttles')
      .set((eb) => ({ failures: eb('failures', '-', 1) }))
      .where('name', '=', name)
      .where('failures', '>', 0)
      .execute()
}

export async function forgetThrottles(db: Db, names: readonly string[]): Promise<void> {
  if (names.length > 0)
    await db
      .deleteFrom('throttles')
      .where('name', 'in', [...names])
      .execute()
}

export async function dropOldThrottles(db: Db, at: string): Promise<void> {
  await db.deleteFrom('throttles').where('forget_at', '<=', at).execute()
}
