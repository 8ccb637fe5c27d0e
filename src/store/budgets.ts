import type { Db } from './schema.ts'

/** What was used of a budget until `until` (ISO 8601 UTC). */
export interface CounterRow {
  name: string
  used: number
  until: string
}

export async function findCounters(db: Db, names: readonly string[]): Promise<CounterRow[]> {
  if (names.length === 0) return []
  const rows = await db
    .selectFrom('budget_counters')
    .selectAll()
    .where('name', 'in', [...names])
    .execute()
  return rows.map((row) => ({ ...row, used: Number(row.used) }))
}

/** Writes counters over what was there. */
export async function writeCounters(db: Db, rows: readonly CounterRow[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('budget_counters')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ used: eb.ref('excluded.used'), until: eb.ref('excluded.until') })),
    )
    .execute()
}

/** Drops the counters that hold nothing any more at `at`. */
export async function dropSpentCounters(db: Db, at: string): Promise<void> {
  await db.deleteFrom('budget_counters').where('until', '<=', at).execute()
}
