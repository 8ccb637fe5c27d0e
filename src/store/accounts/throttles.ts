import type { Selectable } from 'kysely'
import type { ThrottleTable } from '../account-tables.ts'
import type { Db } from '../schema.ts'

export type ThrottleRow = Selectable<ThrottleTable>

export async function findThrottles(db: Db, names: readonly string[], at: string): Promise<ThrottleRow[]> {
  if (names.length === 0) return []
  return await db
    .selectFrom('throttles')
    .selectAll()
    .where('name', 'in', [...names])
    .where('forget_at', '>', at)
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
