import { CompiledQuery, type ExpressionBuilder, sql } from 'kysely'
import { isoTime } from '../core/world.ts'
import type { Engine } from './engine.ts'
import type { Store } from './open.ts'
import type { OutboxRow } from './outbox.ts'
import { finishRow } from './outbox-results.ts'
import type { Db, Tables } from './schema.ts'
import { findPause } from './switches.ts'

/** What one worker asks for. Times and spans in milliseconds. */
export interface Claim {
  now: number
  leaseMs: number
  /** Rows at the most. */
  limit: number
  /** The ids of the rows that it already has. */
  inHand: readonly string[]
  /** Whether DomainLoad.lastMinute is wanted; else it is 0. */
  countMinute: boolean
  /** How many rows to a domain it may take now. Asked once for a domain, and again where the transaction is begun again. */
  roomFor: (domain: string, busy: DomainLoad) => number
}

/** What a domain has of the others' doing. */
export interface DomainLoad {
  /** Rows that other workers have claimed and not finished. */
  others: number
  /** Rows whose last attempt began within the last minute, whoever's they are. */
  lastMinute: number
}

const MINUTE = 60_000

/**
 * Takes up to `limit` due rows for one worker, until `now + leaseMs`, oldest first. Nothing while the outbox is paused.
 * A row waits while an earlier one of the same case to the same address is not done, so that comments arrive in order.
 * Rows to a domain without room are passed over, so that a slow domain is in nobody's way. Several workers may call this
 * at once: they count one after the other, and whoever is later finds the rows taken.
 */
export async function claimDue(store: Store, claim: Claim): Promise<OutboxRow[]> {
  return await store.transaction(async (tx) => {
    if (store.engine.claimLock) await tx.executeQuery(CompiledQuery.raw(store.engine.claimLock))
    if (await findPause(tx)) return []
    const taken: OutboxRow[] = []
    const rooms = new Map<string, number>()
    // Each turn takes a row or finds a domain full, and most often there is but one.
    while (taken.length < claim.limit) {
      const full = [...rooms].filter(([, room]) => room === 0).map(([domain]) => domain)
      const due = await dueRows(tx, store.engine, claim, full, claim.limit - taken.length)
      const ids = await chooseRows(tx, claim, due, rooms)
      taken.push(...(await takeRows(tx, claim, ids)))
      if (ids.length === due.length) break
    }
    return taken.sort((a, b) => (a.id < b.id ? -1 : 1))
  })
}

type DueRow = Pick<OutboxRow, 'id' | 'to_domain'>

async function dueRows(tx: Db, engine: Engine, { now }: Claim, full: string[], limit: number): Promise<DueRow[]> {
  let due = tx
    .selectFrom('outbox')
    .select(['id', 'to_domain'])
    .where('status', '=', 'waiting')
    .where('next_attempt_at', '<=', isoTime(now))
    .where((eb) => eb.not(hasEarlier(eb)))
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(limit)
  if (full.length > 0) due = due.where('to_domain', 'not in', full)
  // Where several transactions are at work at once, a row that another one is changing is left to it.
  if (engine.concurrent) due = due.forUpdate('outbox').skipLocked()
  return await due.execute()
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

/** The ids of those that there is room for; they take it up. */
async function chooseRows(tx: Db, claim: Claim, due: DueRow[], rooms: Map<string, number>): Promise<string[]> {
  const unknown = new Set(due.map((row) => row.to_domain).filter((domain) => !rooms.has(domain)))
  const loads = await loadsOf(tx, claim, [...unknown])
  for (const [domain, load] of loads) rooms.set(domain, Math.max(0, claim.roomFor(domain, load)))
  const chosen = due.filter(({ to_domain }) => {
    const room = rooms.get(to_domain) ?? 0
    rooms.set(to_domain, Math.max(0, room - 1))
    return room > 0
  })
  return chosen.map((row) => row.id)
}

async function loadsOf(
  tx: Db,
  { now, inHand, countMinute }: Claim,
  domains: string[],
): Promise<[string, DomainLoad][]> {
  if (domains.length === 0) return []
  const counts = tx
    .selectFrom('outbox')
    .select((eb) => ['to_domain', eb.fn.countAll().as('rows')])
    .where('to_domain', 'in', domains)
    .groupBy('to_domain')
  const sending = counts.where('status', '=', 'sending')
  const others = await (inHand.length > 0 ? sending.where('id', 'not in', [...inHand]) : sending).execute()
  const begun = countMinute ? await counts.where('attempted_at', '>', isoTime(now - MINUTE)).execute() : []
  const countIn = (rows: typeof begun, domain: string) => Number(rows.find((it) => it.to_domain === domain)?.rows ?? 0)
  return domains.map((domain) => [domain, { others: countIn(others, domain), lastMinute: countIn(begun, domain) }])
}

async function takeRows(tx: Db, { now, leaseMs }: Claim, ids: string[]): Promise<OutboxRow[]> {
  if (ids.length === 0) return []
  return await tx
    .updateTable('outbox')
    .set((eb) => ({
      status: 'sending',
      lease_until: isoTime(now + leaseMs),
      attempts: eb('attempts', '+', 1),
      attempted_at: isoTime(now),
    }))
    .where('id', 'in', ids)
    .returningAll()
    .execute()
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
  for (const row of rows)
    await finishRow(db, row, { status: 'waiting', lease_until: null, attempts: row.attempts - 1, attempted_at: null })
}
