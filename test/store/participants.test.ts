import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { participantIds } from '../../src/store/cases.ts'
import { joinCase, listParticipants, markLeft } from '../../src/store/participants.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

describe.each(engines)('participants on %s', (engine) => {
  let desk: HelpDesk
  let caseId = ''
  let personId = ''
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    const { caseId: first } = await desk.take({})
    await desk.take({ from: { name: 'Pat', address: 'pat@customer.test' } })
    const { id } = await desk.store.db
      .selectFrom('people')
      .select('id')
      .where('name', '=', 'Pat')
      .executeTakeFirstOrThrow()
    caseId = first ?? ''
    personId = id
  })
  afterEach(async () => {
    await desk.store.close()
  })

  it('join once, leave once, and can join again', async () => {
    const { db } = desk.store
    expect(await joinCase(db, caseId, personId, '2026-11-20T10:00:00.000Z')).toBe(true)
    expect(await joinCase(db, caseId, personId, '2026-11-20T10:01:00.000Z')).toBe(false)
    expect(await markLeft(db, caseId, personId, '2026-11-20T10:02:00.000Z')).toBe(true)
    expect(await markLeft(db, caseId, personId, '2026-11-20T10:03:00.000Z')).toBe(false)
    expect(await listParticipants(db, caseId)).toEqual([{ personId, leftAt: '2026-11-20T10:02:00.000Z' }])
    expect(await participantIds(db, caseId)).toEqual([])
    expect(await joinCase(db, caseId, personId, '2026-11-20T10:04:00.000Z')).toBe(true)
    expect(await participantIds(db, caseId)).toEqual([personId])
  })
})
