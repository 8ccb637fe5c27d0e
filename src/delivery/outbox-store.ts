import { PosthornError } from '../core/errors.ts'
import { isoTime, type World } from '../core/world.ts'
import type { Notice, NoticeAttachment } from '../model/notice.ts'
import { loadNotice, type NoticeContext } from '../store/notices.ts'
import type { Store } from '../store/open.ts'
import {
  claimDue,
  markFailed,
  markRetry,
  markSent,
  type OutboxRow,
  releaseExpired,
  releaseRows,
  renewLeases,
} from '../store/outbox.ts'

export type { OutboxRow }

/** What delivery asks of the store. Times are milliseconds since 1970. */
export interface OutboxStore {
  /** Due rows, now this worker's until `leaseMs` from `now`; rows whose lease ran out are among them. */
  claim(now: number, leaseMs: number, limit: number): Promise<OutboxRow[]>
  /** Rows by id. */
  renew(ids: readonly string[], until: number): Promise<void>
  giveBack(rows: readonly OutboxRow[]): Promise<void>
  load(row: OutboxRow): Promise<Notice>
  content(attachment: NoticeAttachment): AsyncIterable<Uint8Array>
  /** Each says whether the row was still this worker's. */
  sent(row: OutboxRow, now: number, subject: string): Promise<boolean>
  retry(row: OutboxRow, at: number, why: string): Promise<boolean>
  failed(row: OutboxRow, now: number, why: string): Promise<boolean>
}

/** The outbox of a store. */
export function outboxStore(store: Store, world: World, context: NoticeContext): OutboxStore {
  const { db } = store
  let releasedAt = 0
  return {
    claim: async (now, leaseMs, limit) => {
      if (now - releasedAt >= leaseMs / 12) {
        await releaseExpired(db, isoTime(now))
        releasedAt = now
      }
      return await claimDue(store, now, leaseMs, limit)
    },
    renew: async (ids, until) => await renewLeases(db, ids, isoTime(until)),
    giveBack: async (rows) => await releaseRows(db, rows),
    load: async (row) => await loadNotice(db, row, context),
    content: (attachment) => contentOf(store, attachment),
    sent: async (row, now, subject) => await markSent(db, row, isoTime(now), subject),
    retry: async (row, at, why) => await markRetry(db, row, isoTime(at), why),
    failed: async (row, now, why) =>
      await store.transaction(async (tx) => await markFailed(tx, row, isoTime(now), why, world.id())),
  }
}

async function* contentOf(store: Store, { sha256, filename }: NoticeAttachment): AsyncGenerator<Uint8Array> {
  const stream = await store.blobs.stream(store.db, sha256)
  if (!stream) throw new PosthornError('blob-missing', `the content of ${filename} (${sha256}) is not in the store`)
  yield* stream
}
