import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { giveVerdict } from '../../src/cases/verdict-by-key.ts'
import { bounceAddress, leaveLink, type Verdict, verdictKey } from '../../src/model/thread-key.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const BO = { name: 'Bo Dahl', address: 'bo@private.test' }
const PAT = { name: 'Pat', address: 'pat@customer.test' }
const LEE = { name: 'Lee', address: 'lee@elsewhere.test' }
const SUPPORT = 'support@acme.test'
const MINUTE = 60_000

describe.each(engines)('the change log of a case on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const take = async (over: Parameters<HelpDesk['take']>[0]) => {
    desk.world.pass(MINUTE)
    return await desk.take(over)
  }
  const agent = async (from: typeof ANNA, reply: string, number = 1) =>
    await take({ from, to: [desk.key(number, 'agent')], reply })
  const customer = async (reply: string, over = {}) => await take({ to: [desk.key(1, 'customer')], reply, ...over })
  const send = async () => {
    await desk.store.db.updateTable('outbox').set({ status: 'sent', attempts: 1 }).execute()
  }

  async function bounceOfMailTo(address: string): Promise<void> {
    await send()
    const rows = desk.store.db.selectFrom('outbox').selectAll().where('to_address', '=', address)
    const { id } = await rows.where('kind', '=', 'comment-added').executeTakeFirstOrThrow()
    const verp = bounceAddress(desk.ctx.policy.secrets, SUPPORT, id) ?? ''
    const failed = { action: 'failed', status: '5.1.1', permanent: true, diagnostic: 'no such user' } as const
    await take({
      from: { name: null, address: 'mailer-daemon@customer.test' },
      returnPath: '',
      to: [{ name: null, address: verp }],
      bounce: { recipients: [{ address, ...failed }], originalMessageId: null },
    })
  }

  async function leave(who: typeof PAT): Promise<void> {
    const rows = desk.store.db.selectFrom('person_addresses').selectAll().where('address', '=', who.address)
    const { person_id } = await rows.executeTakeFirstOrThrow()
    const mailbox = { address: SUPPORT, plusAddress: true }
    const address = new URL(leaveLink(desk.ctx.policy.secrets, mailbox, 1, person_id)).pathname
    await take({ from: who, to: [{ name: null, address }], subject: 'leave', reply: '', text: '' })
  }

  /** Kim's click in the newest solution. */
  async function say(verdict: Verdict): Promise<void> {
    desk.world.pass(MINUTE)
    const rows = desk.store.db.selectFrom('outbox').select('id').where('kind', '=', 'solution-proposed')
    const { id } = await rows.orderBy('id', 'desc').executeTakeFirstOrThrow()
    await giveVerdict(desk.ctx, verdictKey(desk.ctx.policy.secrets, verdict, 1, id))
  }

  /** Each row in words: who, what, from where, to where. */
  const story = async (number: number) =>
    (await desk.show(number)).log.map(({ actor, what, from, to }) =>
      [`${actor}: ${what}`, from && `from ${from}`, to && `to ${to}`].filter(Boolean).join(' '),
    )

  it('tells the whole story to somebody who was not there', async () => {
    await desk.take({ cc: [PAT] })
    await customer('Jeg har samme fejl.', { from: LEE })
    await agent(ANNA, '#admit')
    await agent(ANNA, '#assign bo\n#priority high\n#tag printer\nBo ser på den.')
    await agent(BO, '#note\nDet er nok netdelen.')
    await agent(BO, '#solved\nSkift netdelen.')
    await customer('Den er stadig død.')
    await take({ subject: 'Endnu en' })
    await agent(ANNA, '#merge 1', 2)
    await agent(ANNA, '#undo', 2)
    await bounceOfMailTo('pat@customer.test')
    await leave(PAT)
    await agent(BO, '#closed\nVi hører ikke mere.')
    await customer('Nu igen.')

    expect(await story(1)).toEqual([
      'Kim: opened to #1',
      'Kim: participant to pat@customer.test',
      'Lee: held from somebody without a part in case #1 wrote with its key (its signed reply address): only agents see it to comment 1',
      'Anna Holm: held from comment 1 to admitted, with Lee as participant',
      'Anna Holm: assignee to Bo Dahl',
      'Anna Holm: priority from normal to high',
      'Anna Holm: tags to printer',
      'Anna Holm: comment to comment 2',
      'Anna Holm: status from new to open',
      'Bo Dahl: note to comment 3',
      'Bo Dahl: comment to comment 4',
      'Bo Dahl: solution to proposed',
      'Bo Dahl: status from open to solved',
      'Kim: comment to comment 5',
      'Kim: status from solved to open',
      'Anna Holm: merged from #2',
      'Anna Holm: undone from merge',
      'posthorn: delivery from comment-added to pat@customer.test to failed: 5.1.1 no such user (no more mail is sent there)',
      'posthorn: note to comment 6',
      'Pat: participant from pat@customer.test',
      'posthorn: delivery from suppressed to Pat is written to again',
      'Bo Dahl: comment to comment 7',
      'Bo Dahl: status from open to closed',
      'posthorn: follow-up to #3',
    ])
    expect(await story(2)).toEqual([
      'Kim: opened to #2',
      'Anna Holm: merged to #1',
      'Anna Holm: status from new to closed',
      'Anna Holm: status from closed to new',
      'Anna Holm: undone from merge',
    ])
    expect(await story(3)).toEqual(['Kim: opened to #3', 'posthorn: follow-up from #1'])
  })

  it('says whether a solution helped, and who said so', async () => {
    await desk.take({})
    await agent(ANNA, '#solved\nSkift netdelen.')
    await say('no')
    await agent(ANNA, '#solved\nSkift kablet.')
    await say('yes')
    await agent(ANNA, '#closed')
    await agent(ANNA, '#open')
    expect((await story(1)).slice(4)).toEqual([
      'Kim: solution from proposed to rejected',
      'Kim: status from solved to open',
      'Anna Holm: comment to comment 2',
      'Anna Holm: solution to proposed',
      'Anna Holm: status from open to solved',
      'Kim: solution from proposed to accepted',
      'Anna Holm: status from solved to closed',
      'Anna Holm: status from closed to open',
    ])
  })

  it('gives each row its time, in order, and no agent away', async () => {
    await desk.take({})
    await agent(ANNA, '#assign bo\nHej')
    await customer('Tak')
    const { log } = await desk.show(1)
    const times = log.map((row) => row.at)
    expect(times).toEqual([...times].sort())
    expect(new Set(times).size).toBe(3)
    expect(JSON.stringify(log)).not.toMatch(/private\.test/)
  })
})
