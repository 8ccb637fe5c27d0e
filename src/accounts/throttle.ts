import { isoTime } from '../core/world.ts'
import { forgetThrottles, lockThrottles, takeBackFailure, writeThrottles } from '../store/accounts/throttles.ts'
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
 * Who guesses from one place is soon stopped, and who guesses at one account from many places is slowed. Neither locks its
 * owner out: a browser that they have signed in with before is judged by what comes from it alone, and a link by mail and a
 * passkey ask nothing of this.
 */
const BRAKES = {
  /** One network trying one account. */
  pair: { free: 4, first: 2 * SECOND, most: 15 * MINUTE },
  /** One network trying anything. */
  network: { free: 40, first: 5 * SECOND, most: 15 * MINUTE },
  /** Somebody with 65,536 networks of IPv6, which one customer of a provider may have. */
  wide: { free: 200, first: 5 * SECOND, most: 15 * MINUTE },
  /** Anybody trying one account. */
  account: { free: 20, first: SECOND, most: MINUTE },
  /** A browser that is known to be this person's; so that a stolen cookie is not worth much either. */
  browser: { free: 8, first: 2 * SECOND, most: 15 * MINUTE },
} as const satisfies Record<string, Brake>

/** How asking for mails is slowed: by a network, more by one that does no work for it, and by one person. */
const ASKING = {
  proof: { free: 60, first: SECOND, most: MINUTE },
  question: { free: 6, first: 5 * SECOND, most: 10 * MINUTE },
  person: { free: 5, first: 10 * SECOND, most: 15 * MINUTE },
} as const satisfies Record<string, Brake>

const FORGOTTEN_AFTER = 2 * HOUR

export interface Attempt {
  /** What is tried: 'password', 'totp' …: each is counted by itself. */
  what: string
  /** Lower case. */
  address: string
  network: string
  /**
   * The name of a browser (or a session) that is known to be this person's: then nobody else slows it. Never for a second
   * factor: whoever has the password can have as many sessions as they like.
   */
  browser?: string | null
}

/** Who asks for a mail to be sent. */
export interface Asking {
  network: string
  /** What was done for it: work, or a question was answered. */
  effort: 'proof' | 'question'
  /** Whoever is signed in. */
  personId?: string
}

/** A turn to be looked at: `wait` ms before one is given (0: now), `next` ms before the one after, should this fail. */
export interface Turn {
  wait: number
  next: number
}

interface Counted {
  name: string
  brake: Brake
}

/**
 * Takes a turn, in a transaction of its own that ends before the secret is looked at. It counts as a failure until noteSuccess
 * takes it back: of many that come at the same moment, no more are looked at than of many that come one by one.
 */
export async function takeTurn(tx: Db, ctx: Pick<AccountContext, 'world'>, attempt: Attempt): Promise<Turn> {
  return await take(tx, ctx, namesOf(attempt))
}

/** Takes a turn to ask for a mail. */
export async function takeTurnToAsk(tx: Db, ctx: Pick<AccountContext, 'world'>, asking: Asking): Promise<Turn> {
  const { network, effort, personId } = asking
  const counted: Counted[] = [{ name: `ask ${network}`, brake: ASKING.proof }]
  if (effort === 'question') counted.push({ name: `ask plainly ${network}`, brake: ASKING.question })
  if (personId !== undefined) counted.push({ name: `ask person ${personId}`, brake: ASKING.person })
  return await take(tx, ctx, counted)
}

async function take(tx: Db, ctx: Pick<AccountContext, 'world'>, counted: readonly Counted[]): Promise<Turn> {
  const now = ctx.world.now()
  const end = isoTime(now + FORGOTTEN_AFTER)
  const names = counted.map(({ name }) => name)
  const before = await lockThrottles(tx, names, { at: isoTime(now), forgetAt: end })
  const wait = Math.max(0, ...before.map((row) => Date.parse(row.wait_until) - now))
  if (wait > 0) return { wait, next: wait }
  const rows = counted.map(({ name, brake }) => {
    const failures = Number(before.find((row) => row.name === name)?.failures ?? 0) + 1
    return { name, failures, wait_until: isoTime(now + delayAfter(brake, failures)), forget_at: end }
  })
  await writeThrottles(tx, rows)
  return { wait: 0, next: Math.max(0, ...rows.map((row) => Date.parse(row.wait_until) - now)) }
}

/**
 * Whoever got in has not been guessing: their own failures are forgotten. Those of others are not, and the turn that was taken
 * is given back to them; the wait that it may have brought is not, or whoever has an account could end it at will.
 */
export async function noteSuccess(tx: Db, attempt: Attempt): Promise<void> {
  const { own = [], shared = [] } = Object.groupBy(namesOf(attempt), ({ brake }) =>
    brake === BRAKES.pair || brake === BRAKES.browser ? 'own' : 'shared',
  )
  await takeBackFailure(
    tx,
    shared.map(({ name }) => name),
  )
  await forgetThrottles(
    tx,
    own.map(({ name }) => name),
  )
}

/** The wait after a number of failures, in milliseconds. */
export function delayAfter({ free, first, most }: Brake, failures: number): number {
  return failures <= free ? 0 : Math.min(most, first * 2 ** Math.min(30, failures - free - 1))
}

function namesOf({ what, address, network, browser }: Attempt): Counted[] {
  if (browser) return [{ name: `browser ${what} ${browser}`, brake: BRAKES.browser }]
  const wide = /^([0-9a-f]+:[0-9a-f]+:[0-9a-f]+):/i.exec(network)?.[1]
  return [
    { name: `pair ${what} ${address} ${network}`, brake: BRAKES.pair },
    { name: `network ${what} ${network}`, brake: BRAKES.network },
    { name: `account ${what} ${address}`, brake: BRAKES.account },
    ...(wide ? [{ name: `wide ${what} ${wide}`, brake: BRAKES.wide }] : []),
  ]
}
