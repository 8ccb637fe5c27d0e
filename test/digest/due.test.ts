import { describe, expect, it } from 'vitest'
import { dueSlot, latestSlot, nextSlot } from '../../src/digest/due.ts'
import { instantOf, wallTime } from '../../src/digest/wall-clock.ts'

const HOUR = 3_600_000
const at = (iso: string) => Date.parse(iso)

/** Every day of 2026 as the slots of a schedule name them. */
function days(time: string, wanted: (weekday: number) => boolean = () => true): string[] {
  const slots: string[] = []
  for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2027, 0, 1); day += 24 * HOUR)
    if (wanted(new Date(day).getUTCDay())) slots.push(`${new Date(day).toISOString().slice(0, 10)}T${time}`)
  return slots
}

/** What comes due when somebody looks every `step`, all through the local year. */
function runYear(schedule: string, zone: string, step: number, from = 0): { wall: string; shown: string }[] {
  const found: { wall: string; shown: string }[] = []
  let last = '2025-12-31T23:59'
  const end = instantOf(zone, '2027-01-01T00:00')
  for (let now = instantOf(zone, '2026-01-01T00:00') + from; now < end; now += step) {
    const slot = dueSlot(schedule, zone, now, last)
    if (!slot) continue
    last = slot.wall
    found.push({ wall: slot.wall, shown: wallTime(zone, slot.at) })
  }
  return found
}

const ZONES = ['Europe/Copenhagen', 'America/New_York', 'UTC', 'Australia/Lord_Howe', 'Pacific/Apia']

describe.each(ZONES)('a year in %s', (zone) => {
  it('has each morning once, at seven by the clock on the wall', () => {
    const found = runYear('0 7 * * *', zone, HOUR)
    expect(found.map((slot) => slot.wall)).toEqual(days('07:00'))
    expect(found.filter((slot) => slot.shown !== slot.wall)).toEqual([])
  })

  it('has each working day and each Monday once', () => {
    const found = runYear('0 7 * * 1-5', zone, 5 * HOUR)
    expect(found.map((slot) => slot.wall)).toEqual(days('07:00', (day) => day >= 1 && day <= 5))
    const mondays = runYear('0 8 * * 1', zone, 5 * HOUR)
    expect(mondays.map((slot) => slot.wall)).toEqual(days('08:00', (day) => day === 1))
  })

  it('has each night at half past two once, where that comes twice and where it never comes', () => {
    const found = runYear('30 2 * * *', zone, HOUR, HOUR / 2)
    expect(found.map((slot) => slot.wall)).toEqual(days('02:30'))
    // Lord Howe puts its clocks by half an hour: no time of two o'clock but this one is skipped there.
    const quarter = runYear('15 2 * * *', zone, 5 * HOUR)
    expect(quarter.map((slot) => slot.wall)).toEqual(days('02:15'))
  })
})

describe('when the clocks change', () => {
  it.each([
    ['Europe/Copenhagen', '2026-03-29T02:30', '2026-03-29T01:00:00Z', '2026-03-29T03:00'],
    ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00:00Z', '2026-03-08T03:00'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30:00Z', '2026-10-04T02:30'],
    ['Pacific/Apia', '2011-12-30T07:00', '2011-12-30T10:00:00Z', '2011-12-31T00:00'],
  ])('in %s %s, which is skipped, is due at the first moment after it', (zone, wall, instant, shown) => {
    expect(instantOf(zone, wall)).toBe(at(instant))
    expect(wallTime(zone, at(instant))).toBe(shown)
    const schedule = `${Number(wall.slice(14))} ${Number(wall.slice(11, 13))} * * *`
    expect(latestSlot(schedule, zone, at(instant))).toEqual({ wall, at: at(instant) })
    expect(latestSlot(schedule, zone, at(instant) - 60_000)?.wall).not.toBe(wall)
  })

  it.each([
    ['Europe/Copenhagen', '2026-10-25T02:30', '2026-10-25T00:30:00Z'],
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00Z'],
  ])('in %s %s, which comes twice, is due the first time alone', (zone, wall, instant) => {
    const schedule = `${Number(wall.slice(14))} ${Number(wall.slice(11, 13))} * * *`
    expect(instantOf(zone, wall)).toBe(at(instant))
    expect(dueSlot(schedule, zone, at(instant) - 60_000, '2026-01-01T00:00')?.wall).not.toBe(wall)
    // For three hours after it, the hour that is repeated included, nothing else is due.
    for (let now = at(instant); now < at(instant) + 3 * HOUR; now += 60_000) {
      expect(latestSlot(schedule, zone, now)?.wall).toBe(wall)
      expect(dueSlot(schedule, zone, now, wall)).toBeNull()
    }
  })

  it('a digest every ten minutes never goes back, minute by minute over both changes', () => {
    for (const [zone, from] of [
      ['Europe/Copenhagen', '2026-10-24T22:00:00Z'],
      ['Europe/Copenhagen', '2026-03-28T23:00:00Z'],
      ['Australia/Lord_Howe', '2026-04-04T13:00:00Z'],
      ['Australia/Lord_Howe', '2026-10-03T13:00:00Z'],
    ] as const) {
      let last = latestSlot('*/10 * * * *', zone, at(from))?.wall ?? ''
      const seen = [last]
      for (let now = at(from); now < at(from) + 6 * HOUR; now += 60_000) {
        const slot = dueSlot('*/10 * * * *', zone, now, last)
        if (!slot) continue
        last = slot.wall
        seen.push(last)
      }
      expect(seen).toEqual([...new Set(seen)].sort())
      expect(wallTime(zone, at(from) + 6 * HOUR - 60_000) > last).toBe(true)
    }
  })
})

describe('a schedule', () => {
  it('that was missed for days comes due once, with its latest slot', () => {
    const slot = dueSlot('0 7 * * *', 'Europe/Copenhagen', at('2026-11-20T10:00:00Z'), '2026-11-17T07:00')
    expect(slot).toEqual({ wall: '2026-11-20T07:00', at: at('2026-11-20T06:00:00Z') })
  })

  it('is due at its very minute and not a millisecond before', () => {
    const due = at('2026-11-20T06:00:00Z')
    expect(dueSlot('0 7 * * *', 'Europe/Copenhagen', due - 1, '2026-11-19T07:00')).toBeNull()
    expect(dueSlot('0 7 * * *', 'Europe/Copenhagen', due, '2026-11-19T07:00')?.wall).toBe('2026-11-20T07:00')
  })

  it('that names a day that never comes is never due', () => {
    expect(latestSlot('0 7 31 2 *', 'UTC', at('2026-11-20T10:00:00Z'))).toBeNull()
    expect(nextSlot('0 7 31 2 *', 'UTC', at('2026-11-20T10:00:00Z'))).toBeNull()
  })

  it.each(ZONES)('in %s has as its next slot the one that will come due', (zone) => {
    for (let now = at('2026-01-01T00:20:00Z'); now < at('2027-01-01T00:00:00Z'); now += 13 * HOUR) {
      const next = nextSlot('30 2 * * *', zone, now)
      if (!next) throw new Error('there is no next slot')
      expect(next.at).toBeGreaterThan(now)
      expect(latestSlot('30 2 * * *', zone, next.at)).toEqual(next)
      expect(latestSlot('30 2 * * *', zone, next.at - 1)?.wall).toBe(latestSlot('30 2 * * *', zone, now)?.wall)
    }
  })
})
