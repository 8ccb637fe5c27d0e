import type { World } from '../core/world.ts'
import type { Store } from '../store/open.ts'
import { markAllSent, markSent, type SentRow } from '../store/outbox-results.ts'
import type { Db } from '../store/schema.ts'

/** Milliseconds that a result waits for others. A crash meanwhile repeats what was sent, with the same Message-ID. */
const PATIENCE = 10
/** Results that are written at once. */
const MOST = 25

/** Writes what became of rows. Each promise says whether the row was still this worker's. */
export interface Results {
  sent(row: SentRow): Promise<boolean>
  /** Anything else, in a transaction that it may share with others. */
  write(work: Write): Promise<boolean>
  /** Waits for no others: nothing is on its way. */
  flush(): void
}

export type Write = (tx: Db) => Promise<boolean>

interface Entry {
  /** null where it was not sent. */
  sent: SentRow | null
  work: Write
  done: PromiseWithResolvers<boolean>
}

/**
 * Writes results in groups: a commit for each mail would cost more than the mail. Those that come within a moment, or
 * while a group is being committed, make up the next one. Where a group fails, each of its results is written by itself.
 */
export function groupResults(store: Store, world: Pick<World, 'sleep'>): Results {
  let queue: Entry[] = []
  let busy = false
  let waiting = false
  const drain = async () => {
    busy = true
    while (queue.length > 0) {
      const group = queue
      queue = []
      await writeGroup(store, group)
    }
    busy = false
  }
  const flush = () => {
    if (!busy) void drain()
  }
  const flushLater = async () => {
    waiting = true
    await world.sleep(PATIENCE)
    waiting = false
    flush()
  }
  const add = async (entry: Omit<Entry, 'done'>) => {
    const done = Promise.withResolvers<boolean>()
    queue.push({ ...entry, done })
    if (queue.length >= MOST) flush()
    else if (!waiting) void flushLater()
    return await done.promise
  }
  return {
    sent: async (row) => await add({ sent: row, work: async (tx) => await markSent(tx, row) }),
    write: async (work) => await add({ sent: null, work }),
    flush,
  }
}

async function writeGroup(store: Store, group: Entry[]): Promise<void> {
  try {
    const written = await store.transaction(async (tx) => await writeAll(tx, group))
    for (const [at, { done }] of group.entries()) done.resolve(written[at] ?? false)
  } catch {
    // Which one it was shows when each is on its own; its error goes to whoever wrote it.
    for (const { work, done } of group) await store.transaction(work).then(done.resolve, done.reject)
  }
}

async function writeAll(tx: Db, group: Entry[]): Promise<boolean[]> {
  const mine = await markAllSent(
    tx,
    group.map(({ sent }) => sent).filter((row) => row !== null),
  )
  const written: boolean[] = []
  for (const { sent, work } of group) written.push(sent ? mine.has(sent.row.id) : await work(tx))
  return written
}
