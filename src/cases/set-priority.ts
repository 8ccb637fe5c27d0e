import type { Case, Priority } from '../model/case.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext } from './context.ts'
import type { Actor } from './inverse.ts'
import { setCase } from './set-case.ts'

/** Sets how urgent a case is. Says whether that changed it. */
export async function setPriority(tx: Db, ctx: CaseContext, it: Case, actor: Actor, to: Priority): Promise<boolean> {
  return await setCase(tx, ctx, it, actor, {
    what: 'priority',
    before: { priority: it.priority },
    after: { priority: to },
    shown: [it.priority, to],
  })
}
