import { PosthornError } from '../core/errors.ts'
import { isoTime, type World } from '../core/world.ts'
import { normaliseAddress } from '../model/address.ts'
import type { Notice, NoticeAttachment } from '../model/notice.ts'
import { loadNotices, type NoticeContext } from '../store/notices.ts'
import type { Store } from '../store/open.ts'
import type { OutboxRow } from '../store/outbox.ts'
import { type Claim, claimDue, releaseExpired, releaseRows, renewLeases } from '../store/outbox-claim.ts'
import { finishRow, markFailed, markRetry, withoutSecret } from '../store/outbox-results.ts'
import type { Db } from '../store/schema.ts'
import { reasonsAgainst, suppressAddress } from '../store/suppressions.ts'
import { findPause, type Switch } from '../store/switches.ts'
import { groupResults } from './results.ts'

export type { Claim, OutboxRow }

/**
 * Called in the transaction in which a row fails for good: somebody may have to hear of it. `stopped`: its address gets no
 * more mail from now on.
 */
export type OnFailed = (tx: Db, row: OutboxRow, failure: { why: string; stopped: boolean }) => Promise<unknown>

/** A failure for good. `addressGone`: the server says that there is no such address, so no more mail is sent there. */
export interface FailedRow {
  why: string
  addressGone: boolean
}

/** What delivery asks of the store. Times are milliseconds since 1970. */
export interface OutboxStore {
  /**
   * Due rows, now this worker's until `leaseMs` from `now`; none while the outbox is paused. Rows whose lease ran out are
   * among them, but for those `inHand`: a machine that slept for a while must not take its own mails for a dead worker's.
   */
  claim(claim: Claim): Promise<OutboxRow[]>
  /** Since when and why nothing is to be sent; null where it is. */
  pause(): Promise<Switch | null>
  /** Rows by id. */
  renew(ids: readonly string[], until: number): Promise<void>
  giveBack(rows: readonly OutboxRow[]): Promise<void>
  /** By the row's id: its notice, or why it has none. */
  load(rows: readonly OutboxRow[]): Promise<Map<string, Notice | Error>>
  content(attachment: NoticeAttachment): AsyncIterable<Uint8Array>
  /** Each says whether the row was still this worker's. */
  sent(row: OutboxRow, now: number, subject: string): Promise<boolean>
  retry(row: OutboxRow, at: number, why: string): Promise<boolean>
  failed(row: OutboxRow, now: number, failure: FailedRow): Promise<boolean>
  /** No more results are about to come: those that wait for company are written now. */
  flush(): void
}

/** The outbox of a store. */
export function outboxStore(store: Store, world: World, context: NoticeContext, onFailed: OnFailed): OutboxStore {
  const { db } = store
  const results = groupResults(store, world)
  let releasedAt = 0
  return {
    claim: async (claim) => {
      if (claim.now - releasedAt >= claim.leaseMs / 12) {
        await releaseExpired(db, isoTime(claim.now), claim.inHand)
        releasedAt = claim.now
      }
      return await claimDue(store, claim)
    },
    pause: async () => await findPause(db),
    renew: async (ids, until) => await renewLeases(db, ids, isoTime(until)),
    giveBack: async (rows) => await releaseRows(db, rows),
    load: async (rows) => await loadNotices(db, rows, context),
    content: (attachment) => contentOf(store, attachment),
    sent: async (row, now, subject) => await results.sent({ row, at: isoTime(now), subject }),
    retry: (row, at, why) => results.write(async (tx) => await retry(tx, row, isoTime(at), why)),
    failed: (row, now, failure) =>
      results.write(
        async (tx) => await fail(tx, row, { ...failure, at: isoTime(now), changeId: world.id(), onFailed }),
      ),
    flush: () => results.flush(),
  }
}

/** The address may have been stopped while the mail was on its way: then there is no second attempt. */
async function retry(tx: Db, row: OutboxRow, at: string, why: string): Promise<boolean> {
  const against = (await reasonsAgainst(tx, [row.to_address])).get(row.to_address)
  if (against === undefined) return await markRetry(tx, row, at, why)
  return await finishRow(tx, row, {
    status: 'suppressed',
    last_error: against,
    lease_until: null,
    ...withoutSecret(row),
  })
}

async function fail(
  tx: Db,
  row: OutboxRow,
  { why, addressGone, at, changeId, onFailed }: FailedRow & { at: string; changeId: string; onFailed: OnFailed },
): Promise<boolean> {
  const mine = await markFailed(tx, row, { at, why, stopped: addressGone, changeId })
  if (!mine) return false
  // Before anybody is told: where the address is an agent's, nothing is written there either.
  const address = normaliseAddress(row.to_address)
  if (addressGone) await suppressAddress(tx, { address, reason: why.slice(0, 500), at, row: row.id })
  await onFailed(tx, row, { why, stopped: addressGone })
  return true
}

async function* contentOf(store: Store, { sha256, filename }: NoticeAttachment): AsyncGenerator<Uint8Array> {
  const stream = await store.blobs.stream(store.db, sha256)
  if (!stream) throw new PosthornError('blob-missing', `the content of ${filename} (${sha256}) is not in the store`)
  yield* stream
}
