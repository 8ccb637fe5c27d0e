import { Cron } from 'croner'
import { instantOf, offsetAt, type WallTime, wallOf } from './wall-clock.ts'

/**
 * When a digest is due. A schedule is read against the wall clock alone, as if there were no daylight saving, and each time
 * that it names is one slot. So an hour that comes twice has its slots once, and a slot that the clocks skip is due at the
 * first moment after it. Pure: the clock is an argument.
 */
export interface Slot {
  /** Its name: the local date and time that the schedule means. */
  wall: WallTime
  /** When it is due: milliseconds since 1970. */
  at: number
}

const HOUR = 3_600_000
/** Longer than any zone puts its clocks back. */
const PUT_BACK = 3 * HOUR

const patterns = new Map<string, Cron>()

function patternOf(schedule: string): Cron {
  const known = patterns.get(schedule)
  if (known) return known
  const pattern = new Cron(schedule, { timezone: 'UTC', mode: '5-part' })
  patterns.set(schedule, pattern)
  return pattern
}

/** The last slot of a schedule that is due at `now`, or null where there never was one. */
export function latestSlot(schedule: string, zone: string, now: number): Slot | null {
  const offset = offsetAt(zone, now)
  // After the clocks were put back, the wall has shown later times than it does now.
  const shown = now + Math.max(offset, offsetAt(zone, now - PUT_BACK))
  let from = Math.floor(shown / 60_000) * 60_000 + 60_000
  for (;;) {
    const [match] = patternOf(schedule).previousRuns(1, new Date(from))
    if (!match) return null
    const slot = slotOf(zone, match)
    if (slot.at <= now) return slot
    from = match.getTime()
  }
}

/** The slot that is due at `now` and comes after `last`, or null: of several that were missed, the latest alone. */
export function dueSlot(schedule: string, zone: string, now: number, last: WallTime): Slot | null {
  const slot = latestSlot(schedule, zone, now)
  return slot && slot.wall > last ? slot : null
}

/** The first slot after `now`, or null where there is none any more. */
export function nextSlot(schedule: string, zone: string, now: number): Slot | null {
  let from = now + Math.min(offsetAt(zone, now), offsetAt(zone, now - PUT_BACK)) - PUT_BACK
  for (;;) {
    const match = patternOf(schedule).nextRun(new Date(from))
    if (!match) return null
    const slot = slotOf(zone, match)
    if (slot.at > now) return slot
    from = match.getTime()
  }
}

function slotOf(zone: string, match: Date): Slot {
  const wall = wallOf(match.getTime())
  return { wall, at: instantOf(zone, wall) }
}
