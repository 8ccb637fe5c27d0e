import { isoTime } from '../core/world.ts'
import { findThrottles, forgetThrottles, writeThrottles } from '../store/accounts/throttles.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext } from './context.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** How failures under one name slow the next try down: `free` cost nothing, then `first` ms, doubled each time, at most `most`. */
interface Brake {
  free: number
  first: number
  most: number
}

/**
 * Who guesses from one place is soon stopped. Who guesses from many places at one account is slowed, but so little that its
 * owner is never kept out: nobody can lock somebody else's account.
 */
const BRAKES = {
  /** One network trying one account. */
  pair: { free: 4, first: 2 * SECOND, most: 15 * MINUTE },
  /** One network trying anything. */
  network: { free: 40, first: 5 * SECOND, most: 15 * MINUTE },
  /** Anybody trying one account. */
  account: { free: 20, first: SECOND, most: 10 * SECOND },
} as const satisfies Record<string, Brake>

const FORGOTTEN_AFTER = 2 * HOUR

export interface Attempt {
  /** What is tried: 'password', 'totp' …: each is counted by itself. */
  what: string
  /** Lower case. */
  address: string
  network: string
  /** Whether the device is one that this person has signed in on: then what others do to the account does not slow it. */
  trusted: boolean
}

/** Milliseconds that somebody must wait before their next try is looked at; 0 where it is. */
export async function waitFor(db: Db, ctx: Pick<AccountContext, 'world'>, attempt: Attempt): Promise<number> {
  const now = ctx.world.now()
  const rows = await findThrottles(
    db,
    names(attempt).map(({ name }) => name),
    isoTime(now),
  )
  return Math.max(0, ...rows.map((row) => Date.parse(row.wait_until) - now))
}

/** Counts a failure. The milliseconds that come before the next try come back. */
export async function noteFailure(tx: Db, ctx: Pick<AccountContext, 'world'>, attempt: Attempt): Promise<number> {
  const now = ctx.world.now()
  const counted = names({ ...attempt, trusted: false })
  const known = await findThrottles(
    tx,
    counted.map(({ name }) => name),
    isoTime(now),
  )
  const rows = counted.map(({ name, brake }) => {
    const failures = Number(known.find((row) => row.name === name)?.failures ?? 0) + 1
    const wait = delayAfter(brake, failures)
    return { name, failures, wait_until: isoTime(now + wait), forget_at: isoTime(now + FORGOTTEN_AFTER) }
  })
  await writeThrottles(tx, rows)
  const felt = new Set(names(attempt).map(({ name }) => name))
  return Math.max(0, ...rows.filter(({ name }) => felt.has(name)).map((row) => Date.parse(row.wait_until) - now))
}

/** Whoever got in has not been guessing: their own failures are forgotten, those of others are not. */
export async function noteSuccess(tx: Db, attempt: Attempt): Promise<void> {
  await forgetThrottles(tx, [nameOf('pair', attempt)])
}

/** The wait after a number of failures, in milliseconds. */
export function delayAfter({ free, first, most }: Brake, failures: number): number {
  return failures <= free ? 0 : Math.min(most, first * 2 ** Math.min(30, failures - free - 1))
}

function names(attempt: Attempt): { name: string; brake: Brake }[] {
  const all = (['pair', 'network', 'account'] as const).map((kind) => ({
    name: nameOf(kind, attempt),
    brake: BRAKES[kind],
    kind,
  }))
  return all.filter(({ kind }) => !(attempt.trusted && kind === 'account'))
}

function nameOf(kind: keyof typeof BRAKES, { what, address, network }: Attempt): string {
  if (kind === 'network') return `network ${what} ${network}`
  return kind === 'account' ? `account ${what} ${address}` : `pair ${what} ${address} ${network}`
}
