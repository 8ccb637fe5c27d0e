import { isoTime } from '../core/world.ts'
import type { Case } from '../model/case.ts'
import type { Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { writeVerdict } from '../store/solutions.ts'
import { changeStatus } from './add-comment.ts'
import { logChanges } from './change.ts'
import type { CaseContext } from './context.ts'
import { reopened } from './reopen.ts'
import { tell } from './tell.ts'

/**
 * A customer says that the solution solved the case. It stays solved; the change log says so, and nobody is told. Says
 * whether that was news: twice is once, and where the case has gone on since, nothing happens.
 */
export async function acceptSolution(tx: Db, ctx: CaseContext, it: Case, person: Person): Promise<boolean> {
  return await say(tx, ctx, it, person, true)
}

/**
 * A customer says that it did not. The case is open again, as often a day as the words of customers reopen it (reopen.ts),
 * and its agents are told. Says whether that was news, as acceptSolution does.
 */
export async function rejectSolution(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  person: Person,
  role: 'contact' | 'participant',
): Promise<boolean> {
  if (!(await say(tx, ctx, it, person, false))) return false
  const status = await reopened(tx, ctx, it, 'open', 'the solution did not help', role)
  await changeStatus(tx, ctx, it, person.name, status)
  if (status !== it.status) await tell(tx, ctx, it, person.id, { kind: 'unsolved', by: person.name })
  return true
}

async function say(tx: Db, ctx: CaseContext, it: Case, person: Person, accepted: boolean): Promise<boolean> {
  const { solution } = it
  if (!solution || !(await writeVerdict(tx, it.id, solution, accepted, isoTime(ctx.world.now())))) return false
  await logChanges(tx, ctx, it.id, person.name, [
    { what: 'solution', from: wordFor(solution.accepted), to: wordFor(accepted) },
  ])
  return true
}

function wordFor(accepted: boolean | null): string {
  if (accepted === null) return 'proposed'
  return accepted ? 'accepted' : 'rejected'
}
