import type { Case } from '../model/case.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext } from './context.ts'
import type { Actor } from './inverse.ts'
import { setCase } from './set-case.ts'

/** Sets a case's product or category; null clears it. Says whether that changed it. */
export async function setField(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  actor: Actor,
  field: 'product' | 'category',
  to: string | null,
): Promise<boolean> {
  return await setCase(tx, ctx, it, actor, {
    what: field,
    before: { [field]: it[field] },
    after: { [field]: to },
    shown: [it[field], to],
  })
}
