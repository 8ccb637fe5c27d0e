import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeLog } from '../../src/core/log.ts'
import { runDue } from '../../src/digest/run.ts'
import { type Digests, startDigests } from '../../src/digest/start.ts'
import { collectLog, type LogLines } from '../support/log-lines.ts'
import { type DigestDesk, openDigestDesk } from './desk.ts'

/** The timers of the schedule are wound on by hand; the time that it reads is the test's own. */
describe('the clock of the digests', () => {
  let desk: DigestDesk
  let log: LogLines
  let digests: Digests | null
  let written: () => void
  beforeEach(async () => {
    desk = await openDigestDesk('sqlite')
    desk.setClock('2026-11-16T11:00:00.000Z')
    await desk.take({})
    await runDue(desk.digests, 'agents')
    written = () => undefined
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
  })
  afterEach(async () => {
    await digests?.stop()
    vi.useRealTimers()
    await desk.store.close()
  })

  const start = (over: object = {}) => {
    log = collectLog()
    const committed = () => written()
    digests = startDigests({ ctx: { ...desk.digests, ...over }, log: makeLog('debug', log.stream), committed })
  }
  /** Resolves when digests are committed. */
  const committed = async () =>
    await new Promise<void>((resolve) => {
      written = resolve
    })

  it('prepares at once what is due at the start', async () => {
    desk.setClock('2026-11-17T06:01:00.000Z')
    const done = committed()
    start()
    await done
    expect(await desk.written()).toHaveLength(2)
  })

  it('looks each minute', async () => {
    start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await desk.written()).toEqual([])
    desk.setClock('2026-11-17T06:01:00.000Z')
    const done = committed()
    await vi.advanceTimersByTimeAsync(60_000)
    await done
    expect(await desk.written()).toHaveLength(2)
  })

  it('goes on with the others when one of them fails, and tells of it', async () => {
    desk.setClock('2026-11-17T06:01:00.000Z')
    const broken = { ...desk.digests.schedules, contacts: 'no schedule' }
    const done = committed()
    start({ schedules: broken })
    await done
    const line = await log.waitFor(({ msg }) => String(msg).startsWith('digest contacts failed'))
    expect(line).toMatchObject({ loop: 'digest contacts' })
    expect(await desk.written()).toHaveLength(2)
  })

  it('warns at the start when people wait for a digest that is off', async () => {
    const lee = await desk.person('Lee')
    await desk.prefer(lee, 'areas', 'digest')
    start({ schedules: { ...desk.digests.schedules, contacts: null, articles: null } })
    const line = await log.waitFor(({ msg }) => String(msg).startsWith('this digest is off'))
    expect(line).toMatchObject({ level: 'warn', digest: 'articles', people: 1 })
    await digests?.stop()
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })

  it('ends in the midst of its waiting, and prepares nothing after', async () => {
    start()
    await vi.advanceTimersByTimeAsync(60_000)
    await digests?.stop()
    desk.setClock('2026-11-17T06:01:00.000Z')
    await vi.advanceTimersByTimeAsync(180_000)
    expect(await desk.written()).toEqual([])
  })
})
