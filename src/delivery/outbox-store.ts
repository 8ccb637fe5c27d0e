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
import type { Db } from '../store/schema.ts'

export type { OutboxRow }

/** What delivery asks of the store. Times are milliseconds since 1970. */
export interface OutboxStore {
  /**
   * Due rows, now this worker's until `leaseMs` from `now`. Rows whose lease ran out are among them, but for those
   * `inHand`: a machine that slept for a while must not take its own mails for a dead worker's.
   */
  claim(now: number, leaseMs: number, limit: number, inHand: readonly string[]): Promise<OutboxRow[]>
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
  const write = groupedWrites(store)
  let releasedAt = 0
  return {
    claim: async (now, leaseMs, limit, inHand) => {
      if (now - releasedAt >= leaseMs / 12) {
        await releaseExpired(db, isoTime(now), inHand)
        releasedAt = now
      }
      return await claimDue(store, now, leaseMs, limit)
    },
    renew: async (ids, until) => await renewLeases(db, ids, isoTime(until)),
    giveBack: async (rows) => await releaseRows(db, rows),
    load: async (row) => await loadNotice(db, row, context),
    content: (attachment) => contentOf(store, attachment),
    sent: (row, now, subject) => write(async (tx) => await markSent(tx, row, isoTime(now), subject)),
    retry: (row, at, why) => write(async (tx) => await markRetry(tx, row, isoTime(at), why)),
    failed: (row, now, why) => write(async (tx) => await markFailed(tx, row, isoTime(now), why, world.id())),
  }
}

type Write = (tx: Db) => Promise<boolean>

/**
 * Writes results in groups: those that come while a group is being committed make up the next one. Nothing waits for
 * company, and a hundred mails cost a few commits. Where a group fails, each of its results is written by itself.
 */
function groupedWrites(store: Store): (work: Write) => Promise<boolean> {
  let queue: { work: Write; done: PromiseWithResolvers<boolean> }[] = []
  let busy = false
  const alone = async (work: Write) => await store.transaction(work)
  const writeGroup = async (group: typeof queue) => {
    try {
      const results = await store.transaction(async (tx) => {
        const written: boolean[] = []
        for (const { work } of group) written.push(await work(tx))
        return written
      })
      for (const [at, { done }] of group.entries()) done.resolve(results[at] ?? false)
    } catch {
      // Which one it was shows when each is on its own; its error goes to whoever wrote it.
      for (const { work, done } of group) await alone(work).then(done.resolve, done.reject)
    }
  }
  const drain = async () => {
    busy = true
    for (let group = queue; group.length > 0; group = queue) {
      queue = []
      await writeGroup(group)
    }
    busy = false
  }
  return async (work) => {
    const done = Promise.withResolvers<boolean>()
    queue.push({ work, done })
    if (!busy) void drain()
    return await done.promise
  }
}

async function* contentOf(store: Store, { sha256, filename }: NoticeAttachment): AsyncGenerator<Uint8Array> {
  const stream = await store.blobs.stream(store.db, sha256)
  if (!stream) throw new PosthornError('blob-missing', `the content of ${filename} (${sha256}) is not in the store`)
  yield* stream
}
