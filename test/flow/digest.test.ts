import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findPersonByAddress, markVerified } from '../../src/store/people.ts'
import { writePreference } from '../../src/store/preferences.ts'
import { engines } from '../support/databases.ts'
import { ANNA, type Arrived, answerTo, type Flow, KIM, letter, poll, startFlow } from '../support/flow.ts'
import { mailServers } from '../support/mail-servers.ts'

const [kind] = mailServers
if (!kind) throw new Error('there is no mail server')

const AT = '2026-01-01T00:00:00.000Z'

describe.each(engines.slice(-1))('digests by mail, on %s', (engine) => {
  let flow: Flow
  beforeEach(async () => {
    flow = await startFlow({
      engine,
      kind,
      over: (config) => ({
        ...config,
        digests: { agents: '0 7 * * *', contacts: '0 8 * * 1', articles: null },
        agents: config.agents.map((agent) => ({ ...agent, timeZone: 'America/New_York' })),
      }),
    })
  })
  afterEach(async () => {
    await flow.close()
  })

  const overviews = (address: string) => flow.arrived(address).filter(({ raw }) => raw.includes('List-Id:'))
  const overview = async (address: string): Promise<Arrived> =>
    await poll(async () => overviews(address)[0], `a digest to ${address}`)
  /** As if the program had not run for long: the last slot that it saw lies far back. */
  const wasAway = async () => {
    await poll(async () => {
      const { updated } = await flow.store.db
        .selectFrom('digest_runs')
        .select((eb) => eb.fn.countAll().as('updated'))
        .executeTakeFirstOrThrow()
      return Number(updated) >= 4 ? true : undefined
    }, 'where the schedules begin')
    await flow.store.db.updateTable('digest_runs').set({ slot: '2026-01-01T07:00', at: AT }).execute()
  }

  it('come once after an outage: to an agent, and to the customer who wants one', async () => {
    await flow.deliver(letter({ subject: 'Printeren virker ikke', text: 'Den er død.' }))
    const opened = await flow.waitForMail(ANNA.address)
    await flow.deliver(answerTo(opened, ANNA, 'Sluk for den.'))
    const answer = await flow.waitForMail(KIM.address, (mail) => mail.reply.includes('Sluk for den.'))
    await flow.deliver(answerTo(answer, KIM, 'Det hjalp ikke.'))
    await flow.settled(3)
    const { db } = flow.store
    const kim = await findPersonByAddress(db, KIM.address)
    await markVerified(db, KIM.address, AT)
    const choice = { topic: 'comments', mailbox: '', mode: 'digest', was: null, stoppedWith: null } as const
    await writePreference(db, kim?.id ?? '', choice, AT)
    await wasAway()
    await flow.restart()

    const annas = await overview(ANNA.address)
    expect(annas.message.subject).toContain('Case overview')
    expect(annas.message.text).toMatch(/Waiting on us: 1[\s\S]*#1[\s\S]*Printeren virker ikke/)
    const kims = await overview(KIM.address)
    expect(kims.message.text).toMatch(/#1[\s\S]*Printeren virker ikke/)
    expect(kims.raw.toString()).not.toMatch(/private\.test/)
    for (const { raw } of [annas, kims]) {
      expect(raw.toString()).toMatch(/^List-Id: /m)
      expect(raw.toString()).toMatch(/^List-Unsubscribe:\s+<mailto:/m)
      expect(raw.toString()).toMatch(/^Auto-Submitted: auto-generated/m)
    }

    await flow.restart()
    await flow.deliver(letter({ subject: 'Scanneren', text: 'Også den.' }))
    await flow.waitForMail(ANNA.address, (mail) => mail.subject.includes('Scanneren'))
    await flow.settled(4)
    expect([overviews(ANNA.address).length, overviews(KIM.address).length]).toEqual([1, 1])
  })
})
