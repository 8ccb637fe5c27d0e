import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { admitHeld, refuseHeld } from '../../src/cases/hold.ts'
import { listHolds } from '../../src/store/holds.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }

describe.each(engines)('what is held on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    await desk.take({})
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const held = async () => await listHolds(desk.store.db, 'waiting')
  const heldId = async () => (await held())[0]?.id ?? ''
  const admit = async (id: string) =>
    await desk.store.transaction(async (tx) => await admitHeld(tx, desk.ctx, id, { id: 'anna', name: 'Anna Holm' }))
  const refuse = async (id: string) =>
    await desk.store.transaction(async (tx) => await refuseHeld(tx, desk.ctx, id, null))
  const holdMallory = async () => {
    await desk.take({ from: MALLORY, to: [desk.key(1, 'customer')], reply: 'Mig også.' })
    return await heldId()
  }

  it('is listed with its case, its sender and the reason', async () => {
    await holdMallory()
    expect(await held()).toMatchObject([
      {
        number: 1,
        author: MALLORY.address,
        state: 'held',
        reason: expect.stringContaining('without a part in case #1'),
      },
    ])
  })

  it('is public and the sender takes part once it is admitted, and everybody hears of it', async () => {
    const id = await holdMallory()
    const before = (await desk.outbox()).length
    await admit(id)
    const it = await desk.show(1)
    expect(it.comments[0]).toMatchObject({ visibility: 'public', role: 'participant', text: 'Mig også.' })
    expect(it.participants).toEqual([MALLORY])
    expect(it.log.at(-1)).toMatchObject({
      actor: 'Anna Holm',
      what: 'held',
      from: 'comment 1',
      to: 'admitted, with Mallory as participant',
    })
    expect((await desk.outbox()).slice(before)).toMatchObject([
      { kind: 'comment-added-agent', to: 'anna@private.test' },
      { kind: 'comment-added-agent', to: 'bo@private.test' },
      { kind: 'comment-added', to: 'kim@customer.test' },
    ])
    expect(await held()).toEqual([])
  })

  it('lets the admitted person answer from then on', async () => {
    await admit(await holdMallory())
    await desk.take({ from: MALLORY, to: [desk.key(1, 'customer')], reply: 'Tak.' })
    expect((await desk.show(1)).comments[1]).toMatchObject({ role: 'participant', visibility: 'public' })
  })

  it('stays internal when it is refused, and can be admitted later', async () => {
    const id = await holdMallory()
    await refuse(id)
    expect((await desk.show(1)).comments[0]).toMatchObject({ visibility: 'internal' })
    expect(await held()).toEqual([])
    expect((await desk.show(1)).log.at(-1)).toMatchObject({ actor: 'posthorn', what: 'held', to: 'refused' })
    await expect(refuse(id)).rejects.toThrow(/refused by posthorn/)
    await admit(id)
    expect((await desk.show(1)).comments[0]).toMatchObject({ visibility: 'public' })
  })

  it('is admitted once', async () => {
    const id = await holdMallory()
    await admit(id)
    await expect(admit(id)).rejects.toThrow(/admitted by Anna Holm/)
    await expect(admit('nothing')).rejects.toThrow(/nothing is held/)
  })

  it("gives an agent's words to the customer without the command that held them", async () => {
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: '#frobnicate\nSluk for den.' })
    await admit((await listHolds(desk.store.db, 'all'))[0]?.id ?? '')
    expect((await desk.show(1)).comments[0]).toMatchObject({
      role: 'agent',
      visibility: 'public',
      text: 'Sluk for den.',
    })
    expect((await desk.show(1)).status).toBe('open')
  })

  it('does not wait for anybody when a machine answered', async () => {
    await desk.take({
      automatic: { kind: 'out-of-office', evidence: 'Auto-Submitted' },
      to: [desk.key(1, 'customer')],
      reply: 'Jeg er på ferie.',
    })
    expect(await held()).toEqual([])
    expect(await listHolds(desk.store.db, 'all')).toMatchObject([{ state: 'noted', number: 1 }])
  })
})
