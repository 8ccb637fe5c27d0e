import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assign } from '../../src/cases/assign.ts'
import { COMMAND_LINE } from '../../src/cases/edit.ts'
import { setStatus } from '../../src/cases/set-status.ts'
import type { Message } from '../../src/message/message.ts'
import type { Status } from '../../src/model/case.ts'
import { findCaseByNumber } from '../../src/store/cases.ts'
import { loadNotice } from '../../src/store/notices.ts'
import { findOutboxRow } from '../../src/store/outbox.ts'
import { listAgents } from '../../src/store/people.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const BO = { name: 'Bo Dahl', address: 'bo@private.test' }
const PAT = { name: 'Pat', address: 'pat@customer.test' }
const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }
const KIM = 'kim@customer.test'

describe.each(engines)('mails about what agents do without words, on %s', (engine) => {
  let desk: HelpDesk
  let since: number
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    await desk.take({ cc: [PAT] })
    await begin()
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const begin = async () => {
    since = (await desk.outbox()).length
  }
  /** Mails since `begin`, but for receipts of commands. */
  const mails = async () =>
    (await desk.outbox())
      .slice(since)
      .filter((row) => row.kind !== 'command-receipt')
      .map((row) => `${row.kind} ${row.to}`)
  const command = async (reply: string, over: Partial<Message> = {}) =>
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply, ...over })
  /** What the newest mail of a kind says. */
  const newest = async (kind: string) => {
    const rows = desk.store.db.selectFrom('outbox').select('id').where('kind', '=', kind).orderBy('id', 'desc')
    const row = await findOutboxRow(desk.store.db, (await rows.executeTakeFirstOrThrow()).id)
    if (!row) throw new Error('no row')
    return await loadNotice(desk.store.db, row, {
      secrets: desk.ctx.policy.secrets,
      mailbox: () => ({ address: 'support@acme.test', plusAddress: true, verp: true }),
    })
  }
  const byCommandLine = async (status: Status) =>
    await desk.store.transaction(async (tx) => {
      const it = await findCaseByNumber(tx, 1)
      if (it) await setStatus(tx, desk.ctx, it, COMMAND_LINE, status)
    })

  it('#closed alone tells those who have heard of the case', async () => {
    await command('#closed')
    // Pat was named in the first mail, and has had none of ours.
    expect(await mails()).toEqual([`case-closed ${KIM}`])
    expect(await newest('case-closed')).toMatchObject({ case: { number: 1, status: 'closed' }, to: { address: KIM } })
  })

  it('#closed with words to them is told by the words alone', async () => {
    await command('#closed\nVi hører ikke mere.')
    expect(await mails()).toEqual([
      `comment-added-agent ${BO.address}`,
      `comment-added ${KIM}`,
      `comment-added ${PAT.address}`,
    ])
  })

  it('#closed with a note is told them without the note', async () => {
    await command('#note\n#closed\nHun svarer aldrig.')
    expect(await mails()).toEqual([`comment-added-agent ${BO.address}`, `case-closed ${KIM}`])
  })

  it('#open tells them that it is open again, and nobody where it was', async () => {
    await command('#open')
    expect(await mails()).toEqual([])
    await command('#closed\nFarvel.')
    await begin()
    await command('#hold')
    await command('#closed\nFarvel igen.')
    await begin()
    await command('#open')
    expect(await mails()).toEqual([`case-reopened ${KIM}`, `case-reopened ${PAT.address}`])
  })

  it('the last of several statuses is what they hear of', async () => {
    await command('#closed')
    await begin()
    await command('#open\n#closed')
    expect(await mails()).toEqual([`case-closed ${KIM}`])
  })

  it('#solved with an answer there is a solution, and no closing', async () => {
    await command('Sluk for den.')
    await begin()
    await command('#closed\n#solved')
    expect((await mails()).filter((it) => it.includes(KIM))).toEqual([`solution-proposed ${KIM}`])
  })

  it('a merge, a refused hold and #undo tell no customer', async () => {
    await desk.take({ subject: 'Endnu en' })
    await begin()
    await command('#merge 1', { to: [desk.key(2, 'agent')] })
    await command('#undo', { to: [desk.key(2, 'agent')] })
    await command('#closed')
    expect(await mails()).toEqual([`case-closed ${KIM}`])
    await command('#undo')
    expect((await desk.show(1)).status).toBe('new')
    expect(await mails()).toEqual([`case-closed ${KIM}`])
  })

  it('nobody who wants no mail is told', async () => {
    await desk.store.db.updateTable('cases').set({ answer_by: 'none' }).execute()
    await command('#closed')
    expect(await mails()).toEqual([])
  })

  it('the command line tells them too', async () => {
    await byCommandLine('closed')
    await byCommandLine('closed')
    await byCommandLine('open')
    expect(await mails()).toEqual([`case-closed ${KIM}`, `case-reopened ${KIM}`])
  })

  it('#assign tells whom it is given to, and nobody who takes it', async () => {
    await command('#assign bo')
    await command('#assign bo')
    await command('#assign me')
    await command('#assign nobody')
    expect(await mails()).toEqual([`case-assigned ${BO.address}`])
    expect(await newest('case-assigned')).toMatchObject({ by: ANNA.name, thread: { replyAddress: expect.any(String) } })
  })

  it('the command line gives it to Anna, who is told', async () => {
    await desk.store.transaction(async (tx) => {
      const it = await findCaseByNumber(tx, 1)
      const anna = (await listAgents(tx)).find((agent) => agent.address === ANNA.address)
      if (it && anna) await assign(tx, desk.ctx, it, COMMAND_LINE, anna)
    })
    expect(await mails()).toEqual([`case-assigned ${ANNA.address}`])
  })

  it('a mail that waits is told as that, and the answer to it lets it in', async () => {
    await desk.take({ from: MALLORY, to: [desk.key(1, 'customer')], reply: 'Mig også.' })
    expect(await mails()).toEqual([`mail-held ${ANNA.address}`, `mail-held ${BO.address}`])
    const notice = await newest('mail-held')
    expect(notice).toMatchObject({ comment: { text: 'Mig også.', held: expect.stringContaining('without a part') } })
    if (notice.kind !== 'mail-held') throw new Error(notice.kind)
    await command('#admit', {
      to: [{ name: null, address: notice.thread.replyAddress }],
      inReplyTo: [notice.messageId],
      references: [...notice.thread.references, notice.messageId],
    })
    expect((await desk.show(1)).comments[0]).toMatchObject({ visibility: 'public', role: 'participant' })
  })
})
