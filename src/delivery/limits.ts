import type { SmtpConfig } from '../config/config.ts'

/**
 * The limits for each domain that is written to, over all workers on one database.
 *
 * A worker claims more rows than it can send at once, since every claim costs a transaction. What it has claimed counts as
 * busy for the others, begun or not; in return it may itself have as many on their way as the limit leaves beside theirs.
 * So the sum stays within the limit: whoever claims has counted the others' rows whole, and they can begin no more than those.
 */
export type DomainLimits = SmtpConfig['perDomain']

/** Rows that a worker has in hand, of one domain. */
export interface OwnRows {
  begun: number
  waiting: number
}

export interface Allowance {
  /** How many may be on their way from here at once, until the domain is asked about again. */
  atOnce: number
  /** How many rows may be claimed now. */
  room: number
}

/** For each row that may be on its way, this many are claimed: while some are sent, the next ones are there. */
const AHEAD = 24

/** How many rows a worker claims at once, with `free` of its `connections` idle. With a limit for the minute, what it can begin. */
export function claimSize(limits: DomainLimits, { connections, free }: { connections: number; free: number }): number {
  return limits.perMinute === null ? connections * AHEAD : free
}

/**
 * What a worker may do with a domain. `others`: rows that other workers have claimed. `lastMinute`: attempts that began
 * within the last minute. `before`: the worker's allowance so far; what it has in hand was counted by the others with it.
 */
export function allowanceFor(
  limits: DomainLimits,
  busy: { others: number; lastMinute: number },
  own: OwnRows,
  before: number,
): Allowance {
  const free = Math.max(0, limits.connections - busy.others)
  const atOnce = Math.max(free, Math.min(before, own.begun + own.waiting))
  if (own.begun >= free) return { atOnce, room: 0 }
  if (limits.perMinute === null) return { atOnce, room: free * AHEAD - own.begun - own.waiting }
  return { atOnce, room: Math.min(free - own.begun - own.waiting, limits.perMinute - busy.lastMinute) }
}
