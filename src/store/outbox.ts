import type { Selectable } from 'kysely'
import { domainOf, normaliseAddress } from '../model/address.ts'
import { SECRET_KINDS } from '../model/notice.ts'
import { insertRows } from './insert.ts'
import type { Db, OutboxTable } from './schema.ts'

export type OutboxRow = Selectable<OutboxTable>

export const OUTBOX_STATUSES = ['waiting', 'sending', 'sent', 'failed', 'suppressed', 'cancelled'] as const

/** What stands in the place of data that is gone. */
export const NO_DATA = '{}'
/** Of a server's answer, or another reason, this much is kept. */
export const clip = (text: string) => text.slice(0, 1_000)

/** A row as whoever causes it writes it; it is due at once. */
export type NewOutboxRow = Pick<
  OutboxTable,
  | 'id'
  | 'kind'
  | 'case_id'
  | 'comment_id'
  | 'to_name'
  | 'to_address'
  | 'person_id'
  | 'language'
  | 'mailbox'
  | 'data'
  | 'message_id'
  | 'created_at'
> & {
  /** Why it is kept and never sent; absent or null where it is due at once. */
  suppressedBecause?: string | null
}

/** Puts rows into the outbox, in the transaction of what caused them. Who may be written to is asked before (notify/). */
export async function enqueue(db: Db, rows: readonly NewOutboxRow[]): Promise<void> {
  const waiting = rows.map(({ suppressedBecause = null, ...row }) => ({
    ...row,
    // What is never sent needs no link that lets somebody in.
    data: suppressedBecause !== null && SECRET_KINDS.has(row.kind) ? NO_DATA : row.data,
    subject: null,
    status: suppressedBecause === null ? ('waiting' as const) : ('suppressed' as const),
    attempts: 0,
    next_attempt_at: row.created_at,
    lease_until: null,
    last_error: suppressedBecause,
    sent_at: null,
    to_domain: domainOf(normaliseAddress(row.to_address)),
    attempted_at: null,
    failed_at: null,
  }))
  await insertRows(db, 'outbox', waiting)
}

/** A bounce, taken in `at` (ISO 8601 UTC), says that a mail that was accepted did not arrive. */
export async function markBounced(db: Db, id: string, diagnostic: string, at: string): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ status: 'failed', last_error: clip(diagnostic), failed_at: at })
    .where('id', '=', id)
    .execute()
}

export async function findOutboxRow(db: Db, id: string): Promise<OutboxRow | null> {
  return (await db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** The number of the case that a row is about; null where there is none. */
export async function findRowCase(db: Db, { case_id }: Pick<OutboxRow, 'case_id'>): Promise<number | null> {
  if (case_id === null) return null
  const it = await db.selectFrom('cases').select('number').where('id', '=', case_id).executeTakeFirst()
  return it ? Number(it.number) : null
}

/** What became of the mails about a comment. */
export type DeliveryRow = Pick<OutboxRow, 'comment_id' | 'to_address' | 'status' | 'sent_at'>

/** The deliveries of a case, oldest first. */
export async function listDeliveries(db: Db, caseId: string): Promise<DeliveryRow[]> {
  return await db
    .selectFrom('outbox')
    .select(['comment_id', 'to_address', 'status', 'sent_at'])
    .where('case_id', '=', caseId)
    .orderBy('id')
    .execute()
}

/** A row as `posthorn outbox list` prints it. */
export type ListedRow = Awaited<ReturnType<typeof listOutbox>>[number]

/** Which rows are listed; null: all of them. `to`: in the form of normaliseAddress. `case`: its number. */
export interface OutboxFilter {
  status: OutboxRow['status'] | null
  kind: string | null
  to: string | null
  case: number | null
  most: number
}

/** The newest rows, at most `most`, in the order in which they were written. */
export async function listOutbox(db: Db, only: OutboxFilter) {
  let query = db.selectFrom('outbox').leftJoin('cases', 'cases.id', 'outbox.case_id')
  if (only.status !== null) query = query.where('outbox.status', '=', only.status)
  if (only.kind !== null) query = query.where('outbox.kind', '=', only.kind)
  if (only.to !== null) query = query.where('outbox.to_address', '=', only.to)
  if (only.case !== null) query = query.where('cases.number', '=', only.case)
  const rows = await query
    .selectAll('outbox')
    .select('cases.number as case_number')
    .orderBy('outbox.id', 'desc')
    .limit(only.most)
    .execute()
  return rows.reverse().map((row) => ({
    id: row.id,
    kind: row.kind,
    to: row.to_address,
    case: row.case_number,
    subject: row.subject,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    lastError: row.last_error,
    messageId: row.message_id,
  }))
}
