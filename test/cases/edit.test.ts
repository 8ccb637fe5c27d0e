import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { COMMAND_LINE, mergeByNumber, moveByNumber, splitByNumber, undoByNumber } from '../../src/cases/edit.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const LEE = { name: 'Lee', address: 'lee@elsewhere.test' }

describe.each(engines)('cases taken apart and together by number on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    await desk.take({ subject: 'Printeren' })
    await desk.take({ subject: 'Skærmen', from: LEE })
    await desk.take({ to: [desk.key(1, 'customer')], reply: 'Og skærmen.' })
  })
  afterEach(async () => {
    await desk.store.close()
  })
  const texts = async (number: number) => (await desk.show(number)).comments.map((comment) => comment.text)

  it('merge, and come apart again as they were', async () => {
    const before = [await desk.show(1), await desk.show(2)].map(({ log: _, updatedAt: __, ...rest }) => rest)
    await mergeByNumber(desk.ctx, COMMAND_LINE, 1, 2)
    expect(await texts(2)).toEqual(['Printeren\n\nDen virker ikke.', 'Og skærmen.'])
    expect((await desk.show(2)).log.map((row) => `${row.actor} ${row.what}`)).toContain('posthorn merged')
    expect(await undoByNumber(desk.ctx, COMMAND_LINE, 2)).toBe('merge')
    const after = [await desk.show(1), await desk.show(2)].map(({ log: _, updatedAt: __, ...rest }) => rest)
    expect(after).toEqual(before)
  })

  it('can be merged in a chain, and everything goes to the last', async () => {
    await desk.take({ subject: 'Tastaturet' })
    await mergeByNumber(desk.ctx, COMMAND_LINE, 1, 2)
    await mergeByNumber(desk.ctx, COMMAND_LINE, 2, 3)
    await desk.take({ to: [desk.key(1, 'customer')], reply: 'Nå?' })
    expect((await texts(3)).at(-1)).toBe('Nå?')
    await expect(mergeByNumber(desk.ctx, COMMAND_LINE, 3, 1)).rejects.toThrow('#3 and #1 are the same case')
  })

  it('split and move, and come back', async () => {
    expect(await splitByNumber(desk.ctx, COMMAND_LINE, 1, '1')).toBe(3)
    expect((await desk.show(3)).description).toBe('Og skærmen.')
    expect(await undoByNumber(desk.ctx, COMMAND_LINE, 1)).toBe('split')
    expect(await texts(1)).toEqual(['Og skærmen.'])
    await moveByNumber(desk.ctx, COMMAND_LINE, 1, '1', 2)
    expect([await texts(1), await texts(2)]).toEqual([[], ['Og skærmen.']])
    expect(await undoByNumber(desk.ctx, COMMAND_LINE, 2)).toBe('move')
    expect([await texts(1), await texts(2)]).toEqual([['Og skærmen.'], []])
    await expect(undoByNumber(desk.ctx, COMMAND_LINE, 2)).rejects.toThrow('nothing to undo')
  })

  it('let mails that were waiting go out all the same, about the comment where it is', async () => {
    const waiting = async () =>
      await desk.store.db
        .selectFrom('outbox')
        .innerJoin('cases', 'cases.id', 'outbox.case_id')
        .select(['cases.number', 'outbox.comment_id'])
        .where('kind', '=', 'comment-added-agent')
        .execute()
    const [comment] = (await desk.show(1)).comments
    await moveByNumber(desk.ctx, COMMAND_LINE, 1, '1', 2)
    expect(await waiting()).toEqual([
      { number: 2, comment_id: comment?.id },
      { number: 2, comment_id: comment?.id },
    ])
    await splitByNumber(desk.ctx, COMMAND_LINE, 2, '1')
    expect(await waiting()).toEqual([
      { number: 3, comment_id: null },
      { number: 3, comment_id: null },
    ])
  })

  it('tell no customer', async () => {
    const before = (await desk.outbox()).length
    await mergeByNumber(desk.ctx, COMMAND_LINE, 1, 2)
    await undoByNumber(desk.ctx, COMMAND_LINE, 2)
    await moveByNumber(desk.ctx, COMMAND_LINE, 1, '1', 2)
    await splitByNumber(desk.ctx, COMMAND_LINE, 2, '1')
    const since = (await desk.outbox()).slice(before)
    expect(since.map((row) => row.kind)).toEqual(['case-opened', 'case-opened'])
    expect(since.every((row) => row.to.endsWith('private.test'))).toBe(true)
  })

  it('are left alone where it makes no sense', async () => {
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: 'Sluk for den.' })
    await expect(mergeByNumber(desk.ctx, COMMAND_LINE, 1, 99)).rejects.toThrow("there is no case '99'")
    await expect(splitByNumber(desk.ctx, COMMAND_LINE, 1, '9')).rejects.toThrow("there is no comment '9' in case #1")
    await expect(splitByNumber(desk.ctx, COMMAND_LINE, 1, '2')).rejects.toThrow('not written by a customer')
    await expect(moveByNumber(desk.ctx, COMMAND_LINE, 1, '1', 1)).rejects.toThrow('already')
    await desk.take({ from: ANNA, to: [desk.key(2, 'agent')], reply: '#closed' })
    await expect(mergeByNumber(desk.ctx, COMMAND_LINE, 1, 2)).rejects.toThrow('#2 is closed')
  })
})
