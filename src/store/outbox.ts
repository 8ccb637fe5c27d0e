import { type ExpressionBuilder, type Selectable, sql } from 'kysely'
import { isoTime } from '../core/world.ts'
import { domainOf, maskAddress } from '../model/address.ts'
import { AGENT_KINDS } from '../model/notice.ts'
import { insertChanges } from './change-log.ts'
import type { Engine } from './engine.ts'
import { insertRows } from './insert.ts'
import type { Store } from './open.ts'
import type { Db, OutboxTable, Tables } from './schema.ts'

export type OutboxRow = Selectable<OutboxTable>

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
    subject: null,
    status: suppressedBecause === null ? ('waiting' as const) : ('suppressed' as const),
    attempts: 0,
    next_attempt_at: row.created_at,
    lease_until: null,
    last_error: suppressedBecause,
    sent_at: null,
    to_domain: domainOf(row.to_address),
    attempted_at: null,
  }))
  await insertRows(db, 'outbox', waiting)
}

/**
 * Takes up to `limit` due rows for one worker, until `now + leaseMs` (milliseconds). A row waits while an earlier one
 * of the same case to the same address is not done, so that comments arrive in order.
 * Several workers may call this at once: whoever is later finds the rows taken.
 */
export async function claimDue(store: Store, now: number, leaseMs: number, limit: number): Promise<OutboxRow[]> {
  return await store.transaction(async (tx) => {
    const ids = await dueIds(tx, store.engine, isoTime(now), limit)
    if (ids.length === 0) return []
    const rows = await tx
      .updateTable('outbox')
      .set((eb) => ({ status: 'sending', lease_until: isoTime(now + leaseMs), attempts: eb('attempts', '+', 1) }))
      .where('id', 'in', ids)
      .returningAll()
      .execute()
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1))
  })
}

async function dueIds(tx: Db, engine: Engine, at: string, limit: number): Promise<string[]> {
  let due = tx
    .selectFrom('outbox')
    .select('id')
    .where('status', '=', 'waiting')
    .where('next_attempt_at', '<=', at)
    .where((eb) => eb.not(hasEarlier(eb)))
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(limit)
  // Where several transactions are at work at once, a row that another one is claiming is left to it.
  if (engine.concurrent) due = due.forUpdate('outbox').skipLocked()
  return (await due.execute()).map((row) => row.id)
}

function hasEarlier(eb: ExpressionBuilder<Tables, 'outbox'>) {
  return eb.exists(
    eb
      .selectFrom('outbox as earlier')
      .select(sql.lit(1).as('one'))
      .whereRef('earlier.case_id', '=', 'outbox.case_id')
      .whereRef('earlier.to_address', '=', 'outbox.to_address')
      .whereRef('earlier.id', '<', 'outbox.id')
      .where('earlier.status', 'in', ['waiting', 'sending']),
  )
}

/**
 * Makes rows due again whose lease has run out: their worker died in the middle, perhaps after the server had accepted
 * the mail. It is repeated with the same Message-ID, which is what lets the receiving side drop it. How many comes back.
 * `except`: rows that the caller itself still has in hand, however late it is.
 */
export async function releaseExpired(db: Db, at: string, except: readonly string[] = []): Promise<number> {
  let expired = db
    .updateTable('outbox')
    .set({ status: 'waiting', next_attempt_at: at, lease_until: null })
    .where('status', '=', 'sending')
    .where('lease_until', '<=', at)
  if (except.length > 0) expired = expired.where('id', 'not in', [...except])
  return Number((await expired.executeTakeFirst()).numUpdatedRows)
}

/** Writes that a row was accepted by the server. Says whether the row was still this worker's. */
export async function markSent(db: Db, row: OutboxRow, at: string, subject: string): Promise<boolean> {
  return await finish(db, row, { status: 'sent', sent_at: at, subject, last_error: null, lease_until: null })
}

/** Writes that a row is to be tried again at `nextAttemptAt`, and why. */
export async function markRetry(db: Db, row: OutboxRow, nextAttemptAt: string, why: string): Promise<boolean> {
  const set = { status: 'waiting', next_attempt_at: nextAttemptAt, last_error: clip(why), lease_until: null } as const
  return await finish(db, row, set)
}

/** Writes that a row will never arrive, and a line in its case's change log. `tx`: one transaction; `changeId`: a new id. */
export async function markFailed(tx: Db, row: OutboxRow, at: string, why: string, changeId: string): Promise<boolean> {
  const mine = await finish(tx, row, { status: 'failed', last_error: clip(why), lease_until: null })
  if (mine && row.case_id) await insertChanges(tx, [failure(row, row.case_id, at, why, changeId)])
  return mine
}

/** The change log is read by customers too: there, and in what the server answered, an agent goes by a masked address. */
function failure(row: OutboxRow, caseId: string, at: string, why: string, id: string) {
  const to = AGENT_KINDS.has(row.kind) ? maskAddress(row.to_address) : row.to_address
  return {
    id,
    case_id: caseId,
    created_at: at,
    actor: 'posthorn',
    what: 'delivery',
    from_value: `${row.kind} to ${to}`,
    to_value: clip(`failed: ${why.replaceAll(row.to_address, to)}`),
  }
}

/** A row may have been taken by another worker after the lease ran out: then that one's word counts. */
async function finish(db: Db, row: OutboxRow, set: Partial<OutboxTable>): Promise<boolean> {
  const result = await db
    .updateTable('outbox')
    .set(set)
    .where('id', '=', row.id)
    .where('status', '=', 'sending')
    .where('attempts', '=', row.attempts)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

const clip = (text: string) => text.slice(0, 1_000)

/** Prolongs the lease of rows that a worker still has in hand. */
export async function renewLeases(db: Db, ids: readonly string[], until: string): Promise<void> {
  if (ids.length === 0) return
  await db
    .updateTable('outbox')
    .set({ lease_until: until })
    .where('id', 'in', [...ids])
    .where('status', '=', 'sending')
    .execute()
}

/** Gives rows back that were claimed and never handed to the server: due at once, the attempt not counted. */
export async function releaseRows(db: Db, rows: readonly OutboxRow[]): Promise<void> {
  for (const row of rows) {
    await finish(db, row, { status: 'waiting', lease_until: null, attempts: row.attempts - 1 })
  }
}

/** Makes failed rows due at `at`: those named, or all where none is. How many there were comes back. */
export async function retryOutbox(db: Db, ids: readonly string[], at: string): Promise<number> {
  let query = db
    .updateTable('outbox')
    .set({ status: 'waiting', next_attempt_at: at, attempts: 0, lease_until: null })
    .where('status', '=', 'failed')
  if (ids.length > 0) query = query.where('id', 'in', [...ids])
  return Number((await query.executeTakeFirst()).numUpdatedRows)
}

/** A bounce says that a mail that was accepted did not arrive. */
export async function markBounced(db: Db, id: string, diagnostic: string): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ status: 'failed', last_error: clip(diagnostic) })
    .where('id', '=', id)
    .execute()
}

export async function findOutboxRow(db: Db, id: string): Promise<OutboxRow | null> {
  return (await db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
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

/** The newest rows, at most `most`, in the order in which they were written; only those of one status where it is given. */
export async function listOutbox(db: Db, only: { status: string | null; most: number }) {
  let query = db.selectFrom('outbox').leftJoin('cases', 'cases.id', 'outbox.case_id')
  if (only.status) query = query.where('outbox.status', '=', only.status as OutboxRow['status'])
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
