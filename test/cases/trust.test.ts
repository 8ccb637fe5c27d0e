import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }

describe.each(engines)('who is believed without a check, on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    await desk.take({})
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const noticeTo = async (address: string) => {
    const row = await desk.store.db
      .selectFrom('outbox')
      .select('message_id')
      .where('to_address', '=', address)
      .executeTakeFirstOrThrow()
    return row.message_id
  }

  it('an agent who answers a mail that was sent to her, by its Message-ID alone', async () => {
    await desk.take({ from: ANNA, inReplyTo: [await noticeTo(ANNA.address)], reply: 'Prøv igen.' })
    expect((await desk.show(1)).comments).toMatchObject([{ role: 'agent', visibility: 'public' }])
  })

  it('not an agent who answers a mail that was sent to somebody else', async () => {
    await desk.take({ from: ANNA, inReplyTo: [await noticeTo('bo@private.test')], reply: 'Prøv igen.' })
    await desk.take({ from: ANNA, inReplyTo: [await noticeTo('kim@customer.test')], reply: 'Prøv igen.' })
    expect((await desk.show(1)).comments.map((it) => it.role)).toEqual(['system', 'system'])
  })

  it('an agent with both, whoever else is cited', async () => {
    const cited = [await noticeTo('bo@private.test'), await noticeTo(ANNA.address)]
    await desk.take({ from: ANNA, references: cited, reply: 'Prøv igen.' })
    expect((await desk.show(1)).comments.map((it) => it.role)).toEqual(['agent'])
  })
})
