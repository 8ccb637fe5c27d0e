import { isoTime } from '../core/world.ts'
import { DAY } from '../decision/budgets.ts'
import type { Case, Role, Status } from '../model/case.ts'
import { countChanges } from '../store/change-log.ts'
import type { Db } from '../store/schema.ts'
import { logChanges } from './change.ts'
import type { CaseContext } from './context.ts'

/**
 * The status that a customer's comment or click (`by`, in words) gives a case. A solved case is reopened only so often a day: two machines could go on
 * for ever. Over that it stays solved, the comment is there and is told of as ever, and the change log says why.
 */
export async function reopened(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  to: Status,
  by: string,
  role: Role,
): Promise<Status> {
  if (it.status !== 'solved' || to !== 'open' || role === 'agent') return to
  const { reopensPerDay } = ctx.policy.budgets
  const since = isoTime(ctx.world.now() - DAY)
  const times = await countChanges(tx, it.id, { what: 'status', from: 'solved', to: 'open', since })
  if (times < reopensPerDay) return to
  const why = `reopened ${times} times within a day (budgets.reopensPerDay)`
  await logChanges(tx, ctx, it.id, 'posthorn', [{ what: 'not-reopened', from: by, to: why }])
  return it.status
}
