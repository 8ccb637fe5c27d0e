import { isoTime } from '../core/world.ts'
import type { Case } from '../model/case.ts'
import { type CaseChange, updateCase } from '../store/cases.ts'
import type { Db } from '../store/schema.ts'
import { type Change, logChanges } from './change.ts'
import type { CaseContext } from './context.ts'
import { type Actor, rememberUndo } from './inverse.ts'

/**
 * Changes columns of a case, with the change log and what takes it back. Where nothing would change, nothing is written.
 * `before` and `after` name the same columns; `shown` is what the change log says of them.
 */
export async function setCase(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  actor: Actor,
  change: { what: Change['what']; before: CaseChange; after: CaseChange; shown: [string | null, string | null] },
): Promise<boolean> {
  const { what, before, after, shown } = change
  if (JSON.stringify(before) === JSON.stringify(after)) return false
  await updateCase(tx, it.id, isoTime(ctx.world.now()), after)
  await logChanges(tx, ctx, it.id, actor.name, [{ what, from: shown[0], to: shown[1] }])
  await rememberUndo(tx, ctx, it.id, actor, { kind: 'set', what, before, after })
  return true
}
