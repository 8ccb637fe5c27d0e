import type { Kysely, Selectable } from 'kysely'
import type { ChangeLogTable, Tables } from './schema.ts'

export type ChangeRow = Selectable<ChangeLogTable>

export async function insertChanges(db: Kysely<Tables>, rows: ChangeLogTable[]): Promise<void> {
  if (rows.length > 0) await db.insertInto('change_log').values(rows).execute()
}

/** A case's change log, oldest first. */
export async function listChanges(db: Kysely<Tables>, caseId: string): Promise<ChangeRow[]> {
  return await db.selectFrom('change_log').selectAll().where('case_id', '=', caseId).orderBy('id').execute()
}
