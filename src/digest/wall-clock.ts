/**
 * Local time and UTC. A wall time is what a clock on the wall shows, to the minute: '2026-10-25T07:00'. Such texts sort as the
 * times do, and one that daylight saving shows twice is still one text. Zones are IANA names.
 */
export type WallTime = string

const DAY = 86_400_000
const MINUTE = 60_000

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const two = '2-digit'
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: two, day: two, hour: two, minute: two, second: two },
  })
  formats.set(zone, format)
  return format
}

/** Whether a zone is known here: an unknown one makes the other functions throw a RangeError. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** What a zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(zone: string, instant: number): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(instant)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1_000) * 1_000
}

/** The wall time of milliseconds that were counted as if the wall clock were UTC. */
export function wallOf(asUtc: number): WallTime {
  return new Date(asUtc).toISOString().slice(0, 16)
}

/** What the clocks of a zone show at an instant. */
export function wallTime(zone: string, instant: number): WallTime {
  return wallOf(instant + offsetAt(zone, instant))
}

/**
 * When the clocks of a zone show a wall time: the first time where they show it twice, and the first moment after it where
 * they skip it. Milliseconds since 1970.
 */
export function instantOf(zone: string, wall: WallTime): number {
  const asUtc = Date.parse(`${wall}Z`)
  // No zone is further from UTC than a day, so any change that matters lies between the two.
  const before = asUtc - offsetAt(zone, asUtc - DAY)
  const after = asUtc - offsetAt(zone, asUtc + DAY)
  const shown = [before, after].filter((instant) => wallTime(zone, instant) === wall)
  return shown.length > 0 ? Math.min(...shown) : changeBetween(zone, after, before)
}

/** The minute at which a zone's clocks were put forward, between two instants on either side of it. */
function changeBetween(zone: string, from: number, to: number): number {
  const offset = offsetAt(zone, from)
  let [early, late] = [Math.floor(from / MINUTE), Math.ceil(to / MINUTE)]
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2)
    if (offsetAt(zone, middle * MINUTE) === offset) early = middle
    else late = middle
  }
  return late * MINUTE
}
