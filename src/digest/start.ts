import { EventEmitter, once } from 'node:events'
import { schedule } from 'node-cron'
import type { Log } from '../core/log.ts'
import { keepRunning } from '../core/loop.ts'
import type { Waiters } from '../store/digest-waiters.ts'
import { DIGESTS, type DigestContext, type DigestName } from './edition.ts'
import { forgetOff, runDue } from './run.ts'

export interface Digests {
  /** Finishes the page in hand and starts nothing new. */
  stop(): Promise<void>
}

export interface DigestDeps {
  ctx: DigestContext
  log: Log
  /** Called after each commit that wrote digests: they are due at once. */
  committed: () => void
}

/**
 * Looks at once and then each minute what is due, and prepares it. Each digest has a loop of its own, so that what is wrong
 * with one stops no other. Any number of programs may do so on one database.
 */
export function startDigests(deps: DigestDeps): Digests {
  const stopping = new AbortController()
  const clock = new EventEmitter()
  const ticking = schedule('* * * * *', () => void clock.emit('minute'), {
    name: 'digests',
    // A minute that is late or left out is made up for by the next one.
    suppressMissedWarning: true,
  })
  const running = DIGESTS.map((name) => runDigest(name, deps, clock, stopping.signal))
  return {
    stop: async () => {
      stopping.abort()
      await ticking.destroy()
      await Promise.all(running)
    },
  }
}

async function runDigest(name: DigestName, deps: DigestDeps, clock: EventEmitter, signal: AbortSignal): Promise<void> {
  const { ctx, log, committed } = deps
  let begun = false
  const step = async () => {
    if (!begun) tellOff(name, await forgetOff(ctx, name), log)
    begun = true
    const count = await runDue(ctx, name, { committed, signal })
    if (count > 0) log.info({ digest: name, count }, 'digests were prepared')
    if (!signal.aborted) await minute(clock, signal)
  }
  await keepRunning(`digest ${name}`, step, { world: ctx.world, log, signal })
}

/** Whoever turned a digest off may not know that people wait for it. */
function tellOff(digest: DigestName, waiters: Waiters | null, log: Log): void {
  if (waiters && waiters.people > 0)
    log.warn(
      { digest, people: waiters.people },
      'this digest is off in the configuration, and people chose to read their mails in it: they get each of them at once now',
    )
  if (waiters && waiters.kept > 0)
    log.warn(
      { digest, kept: waiters.kept },
      "what was kept for this digest since the last one is not sent any more: 'posthorn outbox list --status suppressed' shows it",
    )
}

/** Resolves at the next minute, or when it is time to stop. */
async function minute(clock: EventEmitter, signal: AbortSignal): Promise<void> {
  await once(clock, 'minute', { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
