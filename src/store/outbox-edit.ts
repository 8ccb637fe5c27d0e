import { SECRET_KINDS } from '../model/notice.ts'
import { findOutboxRow, type OutboxRow } from './outbox.ts'
import { logDelivery, withoutSecret } from './outbox-results.ts'
import type { Db } from './schema.ts'
import { reasonsAgainst } from './suppressions.ts'

/** Why a row stays as it is. */
export interface Refused {
  id: string
  why: string
}

/**
 * Makes failed rows due at `at` (ISO 8601 UTC), with all attempts before them: those named, or all where none is. Left out
 * are rows whose data is gone, and rows to an address that gets no mail; of those named, each is told with its reason.
 */
export async function retryOutbox(
  tx: Db,
  ids: readonly string[],
  at: string,
): Promise<{ due: number; refused: Refused[] }> {
  let query = tx
    .updateTable('outbox')
    .set({ status: 'waiting', next_attempt_at: at, attempts: 0, lease_until: null, failed_at: null })
    .where('status', '=', 'failed')
    .where('kind', 'not in', [...SECRET_KINDS])
    .where('to_address', 'not in', (eb) => eb.selectFrom('suppressions').select('address'))
  if (ids.length > 0) query = query.where('id', 'in', [...ids])
  const due = new Set((await query.returning('id').execute()).map((row) => row.id))
  const refused: Refused[] = []
  for (const id of ids) if (!due.has(id)) refused.push({ id, why: await whyNotDue(tx, await findOutboxRow(tx, id)) })
  return { due: due.size, refused }
}

async function whyNotDue(tx: Db, row: OutboxRow | null): Promise<string> {
  if (!row) return 'there is no such row'
  if (row.status !== 'failed') return `it is ${row.status}, not failed`
  if (SECRET_KINDS.has(row.kind)) return 'the link in it is gone; let the person ask for a new one'
  const against = (await reasonsAgainst(tx, [row.to_address])).get(row.to_address)
  return `${row.to_address} is ${against ?? 'suppressed'}; 'posthorn suppression remove ${row.to_address}' lifts that`
}

/** Takes rows out that are waiting, each with a line in its case's change log. Why the others stay as they are comes back. */
export async function cancelOutbox(
  tx: Db,
  ids: readonly string[],
  change: { at: string; id: () => string },
): Promise<Refused[]> {
  const refused: Refused[] = []
  for (const id of new Set(ids)) {
    const row = await findOutboxRow(tx, id)
    if (!row) refused.push({ id, why: 'there is no such row' })
    else if (!(await cancel(tx, row))) refused.push({ id, why: `it is ${row.status}, not waiting` })
    else await logDelivery(tx, row, { at: change.at, became: 'cancelled on the command line', changeId: change.id() })
  }
  return refused
}

/** False where it is not waiting, or is being claimed at this moment. */
async function cancel(tx: Db, row: OutboxRow): Promise<boolean> {
  const result = await tx
    .updateTable('outbox')
    .set({ status: 'cancelled', last_error: 'cancelled on the command line', ...withoutSecret(row) })
    .where('id', '=', row.id)
    .where('status', '=', 'waiting')
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}
