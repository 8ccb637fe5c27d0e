import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addParticipants } from '../../src/cases/participants.ts'
import { leaveLink } from '../../src/model/thread-key.ts'
import { findCaseByNumber } from '../../src/store/cases.ts'
import { findPersonByAddress } from '../../src/store/people.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const KIM = { name: 'Kim', address: 'kim@customer.test' }
const PAT = { name: 'Pat', address: 'pat@customer.test' }
const LEE = { name: 'Lee', address: 'lee@customer.test' }
const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }
const SUPPORT = { name: null, address: 'support@acme.test' }

describe.each(engines)('participants on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const takingPart = async (number = 1) => (await desk.show(number)).participants.map((it) => it.address)
  const hearing = async () => (await desk.outbox()).filter(({ kind }) => kind === 'comment-added').map(({ to }) => to)
  const answer = async (reply = 'Prøv igen.', over = {}) =>
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply, ...over })

  /** Sends the mail by which somebody leaves case 1; the link is a mailto URI. */
  async function leave(who: typeof PAT, over = {}) {
    const person = await findPersonByAddress(desk.store.db, who.address)
    const mailbox = { address: 'support@acme.test', plusAddress: true }
    const link = leaveLink(desk.ctx.policy.secrets, mailbox, 1, person?.id ?? '')
    const address = new URL(link).pathname
    return await desk.take({ from: who, to: [{ name: null, address }], subject: 'leave', reply: '', text: '', ...over })
  }

  it('are those whom the opening mail names, and they hear what is said from then on', async () => {
    await desk.take({ to: [SUPPORT, PAT], cc: [LEE, MALLORY] })
    expect(await takingPart()).toEqual([PAT.address, LEE.address])
    expect(await hearing()).toEqual([])
    await answer()
    expect((await hearing()).sort()).toEqual([KIM.address, LEE.address, PAT.address])
    expect((await desk.show(1)).log.filter((row) => row.what === 'participant').map((row) => row.to)).toEqual([
      PAT.address,
      LEE.address,
    ])
  })

  it('who are named later hear nothing of that comment or of what was before', async () => {
    await desk.take({})
    await answer()
    await desk.take({ to: [desk.key(1, 'customer')], cc: [PAT] })
    expect(await hearing()).toEqual([KIM.address])
    await answer('Og nu?')
    expect((await hearing()).slice(1).sort()).toEqual([KIM.address, PAT.address])
  })

  it('hear of no note, and are not named by one', async () => {
    await desk.take({ cc: [PAT] })
    await answer('#note\nHan er sur.', { cc: [LEE] })
    expect(await takingPart()).toEqual([PAT.address])
    expect(await hearing()).toEqual([])
  })

  it('may name others, and write', async () => {
    await desk.take({ cc: [PAT] })
    await desk.take({ from: PAT, to: [desk.key(1, 'customer')], cc: [LEE], reply: 'Også hos mig.' })
    expect((await desk.show(1)).comments).toMatchObject([{ role: 'participant', visibility: 'public' }])
    expect((await takingPart()).sort()).toEqual([LEE.address, PAT.address])
  })

  it('are never agents, whoever names them', async () => {
    await desk.take({ cc: [ANNA] })
    await desk.ctx.store.transaction(async (tx) => {
      const it = await findCaseByNumber(tx, 1)
      if (!it) throw new Error('no case')
      const naming = { actor: 'Bo', byAgent: true, people: [ANNA], trust: 'verified' } as const
      await addParticipants(tx, desk.ctx, it, { ...naming, policy: { policy: 'all', most: 10 } })
    })
    expect(await takingPart()).toEqual([])
  })

  it('are so many at the most', async () => {
    const crowd = Array.from({ length: 40 }, (_, n) => ({ name: null, address: `p${n}@customer.test` }))
    await desk.take({ cc: crowd.slice(0, 8) })
    await desk.take({ to: [desk.key(1, 'customer')], cc: crowd })
    expect(await takingPart()).toHaveLength(10)
  })

  describe('who leave', () => {
    beforeEach(async () => {
      await desk.take({ cc: [PAT, LEE] })
    })

    it('hear no more, and nobody is told', async () => {
      const before = (await desk.outbox()).length
      expect((await leave(PAT)).decision).toBe('leave')
      expect(await takingPart()).toEqual([LEE.address])
      expect((await desk.outbox()).length).toBe(before)
      expect((await desk.show(1)).log.at(-1)).toMatchObject({ actor: 'Pat', what: 'participant', from: PAT.address })
      await answer()
      expect((await hearing()).sort()).toEqual([KIM.address, LEE.address])
    })

    it('do so once, however often they say it', async () => {
      await leave(PAT)
      const log = (await desk.show(1)).log.length
      expect((await leave(PAT)).decision).toBe('leave')
      expect((await desk.show(1)).log).toHaveLength(log)
    })

    it('can do so through a provider that writes automatic mail in their stead', async () => {
      await leave(PAT, { from: null, returnPath: '', automatic: { kind: 'generated', evidence: 'Auto-Submitted' } })
      expect(await takingPart()).toEqual([LEE.address])
    })

    it('can do so by the subject alone, where plus-addresses do not arrive', async () => {
      const person = await findPersonByAddress(desk.store.db, PAT.address)
      const mailbox = { address: 'support@acme.test', plusAddress: false }
      const link = new URL(leaveLink(desk.ctx.policy.secrets, mailbox, 1, person?.id ?? ''))
      const subject = link.searchParams.get('subject') ?? ''
      await desk.take({ from: PAT, to: [SUPPORT], subject: `  ${subject.toUpperCase()}`, reply: '', text: '' })
      expect(await takingPart()).toEqual([LEE.address])
    })

    it('are not brought back by a customer who names them again, but by an agent', async () => {
      await leave(PAT)
      await desk.take({ to: [desk.key(1, 'customer')], cc: [PAT] })
      expect(await takingPart()).toEqual([LEE.address])
      await answer('Pat skal med.', { cc: [PAT] })
      expect((await takingPart()).sort()).toEqual([LEE.address, PAT.address])
    })

    it('can do so when the case was merged into another', async () => {
      await desk.take({ from: LEE })
      await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: '#merge 2' })
      expect(await takingPart(2)).toContain(PAT.address)
      await leave(PAT)
      expect(await takingPart(2)).not.toContain(PAT.address)
    })

    it('write as anybody else does: held for the agents', async () => {
      await leave(PAT)
      expect((await desk.take({ from: PAT, to: [desk.key(1, 'customer')] })).decision).toBe('hold')
    })
  })

  it('leave only by a key of their own: not by a guessed one, nor by that of another case', async () => {
    await desk.take({ cc: [PAT] })
    await desk.take({ cc: [PAT] })
    for (const number of ['1', '2147483648', '999999999999'])
      expect(
        await leave(PAT, { to: [{ name: null, address: `support+l${number}.aaaaaaaaaaaaaaaa@acme.test` }] }),
      ).toMatchObject({ decision: 'open' })
    expect(await takingPart()).toEqual([PAT.address])
    await leave(PAT)
    expect([await takingPart(1), await takingPart(2)]).toEqual([[], [PAT.address]])
  })
})
