import { PosthornError } from '../core/errors.ts'
import { isoTime } from '../core/world.ts'
import { normaliseAddress } from '../model/address.ts'
import { countWaiters, type Waiters } from '../store/digest-waiters.ts'
import { finishRun, forgetDigest } from '../store/digests.ts'
import { findPersonByAddress } from '../store/people.ts'
import type { DigestContext, DigestName } from './edition.ts'
import { type PrepareOptions, prepareDigest } from './prepare.ts'
import { dueWindows, windowsByHand } from './windows.ts'

/** Prepares what is due of a digest, and notes that it is done. How many digests were written comes back. */
export async function runDue(
  ctx: DigestContext,
  name: DigestName,
  options: Pick<PrepareOptions, 'committed' | 'signal'> = {},
): Promise<number> {
  const windows = await dueWindows(ctx, name)
  if (windows.size === 0) return 0
  const count = await prepareDigest(ctx, name, windows, options)
  // What was broken off is not done: it goes on at the next start.
  if (options.signal?.aborted) return count
  const done_at = isoTime(ctx.world.now())
  for (const [zone, { slot, until }] of windows)
    await finishRun(ctx.store.db, { digest: name, time_zone: zone, slot, at: isoTime(until), done_at })
  return count
}

/**
 * Prepares a digest at once, by hand: for everybody, or for the person with an address alone. It covers what came since the
 * last one and takes the place of the slot that is past. Throws 'digest-off', and 'no-such-person'.
 */
export async function runByHand(
  ctx: DigestContext,
  name: DigestName,
  { to, ...options }: Omit<PrepareOptions, 'only'> & { to?: string | null },
): Promise<number> {
  const schedule = ctx.schedules[name]
  if (schedule === null)
    throw new PosthornError('digest-off', `the digest '${name}' is off in the configuration`, {
      temporary: false,
      hint: `Give digests.${name} a schedule, like '0 7 * * 1-5'.`,
    })
  const only = to ? await personId(ctx, to) : null
  return await prepareDigest(ctx, name, await windowsByHand(ctx, name, schedule), { ...options, only })
}

async function personId({ store }: DigestContext, address: string): Promise<string> {
  const person = await findPersonByAddress(store.db, normaliseAddress(address))
  if (person) return person.id
  throw new PosthornError('no-such-person', `nobody with the address ${address} is known`, {
    temporary: false,
    hint: 'People are known from their first mail on, agents from the configuration.',
  })
}

/**
 * Forgets where a digest stood that is off now: when it is on again, it begins anew. What comes back is whom that concerns:
 * null where the digest is on.
 */
export async function forgetOff({ store, schedules }: DigestContext, name: DigestName): Promise<Waiters | null> {
  if (schedules[name] !== null) return null
  return await store.transaction(async (tx) => {
    const waiters = await countWaiters(tx, name)
    await forgetDigest(tx, name)
    return waiters
  })
}
