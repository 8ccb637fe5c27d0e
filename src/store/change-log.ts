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
