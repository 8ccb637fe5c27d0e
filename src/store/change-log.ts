import type { Kysely, Selectable } from 'kysely'
import { insertRows } from './insert.ts'
import type { ChangeLogTable, Tables } from './schema.ts'

export type ChangeRow = Selectable<ChangeLogTable>

export async function insertChanges(db: Kysely<Tables>, rows: ChangeLogTable[]): Promise<void> {
  await insertRows(db, 'change_log', rows)
}

/** A case's change log, oldest first. */
export async function listChanges(db: Kysely<Tables>, caseId: string): Promise<ChangeRow[]> {
  return await db.selectFrom('change_log').selectAll().where('case_id', '=', caseId).orderBy('id').execute()
}

/** How often a case changed in one way since a time (ISO 8601 UTC). */
export async function countChanges(
  db: Kysely<Tables>,
  caseId: string,
  change: { what: string; from: string; to: string; since: string },
): Promise<number> {
  const { times } = await db
    .selectFrom('change_log')
    .select((eb) => eb.fn.countAll().as('times'))
    .where('case_id', '=', caseId)
    .where('what', '=', change.what)
    .where('from_value', '=', change.from)
    .where('to_value', '=', change.to)
    .where('created_at', '>', change.since)
    .executeTakeFirstOrThrow()
  return Number(times)
}
