import { isoTime } from '../core/world.ts'
import { beginRun, type DigestRun, findRuns, listTimeZones } from '../store/digests.ts'
import { dueSlot, latestSlot } from './due.ts'
import type { DigestContext, DigestName } from './edition.ts'
import { isZone, type WallTime, wallTime } from './wall-clock.ts'

/** What is prepared for the people of one zone. Times are milliseconds since 1970. */
export interface Window {
  slot: WallTime
  /** Up to when it covers; from when on is each person's own, and this where nothing else is known. */
  until: number
  since: number
  /** Where the next one begins. */
  next: number
}

/**
 * How long after its time a slot is prepared, in milliseconds: what was written before it is committed by then, so that
 * nothing falls between two digests.
 */
export const SETTLE = 60_000
const DAY = 86_400_000

/** The zone whose clock a person goes by: their own where it is one, else that of the configuration. */
export function zoneOf({ timeZone }: { timeZone: string | null }, preset: string): string {
  return timeZone !== null && isZone(timeZone) ? timeZone : preset
}

/**
 * What of a digest is due now, by zone. A zone that was never seen begins with the slot that is past: nobody gets a digest
 * for what was before. After an outage the latest slot alone is due.
 */
export async function dueWindows(ctx: DigestContext, name: DigestName): Promise<Map<string, Window>> {
  const schedule = ctx.schedules[name]
  const due = new Map<string, Window>()
  if (schedule === null) return due
  const runs = await findRuns(ctx.store.db, name)
  const settled = ctx.world.now() - SETTLE
  for (const zone of await allZones(ctx)) {
    const run = runs.get(zone)
    if (!run) await begin(ctx, { name, schedule, zone })
    const slot = run ? dueSlot(schedule, zone, settled, run.slot) : null
    if (run && slot) due.set(zone, { slot: slot.wall, until: slot.at, since: Date.parse(run.at), next: slot.at })
  }
  return due
}

async function begin(
  ctx: DigestContext,
  { name, schedule, zone }: { name: DigestName; schedule: string; zone: string },
) {
  const now = ctx.world.now()
  const slot = latestSlot(schedule, zone, now) ?? { wall: wallTime(zone, now), at: now }
  const begun = { digest: name, time_zone: zone, slot: slot.wall, at: isoTime(slot.at) }
  await beginRun(ctx.store.db, begun)
}

/**
 * Everybody's window for a run by hand, which takes the place of the slot that is past: its slot is this very minute. What
 * was written in the last minute may stand in the next digest too, since some of it may not be committed yet.
 */
export async function windowsByHand(
  ctx: DigestContext,
  name: DigestName,
  schedule: string,
): Promise<Map<string, Window>> {
  const now = ctx.world.now()
  const runs = await findRuns(ctx.store.db, name)
  const windowOf = (zone: string): Window => ({
    slot: wallTime(zone, now),
    until: now,
    since: since(runs.get(zone)) ?? latestSlot(schedule, zone, now)?.at ?? now - DAY,
    next: now - SETTLE,
  })
  return new Map((await allZones(ctx)).map((zone) => [zone, windowOf(zone)]))
}

const since = (run: DigestRun | undefined) => (run ? Date.parse(run.at) : null)

async function allZones({ store, timeZone }: DigestContext): Promise<string[]> {
  const zones = await listTimeZones(store.db)
  return [...new Set([timeZone, ...zones.filter(isZone)])]
}
