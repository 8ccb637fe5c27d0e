import type { Solution } from '../model/case.ts'
import type { Db } from './schema.ts'

/** A mail by which a solution was proposed to somebody: an outbox row. */
export interface Proposal {
  row: string
  personId: string | null
  commentId: string | null
  /** ISO 8601 UTC. */
  at: string
}

/** Every proposal of a solution in a case, oldest first. */
export async function listProposals(db: Db, caseId: string): Promise<Proposal[]> {
  return await db
    .selectFrom('outbox')
    .select(['id as row', 'person_id as personId', 'comment_id as commentId', 'created_at as at'])
    .where('case_id', '=', caseId)
    .where('kind', '=', 'solution-proposed')
    .orderBy('id')
    .execute()
}

/**
 * Writes whether a solution helped. Says whether that is news: not where it has been said before, where the case is not
 * solved any more, or where it has another solution by now; of two at the same time it is news to one.
 */
export async function writeVerdict(
  db: Db,
  caseId: string,
  solution: Solution,
  accepted: boolean,
  at: string,
): Promise<boolean> {
  const said = Number(accepted)
  const result = await db
    .updateTable('cases')
    .set({ solution_accepted: said, updated_at: at })
    .where('id', '=', caseId)
    .where('status', '=', 'solved')
    .where('solution_at', '=', solution.at)
    .where((eb) => eb.or([eb('solution_accepted', 'is', null), eb('solution_accepted', '!=', said)]))
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}
