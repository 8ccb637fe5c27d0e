import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { describeError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'

/** Work that is done after an answer has gone. */
export interface Later {
  add(what: string, work: () => Promise<void>): void
  /** Resolves when all of it is done. */
  done(): Promise<void>
}

/** Waiting at the most: more than this is a flood, and what it asks for is dropped with a line in the log. */
const MOST = 1_000
/**
 * Milliseconds before work begins, by chance: work that began at once would hold the answer back on its way out, and a second
 * request at a moment that can be foreseen would feel it. Either would tell whether there was something to do.
 */
const PAUSE = { least: 50, most: 400 }

/** One after another: a flood of forms must not take the database from the mails. What fails is logged, and asked for again by its person. */
export function makeLater(log: Log): Later {
  let last: Promise<void> = Promise.resolve()
  let waiting = 0
  return {
    add: (what, work) => {
      if (waiting >= MOST) return log.warn({ what }, 'too much is asked for at once; this was dropped')
      waiting += 1
      last = Promise.all([last, wait(randomInt(PAUSE.least, PAUSE.most))])
        .then(work)
        .catch((error: unknown) => log.error({ what, error: describeError(error) }, `${what} failed`))
        .finally(() => {
          waiting -= 1
        })
    },
    done: async () => await last,
  }
}
