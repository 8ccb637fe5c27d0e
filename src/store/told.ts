import type { Db } from './schema.ts'

/** Which of these people have a mail about a case, sent or on its way; what was held back from them is none. */
export async function findTold(db: Db, caseId: string, personIds: readonly string[]): Promise<Set<string>> {
  if (personIds.length === 0) return new Set()
  const rows = await db
    .selectFrom('outbox')
    .select('person_id')
    .distinct()
    .where('case_id', '=', caseId)
    .where('person_id', 'in', [...personIds])
    .where('status', 'not in', ['suppressed', 'cancelled'])
    .execute()
  return new Set(rows.map((row) => row.person_id).filter((id) => id !== null))
}
