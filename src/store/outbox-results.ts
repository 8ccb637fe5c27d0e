import { sql } from 'kysely'
import { maskAddress } from '../model/address.ts'
import { AGENT_KINDS, SECRET_KINDS } from '../model/notice.ts'
import { insertChanges } from './change-log.ts'
import { clip, NO_DATA, type OutboxRow } from './outbox.ts'
import type { Db, OutboxTable } from './schema.ts'

/** A row that was accepted by the server. */
export interface SentRow {
  row: OutboxRow
  /** ISO 8601 UTC. */
  at: string
  subject: string
}

/** Writes that a row was accepted by the server. Says whether the row was still this worker's. */
export async function markSent(db: Db, { row, at, subject }: SentRow): Promise<boolean> {
  const set = {
    status: 'sent',
    sent_at: at,
    subject,
    last_error: null,
    lease_until: null,
    ...withoutSecret(row),
  } as const
  return await finishRow(db, row, set)
}

/** The same for many rows at once. The ids of those that were still this worker's come back. */
export async function markAllSent(db: Db, sent: readonly SentRow[]): Promise<Set<string>> {
  if (sent.length === 0) return new Set()
  const values = sent.map(({ row, at, subject }) => {
    const data = withoutSecret(row).data ?? row.data
    return sql`(${row.id}, cast(${row.attempts} as integer), ${at}, ${subject}, ${data})`
  })
  // Both engines call the columns of values so.
  const done = await sql<{ id: string }>`
    update outbox set status = 'sent', last_error = null, lease_until = null,
      sent_at = done.column3, subject = done.column4, data = done.column5
    from (values ${sql.join(values)}) as done
    where outbox.id = done.column1 and outbox.attempts = done.column2 and outbox.status = 'sending'
    returning outbox.id as id`.execute(db)
  return new Set(done.rows.map((row) => row.id))
}

/** Writes that a row is to be tried again at `nextAttemptAt`, and why. */
export async function markRetry(db: Db, row: OutboxRow, nextAttemptAt: string, why: string): Promise<boolean> {
  const set = { status: 'waiting', next_attempt_at: nextAttemptAt, last_error: clip(why), lease_until: null } as const
  return await finishRow(db, row, set)
}

/** How a row fails for good. */
export interface Failed {
  /** ISO 8601 UTC. */
  at: string
  why: string
  /** Whether its address gets no more mail from now on. */
  stopped: boolean
  /** A new id, for the change log. */
  changeId: string
}

/** Writes that a row will never arrive, and a line in its case's change log. `tx`: one transaction. */
export async function markFailed(tx: Db, row: OutboxRow, { at, why, stopped, changeId }: Failed): Promise<boolean> {
  const over = { status: 'failed', last_error: clip(why), failed_at: at, lease_until: null } as const
  const set = { ...over, ...withoutSecret(row) }
  const mine = await finishRow(tx, row, set)
  const became = `failed: ${why}${stopped ? ' (no more mail is sent there)' : ''}`
  if (mine) await logDelivery(tx, row, { at, became, changeId })
  return mine
}

/** A row may have been taken by another worker after the lease ran out: then that one's word counts. */
export async function finishRow(db: Db, row: OutboxRow, set: Partial<OutboxTable>): Promise<boolean> {
  const result = await db
    .updateTable('outbox')
    .set(set)
    .where('id', '=', row.id)
    .where('status', '=', 'sending')
    .where('attempts', '=', row.attempts)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** A link that lets its reader in is not kept once nothing can be done with it any more. */
export function withoutSecret({ kind }: Pick<OutboxRow, 'kind'>): Partial<OutboxTable> {
  return SECRET_KINDS.has(kind) ? { data: NO_DATA } : {}
}

/**
 * Writes into the change log of a row's case, where it has one, what became of it. The change log is read by customers too:
 * there, and in what the server answered, an agent goes by a masked address.
 */
export async function logDelivery(
  tx: Db,
  row: OutboxRow,
  { at, became, changeId }: { at: string; became: string; changeId: string },
): Promise<void> {
  if (row.case_id === null) return
  const to = AGENT_KINDS.has(row.kind) ? maskAddress(row.to_address) : row.to_address
  const change = {
    id: changeId,
    case_id: row.case_id,
    created_at: at,
    actor: 'posthorn',
    what: 'delivery',
    from_value: `${row.kind} to ${to}`,
    to_value: clip(became.replaceAll(row.to_address, to)),
  }
  await insertChanges(tx, [change])
}
