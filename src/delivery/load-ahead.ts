import type { Notice } from '../model/notice.ts'
import type { OutboxRow } from './outbox-store.ts'

/** Milliseconds for which a notice is good: what was changed meanwhile, such as a comment made internal, is heeded after it. */
const FRESH = 1_000
/** Rows that are loaded at once, at the most. */
const MOST = 128

interface Batch {
  at: number
  /** Ids of the rows that nobody has asked for. */
  left: Set<string>
  notices: Promise<Map<string, Notice | Error>>
}

/** What loading ahead takes. `upcoming`: the rows that will be asked for next. `now` in milliseconds since 1970. */
export interface LoadAhead {
  load: (rows: readonly OutboxRow[]) => Promise<Map<string, Notice | Error>>
  upcoming: () => readonly OutboxRow[]
  now: () => number
}

/**
 * Gives notices one by one and loads them many at a time: whoever asks for a row has those loaded that are to follow it.
 * Rejects with why there is no notice for the row.
 */
export function loadAhead({ load, upcoming, now }: LoadAhead): (row: OutboxRow) => Promise<Notice> {
  let batch: Batch | null = null
  return async (row) => {
    if (!batch?.left.has(row.id) || now() - batch.at >= FRESH) {
      const rows = [row, ...upcoming().slice(0, MOST - 1)]
      batch = { at: now(), left: new Set(rows.map(({ id }) => id)), notices: load(rows) }
    }
    // Once only: when the row is tried again, it is loaded again.
    batch.left.delete(row.id)
    const notice = (await batch.notices).get(row.id)
    if (notice === undefined || notice instanceof Error) throw notice
    return notice
  }
}
