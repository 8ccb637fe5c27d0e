import type { Log } from '../core/log.ts'
import { keepRunning } from '../core/loop.ts'
import type { KnowledgeContext } from './context.ts'
import { finishTellings } from './tell-followers.ts'

/** Milliseconds between two looks for what another program began to tell and did not end. */
const LOOK = 60_000

/** Goes on, at once and then each minute, with telling followers of what is new. */
export function startTelling(deps: { ctx: KnowledgeContext; log: Log; committed: () => void }): {
  stop(): Promise<void>
} {
  const { ctx, log, committed } = deps
  const stopping = new AbortController()
  const running = keepRunning(
    'telling followers',
    async (signal) => {
      await finishTellings(ctx, { committed, signal })
      await ctx.world.sleep(LOOK, signal)
    },
    { world: ctx.world, log, signal: stopping.signal },
  )
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
