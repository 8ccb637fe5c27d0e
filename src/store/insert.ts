import { CompiledQuery } from 'kysely'
import type { Db, Tables } from './schema.ts'

/** By the engine's adapter (they write placeholders differently), then by table, columns and number of rows. */
const texts = new WeakMap<object, Map<string, string>>()

/**
 * Inserts rows of one table. Kysely makes the SQL text once for each table, set of columns and number of rows; after that only
 * the values change, which halves what an insert costs. All rows must have the same columns in the same order.
 */
export async function insertRows<T extends keyof Tables & string>(
  db: Db,
  table: T,
  rows: readonly Tables[T][],
): Promise<void> {
  const [first] = rows
  if (!first) return
  const key = `${table} ${Object.keys(first).join()} ${rows.length}`
  const { adapter } = db.getExecutor()
  const known = texts.get(adapter) ?? new Map<string, string>()
  const text = known.get(key) ?? textOf(db, table, rows)
  texts.set(adapter, known.set(key, text))
  await db.executeQuery(
    CompiledQuery.raw(
      text,
      rows.flatMap((row) => Object.values(row)),
    ),
  )
}

function textOf<T extends keyof Tables & string>(db: Db, table: T, rows: readonly Tables[T][]): string {
  // Kysely leaves out the columns that are undefined in every row, and so would put the values in other places.
  for (const row of rows)
    for (const [column, value] of Object.entries(row))
      if (value === undefined) throw new Error(`${table}.${column} is undefined: a value or null is needed`)
  return db
    .insertInto(table as 'counters')
    .values(rows as readonly Tables['counters'][])
    .compile().sql
}
