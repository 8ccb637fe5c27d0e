import type { Selectable } from 'kysely'
import type { Db, UndoTable } from './schema.ts'

export type UndoRow = Selectable<UndoTable>

export async function insertUndo(db: Db, row: Omit<UndoTable, 'undone_at'>): Promise<void> {
  await db
    .insertInto('undo_log')
    .values({ ...row, undone_at: null })
    .execute()
}

/** The newest command that an agent (null: the command line) gave in a case, or that brought something into it, and that stands. */
export async function findLastUndo(
  db: Db,
  caseId: string,
  agentId: string | null,
  since: string,
): Promise<UndoRow | null> {
  const row = await db
    .selectFrom('undo_log')
    .selectAll()
    .where((eb) => eb.or([eb('case_id', '=', caseId), eb('other_case_id', '=', caseId)]))
    .where('agent_id', agentId === null ? 'is' : '=', agentId)
    .where('undone_at', 'is', null)
    .where('created_at', '>=', since)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

export async function findUndo(db: Db, id: string): Promise<UndoRow | null> {
  return (await db.selectFrom('undo_log').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function markUndone(db: Db, id: string, at: string): Promise<void> {
  await db.updateTable('undo_log').set({ undone_at: at }).where('id', '=', id).execute()
}

/** A case's columns as they are, to hold against what an entry left there. */
export async function findCaseValues(db: Db, caseId: string): Promise<object | null> {
  return (await db.selectFrom('cases').selectAll().where('id', '=', caseId).executeTakeFirst()) ?? null
}
