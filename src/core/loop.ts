import { describeError } from './errors.ts'
import type { Log } from './log.ts'
import type { World } from './world.ts'

export interface Backoff {
  /** Milliseconds before the first new attempt. */
  first: number
  /** The longest wait, in milliseconds. */
  most: number
}

/** How long to wait after `failures` failures in a row: doubling, bounded. Milliseconds. */
export function backoffDelay(backoff: Backoff, failures: number): number {
  return Math.min(backoff.most, backoff.first * 2 ** Math.max(0, failures - 1))
}

/**
 * Runs `step` until `signal` is aborted; the outermost catch of a loop, and the only place that swallows a bug:
 * a step that throws is logged and tried again after a growing delay, so that one loop never stops another.
 * `step` itself waits for its next work; its return resets the failures, and so does its second argument, for a step that
 * lasts as long as a connection does. `backoff` may depend on what went wrong.
 */
export async function keepRunning(
  name: string,
  step: (signal: AbortSignal, wellNow: () => void) => Promise<void>,
  options: {
    world: World
    log: Log
    signal: AbortSignal
    backoff?: Backoff | ((error: unknown) => Backoff)
    onFailure?: (error: unknown, failures: number) => Promise<void>
  },
): Promise<void> {
  const { world, log, signal } = options
  const backoff = options.backoff ?? { first: 1_000, most: 60_000 }
  let failures = 0
  while (!signal.aborted) {
    try {
      await step(signal, () => {
        failures = 0
      })
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      failures += 1
      const delay = backoffDelay(typeof backoff === 'function' ? backoff(error) : backoff, failures)
      log.error({ loop: name, failures, retryInMs: delay, error: describeError(error) }, `${name} failed; trying again`)
      await options.onFailure?.(error, failures)
      await world.sleep(delay, signal)
    }
  }
}
