import { afterEach, describe, expect, it } from 'vitest'
import { quietLog } from '../../src/core/log.ts'
import { nextSlot } from '../../src/digest/due.ts'
import { runDue } from '../../src/digest/run.ts'
import { instantOf, wallTime } from '../../src/digest/wall-clock.ts'
import { SETTLE } from '../../src/digest/windows.ts'
import { openStore } from '../../src/store/open.ts'
import { engines } from '../support/databases.ts'
import { type DigestDesk, openDigestDesk } from './desk.ts'

const ZONES = ['Europe/Copenhagen', 'America/New_York', 'UTC', 'Australia/Lord_Howe', 'Pacific/Apia']
/** Sundays at half past two: in the hour that clocks are put forward over, and back through. */
const SCHEDULE = '30 2 * * 0'
const MINUTE = 60_000

/** Every moment of 2026 at which a slot comes to be due for somebody, and some after each, when the clocks have changed. */
function moments(): number[] {
  const all = ZONES.flatMap((zone) => {
    const slots: number[] = []
    let slot = nextSlot(SCHEDULE, zone, instantOf(zone, '2026-01-01T00:00'))
    for (; slot && slot.wall < '2027-01-01T00:00'; slot = nextSlot(SCHEDULE, zone, slot.at))
      slots.push(slot.at + SETTLE, slot.at + SETTLE + 31 * MINUTE, slot.at + SETTLE + 61 * MINUTE)
    return slots
  })
  return [...new Set(all)].sort((a, b) => a - b)
}

function sundays(): string[] {
  const first = Date.UTC(2026, 0, 4, 2, 30)
  return Array.from({ length: 52 }, (_, week) =>
    new Date(first + week * 7 * 24 * 60 * MINUTE).toISOString().slice(0, 16),
  )
}

describe.each(engines)('a year of digests on %s', (engine) => {
  let desk: DigestDesk
  afterEach(async () => {
    await desk.store.close()
  })

  it('prepares each slot once for each person, with two workers at once, and leaves no gap', async () => {
    desk = await openDigestDesk(engine, { schedules: { agents: SCHEDULE, contacts: null, articles: null } })
    desk.setClock('2025-12-31T11:00:00.000Z')
    for (const zone of ZONES) await desk.person(zone.replace('/', '-'), { kind: 'agent', zone })
    await desk.take({})
    await runDue(desk.digests, 'agents')
    const other = await openStore(desk.store.config, desk.store.dataFolder, quietLog)
    const workers = [desk.digests, { ...desk.digests, store: other }]
    for (const now of moments()) {
      desk.setClock(new Date(now).toISOString())
      await Promise.all(workers.map(async (worker) => await runDue(worker, 'agents')))
    }
    await other.close()
    const rows = await desk.written()
    for (const zone of ZONES) {
      const mine = rows.filter(({ to }) => to === `${zone.replace('/', '-').toLowerCase()}@private.test`)
      const shown = mine.map(({ data }) => wallTime(zone, Date.parse(data.until)))
      const named = sundays().map((wall) => wallTime(zone, instantOf(zone, wall)))
      expect({ zone, shown }).toEqual({ zone, shown: named })
      expect(shown.filter((wall, index) => wall !== sundays()[index]).length).toBeLessThanOrEqual(1)
      expect(mine.slice(1).map(({ data }) => data.from)).toEqual(mine.slice(0, -1).map(({ data }) => data.until))
      expect(new Set(mine.map(({ data }) => data.timeZone))).toEqual(new Set([zone]))
    }
    // The two of the configuration go by its clock.
    expect(rows).toHaveLength(52 * (ZONES.length + 2))
  }, 60_000)
})
