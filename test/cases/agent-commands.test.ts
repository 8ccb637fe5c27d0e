import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listTags } from '../../src/store/tags.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const BO = { name: 'Bo Dahl', address: 'bo@private.test' }
const LEE = { name: 'Lee', address: 'lee@elsewhere.test' }
const DAY = 86_400_000

describe.each(engines)('commands of agents on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    await desk.take({ messageId: 'kim-1@customer.test' })
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const command = async (reply: string, number = 1, from = ANNA) =>
    await desk.take({ from, to: [desk.key(number, 'agent')], reply })
  const receipts = async () => {
    const rows = await desk.store.db
      .selectFrom('outbox')
      .select(['data', 'to_address as to'])
      .where('kind', '=', 'command-receipt')
      .orderBy('id')
      .execute()
    return rows.map((row) => ({ to: row.to, ...JSON.parse(row.data) }))
  }
  const logOf = async (number: number) =>
    (await desk.show(number)).log.map((row) =>
      `${row.actor}: ${row.what} ${row.from ?? ''}>${row.to ?? ''}`.replace(/ +/g, ' '),
    )
  const toCustomers = async () =>
    (await desk.outbox()).filter((row) => !row.to.endsWith('private.test') && row.kind !== 'case-received')

  describe('about the case', () => {
    it('assign it, and take that back', async () => {
      await command('#assign bo')
      expect((await desk.show(1)).assignee).toBe('Bo Dahl')
      await command('#assign me')
      expect((await desk.show(1)).assignee).toBe('Anna Holm')
      expect(await command('#undo')).toMatchObject({ decision: 'command' })
      expect((await desk.show(1)).assignee).toBe('Bo Dahl')
      await command('#assign nobody')
      expect((await desk.show(1)).assignee).toBeNull()
      expect(await logOf(1)).toEqual([
        'Kim: opened >#1',
        'Anna Holm: assignee >Bo Dahl',
        'Anna Holm: assignee Bo Dahl>Anna Holm',
        'Anna Holm: undone assignee>',
        'Anna Holm: assignee Bo Dahl>',
      ])
      expect(await toCustomers()).toEqual([])
    })

    it('set what it is filed under', async () => {
      await command('#priority high\n#product Beta\n#category none\n#tag Faktura printer\n#hold')
      expect(await desk.show(1)).toMatchObject({ priority: 'high', product: 'Beta', category: null, status: 'hold' })
      const { id } = await caseOne()
      expect(await listTags(desk.store.db, id)).toEqual(['faktura', 'printer'])
      await command('#untag faktura')
      await command('#undo')
      expect(await listTags(desk.store.db, id)).toEqual(['faktura', 'printer'])
      expect((await receipts())[0]).toMatchObject({
        to: ANNA.address,
        done: [
          { key: 'priority', value: 'high' },
          { key: 'product', value: 'Beta' },
          { key: 'category', value: '–' },
          { key: 'tagged', value: 'faktura printer' },
          { key: 'status', value: 'hold' },
        ],
        refused: [],
      })
    })

    it('tell a new assignee and a new participant of the words that came with them', async () => {
      const before = (await desk.outbox()).length
      await command('#assign bo\n#cc lee@elsewhere.test\nSluk for den.')
      expect((await desk.outbox()).slice(before)).toMatchObject([
        { kind: 'case-assigned', to: BO.address },
        { kind: 'comment-added-agent', to: BO.address },
        { kind: 'comment-added', to: 'kim@customer.test' },
        { kind: 'comment-added', to: LEE.address },
        { kind: 'command-receipt', to: ANNA.address },
      ])
      expect((await desk.show(1)).participants).toEqual([{ name: 'lee', address: LEE.address }])
      await command('#undo')
      expect((await desk.show(1)).participants).toEqual([])
    })

    it('give it to another contact', async () => {
      await command('#contact lee@elsewhere.test')
      expect((await desk.show(1)).contact.address).toBe(LEE.address)
      expect(await desk.take({ from: LEE, to: [desk.key(1, 'customer')] })).toMatchObject({ decision: 'comment' })
      expect(await desk.take({ to: [desk.key(1, 'customer')] })).toMatchObject({ decision: 'hold' })
      await command('#undo')
      expect((await desk.show(1)).contact.address).toBe('kim@customer.test')
    })

    it('let in somebody who was held', async () => {
      await desk.take({ from: LEE, to: [desk.key(1, 'customer')], reply: 'Også hos mig.' })
      expect((await desk.show(1)).comments[0]).toMatchObject({ visibility: 'internal' })
      await command('#admit')
      expect(await desk.show(1)).toMatchObject({
        comments: [{ visibility: 'public', role: 'participant', text: 'Også hos mig.' }],
        participants: [{ address: LEE.address }],
      })
    })
  })

  describe('that cannot be carried out', () => {
    it.each([
      ['#sovled', 'unknown'],
      ['#assign Bob', 'no-agent'],
      ['#cc support@acme.test', 'own-address'],
      ['#cc bo@private.test', 'agent-address'],
      ['#merge 99', 'no-case'],
      ['#merge 1', 'same-case'],
      ['#split', 'no-comment'],
      ['#admit', 'nothing-held'],
      ['#undo', 'nothing-to-undo'],
      ['#split\n#merge 2', 'no-comment'],
    ])('stop everything in the mail: %s (%s)', async (lines, why) => {
      const before = (await desk.outbox()).length
      await command(`#assign me\n${lines}\n\nSluk for den.`)
      expect(await desk.show(1)).toMatchObject({ assignee: null, status: 'new' })
      expect((await desk.outbox()).slice(before)).toMatchObject([{ kind: 'command-receipt', to: ANNA.address }])
      const [receipt] = await receipts()
      expect(receipt.refused[0]).toMatchObject({ why })
      expect(receipt).toMatchObject({ done: [], wordless: false })
      expect(receipt.help.length).toBeGreaterThan(20)
      expect((await desk.show(1)).comments).toMatchObject([{ visibility: 'internal', role: 'system' }])
    })

    it('are what another agent did, and what is a day old', async () => {
      await command('#assign me')
      await command('#undo', 1, BO)
      expect((await receipts()).at(-1).refused).toMatchObject([{ why: 'nothing-to-undo' }])
      desk.world.pass(DAY + 1)
      await command('#undo')
      expect((await receipts()).at(-1).refused).toMatchObject([{ why: 'nothing-to-undo' }])
      expect((await desk.show(1)).assignee).toBe('Anna Holm')
    })

    it('are what somebody has changed since', async () => {
      await command('#assign me')
      await command('#assign me', 1, BO)
      await command('#undo')
      expect((await receipts()).at(-1).refused).toMatchObject([{ why: 'changed-since' }])
      expect((await desk.show(1)).assignee).toBe('Bo Dahl')
    })
  })

  it('get a receipt with all commands for #help, and none for a plain answer', async () => {
    await command('Sluk for den.')
    expect(await receipts()).toEqual([])
    await command('#help')
    expect(await receipts()).toMatchObject([{ done: [], refused: [] }])
    expect((await receipts())[0].help).toContainEqual({ name: 'merge', usage: '#merge 12' })
  })

  it('take back a status that came with words', async () => {
    await command('#solved\nSluk for den.')
    expect((await desk.show(1)).status).toBe('solved')
    await command('#undo')
    expect(await desk.show(1)).toMatchObject({ status: 'new', solution: null })
  })

  describe('that merge', () => {
    beforeEach(async () => {
      await desk.take({ from: LEE, messageId: 'lee-1@elsewhere.test', subject: 'Samme printer', reply: 'Også død.' })
      await desk.take({ from: LEE, to: [desk.key(2, 'customer')], reply: 'Stadig.', messageId: 'lee-2@elsewhere.test' })
    })

    it('bring everything into the other case, close the one, and say so in both', async () => {
      await command('#merge 1', 2)
      const [target, source] = [await desk.show(1), await desk.show(2)]
      expect(target.comments.map((comment) => [comment.author.name, comment.role, comment.text])).toEqual([
        ['Lee', 'participant', 'Samme printer\n\nOgså død.'],
        ['Lee', 'contact', 'Stadig.'],
      ])
      expect(target.participants).toMatchObject([{ address: LEE.address }])
      expect(source).toMatchObject({ status: 'closed', comments: [] })
      expect((await logOf(2)).slice(-2)).toEqual(['Anna Holm: merged >#1', 'Anna Holm: status new>closed'])
      expect(await logOf(1)).toContain('Anna Holm: merged #2>')
      expect(await toCustomers()).toEqual([])
    })

    it('lead later mails to the other case, by key, by Message-ID and from agents', async () => {
      await command('#merge 1', 2)
      expect(await desk.take({ from: LEE, to: [desk.key(2, 'customer')], reply: 'Hallo?' })).toMatchObject({
        decision: 'comment',
      })
      await desk.take({
        from: LEE,
        inReplyTo: ['lee-2@elsewhere.test'],
        references: ['lee-2@elsewhere.test'],
        reply: 'Og?',
      })
      await command('Vi er på vej.', 2)
      expect((await desk.show(1)).comments.map((comment) => comment.text).slice(-3)).toEqual([
        'Hallo?',
        'Og?',
        'Vi er på vej.',
      ])
      expect((await desk.show(2)).comments).toEqual([])
    })

    it('can be taken back, with what came since left where it is', async () => {
      await command('#merge 1', 2)
      await desk.take({ from: LEE, to: [desk.key(2, 'customer')], reply: 'Hallo?' })
      await command('#undo', 1)
      expect((await desk.show(1)).comments.map((comment) => comment.text)).toEqual(['Hallo?'])
      expect(await desk.show(1)).toMatchObject({ participants: [] })
      expect(await desk.show(2)).toMatchObject({ status: 'new', comments: [{ text: 'Stadig.' }] })
      expect(await desk.take({ from: LEE, to: [desk.key(2, 'customer')], reply: 'Igen.' })).toMatchObject({
        decision: 'comment',
      })
      expect((await desk.show(2)).comments.at(-1)?.text).toBe('Igen.')
    })

    it('do not let in a stranger to either', async () => {
      await command('#merge 1', 2)
      const mallory = { name: 'M', address: 'm@evil.test' }
      expect(await desk.take({ from: mallory, to: [desk.key(2, 'customer')] })).toMatchObject({ decision: 'hold' })
      expect(await desk.take({ from: mallory, references: ['lee-2@elsewhere.test'] })).toMatchObject({
        decision: 'open',
      })
    })
  })

  describe('that split and move', () => {
    const file = {
      filename: 'a.png',
      contentType: 'image/png',
      size: 1,
      sha256: 'e'.repeat(64),
      contentId: null,
      inline: false,
      content: { bytes: Buffer.from('x') },
    }
    beforeEach(async () => {
      await desk.take({
        to: [desk.key(1, 'customer')],
        subject: 'Re: [#1] Printeren',
        reply: 'Skærmen er også død.',
        messageId: 'kim-2@customer.test',
        attachments: [file],
      })
    })
    const lastNotice = async (to: string) => {
      const row = await desk.store.db
        .selectFrom('outbox')
        .select('message_id')
        .where('to_address', '=', to)
        .orderBy('id', 'desc')
        .executeTakeFirstOrThrow()
      return row.message_id
    }

    it('make a new case of the comment, which later answers find', async () => {
      await command('#split')
      expect(await desk.show(2)).toMatchObject({
        title: 'Skærmen er også død.',
        description: 'Skærmen er også død.',
        contact: { address: 'kim@customer.test' },
        attachments: [{ filename: 'a.png' }],
      })
      expect(await desk.show(1)).toMatchObject({ comments: [] })
      expect(await logOf(1)).toContain('Anna Holm: split comment 1>#2')
      expect(await logOf(2)).toContain('Anna Holm: split #1>')
      expect(await toCustomers()).toEqual([])
      const answer = {
        to: [desk.key(1, 'customer')],
        inReplyTo: ['kim-2@customer.test'],
        references: ['kim-1@customer.test', 'kim-2@customer.test'],
        reply: 'Skærmen, altså.',
      }
      expect(await desk.take(answer)).toMatchObject({ decision: 'comment' })
      expect((await desk.show(2)).comments.at(-1)?.text).toBe('Skærmen, altså.')
      // What answers the old case and not the comment stays there.
      await desk.take({ to: [desk.key(1, 'customer')], inReplyTo: ['kim-1@customer.test'], reply: 'Printeren, altså.' })
      expect((await desk.show(1)).comments.at(-1)?.text).toBe('Printeren, altså.')
    })

    it("let an agent's answer to the mail about the comment follow it", async () => {
      const notice = await lastNotice(ANNA.address)
      await command('#split')
      await desk.take({
        from: ANNA,
        to: [desk.key(1, 'agent')],
        inReplyTo: [notice],
        references: [notice],
        reply: 'Hvilken?',
      })
      expect((await desk.show(2)).comments).toMatchObject([{ text: 'Hvilken?', role: 'agent' }])
    })

    it('can be taken back, with what was written in the new case', async () => {
      await command('#split')
      await desk.take({ to: [desk.key(2, 'customer')], reply: 'Nå?' })
      await command('#undo', 2)
      expect((await desk.show(1)).comments.map((comment) => [comment.text, comment.attachments.length])).toEqual([
        ['Skærmen er også død.', 1],
        ['Nå?', 0],
      ])
      expect((await desk.show(2)).status).toBe('closed')
      await desk.take({ to: [desk.key(2, 'customer')], reply: 'Tak.' })
      expect((await desk.show(1)).comments.at(-1)?.text).toBe('Tak.')
    })

    it('move the comment that the agent answers, and back', async () => {
      await desk.take({ subject: 'Skærmen', messageId: 'kim-3@customer.test' })
      const notice = await lastNotice(ANNA.address)
      expect(notice).not.toBe('')
      await command('#move 2')
      expect((await desk.show(2)).comments).toMatchObject([
        { text: 'Skærmen er også død.', attachments: [{ filename: 'a.png' }] },
      ])
      expect((await desk.show(1)).comments).toEqual([])
      expect(await logOf(1)).toContain('Anna Holm: moved comment 1>#2')
      expect(await logOf(2)).toContain('Anna Holm: moved #1>comment 1')
      await desk.take({ to: [desk.key(1, 'customer')], inReplyTo: ['kim-2@customer.test'], reply: 'Følger med.' })
      expect((await desk.show(2)).comments.at(-1)?.text).toBe('Følger med.')
      await command('#undo', 1)
      expect((await desk.show(1)).comments).toMatchObject([{ text: 'Skærmen er også død.' }])
    })

    it('are refused for an agent’s own words', async () => {
      await command('Sluk for den.')
      const own = await desk.store.db
        .selectFrom('outbox')
        .select('message_id')
        .where('kind', '=', 'comment-added-agent')
        .where('to_address', '=', BO.address)
        .orderBy('id', 'desc')
        .executeTakeFirstOrThrow()
      await desk.take({ from: BO, to: [desk.key(1, 'agent')], inReplyTo: [own.message_id], reply: '#split' })
      expect((await receipts()).at(-1).refused).toMatchObject([{ why: 'agents-comment' }])
    })
  })

  it('are plain text when a customer writes them, with whatever key', async () => {
    await desk.take({ from: LEE, subject: 'Anden sag' })
    await desk.take({ to: [desk.key(1, 'customer')], reply: '#merge 2\n#assign bo' })
    await desk.take({ to: [desk.key(1, 'agent')], reply: '#closed' })
    expect(await desk.show(1)).toMatchObject({
      status: 'new',
      assignee: null,
      comments: [{ role: 'contact', text: '#merge 2\n#assign bo' }, { text: '#closed' }],
    })
    expect(await receipts()).toEqual([])
  })

  async function caseOne(): Promise<{ id: string }> {
    return await desk.store.db.selectFrom('cases').select('id').where('number', '=', 1).executeTakeFirstOrThrow()
  }
})
