const MINUTE = 60_000
const HOUR = 60 * MINUTE

/**
 * How long a mail waits after its first, second, third … attempt that failed for now. After the last one it is given
 * up: 2 days and 17 hours in all (RFC 5321, 4.5.4.1 asks for 4 to 5 days of a relay; of a support desk people expect
 * to hear sooner that an answer did not arrive). 1 and 5 minutes meet greylisting.
 */
export const RETRY_AFTER: readonly number[] = [
  1 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  1 * HOUR,
  4 * HOUR,
  12 * HOUR,
  12 * HOUR,
  12 * HOUR,
  12 * HOUR,
  12 * HOUR,
]

/** When to try again after `attempts` attempts, in milliseconds since 1970; null when it is time to give up. */
export function nextAttemptAt(attempts: number, now: number): number | null {
  const wait = RETRY_AFTER[Math.max(1, attempts) - 1]
  return wait === undefined ? null : now + wait
}
