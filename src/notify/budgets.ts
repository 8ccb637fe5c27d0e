import { isoTime } from '../core/world.ts'
import { type Charge, type Counter, DAY, settle } from '../decision/budgets.ts'
import { dropSpentCounters, findCounters, writeCounters } from '../store/budgets.ts'
import type { Db } from '../store/schema.ts'
import type { NotifyContext } from './context.ts'

/** The counter whose end is when spent ones are dropped next. */
const CLEANING = 'cleaning'

/**
 * Pays for things out of the budgets, in the caller's transaction: for each list of charges null where all of them could
 * be met, or why not, and then nothing of it is used. One query to read and one to write, however much was used before.
 */
export async function spend(tx: Db, ctx: NotifyContext, wishes: readonly Charge[][]): Promise<(string | null)[]> {
  const now = ctx.world.now()
  const names = wishes.flat().map((charge) => charge.counter)
  if (names.length === 0) return wishes.map(() => null)
  const rows = await findCounters(tx, [...new Set([...names, CLEANING])])
  const counters = new Map<string, Counter>(rows.map((row) => [row.name, { ...row, until: Date.parse(row.until) }]))
  const changed = new Map<string, Counter>()
  const answers = wishes.map((charges) => {
    const { refusal, counters: after } = settle(charges, counters, now)
    for (const counter of after) {
      counters.set(counter.name, counter)
      changed.set(counter.name, counter)
    }
    return refusal
  })
  if (changed.size > 0 && (counters.get(CLEANING)?.until ?? 0) <= now) {
    await dropSpentCounters(tx, isoTime(now))
    changed.set(CLEANING, { name: CLEANING, used: 1, until: now + DAY / 24 })
  }
  await writeCounters(
    tx,
    [...changed.values()].map((counter) => ({ ...counter, until: isoTime(counter.until) })),
  )
  return answers
}
