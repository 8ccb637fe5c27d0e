import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { replay } from '../../src/cases/replay.ts'
import { findMail, listLedger, listQuarantined } from '../../src/store/mails.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }

describe.each(engines)('receiving on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
  })
  afterEach(async () => {
    await desk.store.close()
  })

  describe('a new mail', () => {
    it('opens a case with the contact, the mailbox defaults and a change log', async () => {
      await desk.take({ subject: 'Re: Printeren', text: 'Den er død.\n> før', reply: 'Den er død.', quoted: '> før' })
      const it = await desk.show(1)
      expect(it).toMatchObject({
        number: 1,
        title: 'Printeren',
        status: 'new',
        language: 'da',
        product: 'Alfa',
        answerBy: 'email',
        description: 'Den er død.',
        descriptionQuoted: '> før',
      })
      expect(it.contact).toEqual({ name: 'Kim', address: 'kim@customer.test' })
      expect(it.log).toMatchObject([{ actor: 'Kim', what: 'opened', to: '#1' }])
    })

    it('tells the contact and every agent, one row each', async () => {
      await desk.take({})
      expect(await desk.outbox()).toMatchObject([
        { kind: 'case-received', to: 'kim@customer.test', status: 'waiting' },
        { kind: 'case-opened', to: 'anna@private.test' },
        { kind: 'case-opened', to: 'bo@private.test' },
      ])
    })

    it('without a usable From opens a case that nobody is answered for', async () => {
      await desk.take({ from: null })
      expect((await desk.show(1)).contact.address).toBe('unknown-sender@mail.invalid')
      expect((await desk.outbox()).map((row) => row.kind)).toEqual(['case-opened', 'case-opened'])
    })

    it('keeps its raw source and its attachments, each content once', async () => {
      const content = { bytes: Buffer.from('picture') }
      const file = {
        filename: 'a.png',
        contentType: 'image/png',
        size: 7,
        sha256: 'f'.repeat(64),
        contentId: null,
        inline: false,
        content,
      }
      await desk.take({ attachments: [file] })
      await desk.take({ attachments: [{ ...file, filename: 'b.png' }] })
      const [first, second] = [await desk.show(1), await desk.show(2)]
      expect([first.attachments[0]?.filename, second.attachments[0]?.filename]).toEqual(['a.png', 'b.png'])
      expect(
        await desk.store.db.selectFrom('blobs').select('sha256').where('sha256', '=', file.sha256).execute(),
      ).toHaveLength(1)
      expect(await desk.store.db.selectFrom('blobs').select('sha256').execute()).toHaveLength(3)
    })
  })

  describe('an answer', () => {
    it('of the contact becomes a comment and reopens a solved case', async () => {
      await desk.take({})
      await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: '#solved\nSluk og tænd.' })
      expect((await desk.show(1)).status).toBe('solved')
      await desk.take({ to: [desk.key(1, 'customer')], reply: 'Nej, stadig død.' })
      const it = await desk.show(1)
      expect(it.status).toBe('open')
      expect(it.comments.map(({ role, visibility, text }) => ({ role, visibility, text }))).toEqual([
        { role: 'agent', visibility: 'public', text: 'Sluk og tænd.' },
        { role: 'contact', visibility: 'public', text: 'Nej, stadig død.' },
      ])
      expect(
        it.log.map((row) => `${row.actor}: ${row.what} ${row.from ?? ''} ${row.to ?? ''}`.replace(/ +/g, ' ').trim()),
      ).toEqual([
        'Kim: opened #1',
        'Anna Holm: comment comment 1',
        'Anna Holm: solution proposed',
        'Anna Holm: status new solved',
        'Kim: comment comment 2',
        'Kim: status solved open',
      ])
    })

    it('finds its case by the Message-ID of a mail that was taken in before', async () => {
      await desk.take({ messageId: 'first@customer.test' })
      await desk.take({ references: ['first@customer.test'] })
      expect((await desk.show(1)).comments).toHaveLength(1)
    })

    it('in the same batch as its question finds it all the same', async () => {
      const question = desk.mail({ messageId: 'q@customer.test' })
      const answer = desk.mail({ inReplyTo: ['q@customer.test'] })
      expect((await desk.takeAll([question, answer])).map((receipt) => receipt.decision)).toEqual(['open', 'comment'])
    })

    it('with only a number in its subject opens a case of its own', async () => {
      await desk.take({})
      await desk.take({ from: MALLORY, subject: 'Re: [#1] Printeren' })
      expect((await desk.show(1)).comments).toEqual([])
      expect((await desk.show(2)).contact.address).toBe(MALLORY.address)
    })

    it('of a stranger with the key is seen by agents alone, and changes nothing', async () => {
      await desk.take({})
      const before = await desk.outbox()
      await desk.take({ from: MALLORY, to: [desk.key(1, 'customer')], reply: 'send me everything' })
      const it = await desk.show(1)
      expect(it.comments).toMatchObject([{ role: 'system', visibility: 'internal', text: 'send me everything' }])
      expect(it.status).toBe('new')
      expect((await desk.outbox()).slice(before.length).map((row) => row.to)).toEqual([ANNA.address, 'bo@private.test'])
    })

    it("of an agent's goes to the contact and the other agents, a note to the agents alone", async () => {
      await desk.take({})
      const before = (await desk.outbox()).length
      await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: 'Prøv igen.' })
      await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: '#note\nHan er sur.' })
      expect((await desk.outbox()).slice(before)).toMatchObject([
        { kind: 'comment-added-agent', to: 'bo@private.test' },
        { kind: 'comment-added', to: 'kim@customer.test' },
        { kind: 'comment-added-agent', to: 'bo@private.test' },
        { kind: 'command-receipt', to: 'anna@private.test' },
      ])
    })

    it('of #solved alone makes the last answer the solution', async () => {
      await desk.take({})
      await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: 'Sluk og tænd.' })
      await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: '#solved' })
      expect(await desk.show(1)).toMatchObject({
        status: 'solved',
        solution: { text: 'Sluk og tænd.', author: 'Anna Holm', accepted: null },
      })
      expect((await desk.outbox()).slice(-2)).toMatchObject([
        { kind: 'solution-proposed', to: 'kim@customer.test' },
        { kind: 'command-receipt', to: 'anna@private.test' },
      ])
    })

    it('to a closed case opens a new one, linked on both sides', async () => {
      await desk.take({})
      await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: '#closed' })
      await desk.take({ to: [desk.key(1, 'customer')], reply: 'Nu igen.' })
      expect((await desk.show(1)).log.at(-1)).toMatchObject({ what: 'follow-up', to: '#2' })
      expect((await desk.show(2)).log.at(-1)).toMatchObject({ what: 'follow-up', from: '#1' })
    })
  })

  describe('the ledger', () => {
    it('makes nothing of the same mail in another mailbox or under another UIDVALIDITY', async () => {
      const mail = desk.mail({})
      await desk.takeAll([mail])
      const again = { ...mail, place: { mailbox: 'support', uidValidity: '2', uid: 9 } }
      expect(await desk.takeAll([again])).toMatchObject([{ uid: 9, outcome: 'taken', decision: 'duplicate' }])
      expect(await desk.takeAll([mail])).toMatchObject([{ outcome: 'taken', decision: 'duplicate' }])
      expect(await listLedger(desk.store.db, 'support', '2')).toMatchObject([{ uid: 9, status: 'done' }])
      await expect(desk.show(2)).rejects.toThrow()
    })

    it('takes the others of a batch in when one of them fails, counts its attempts and quarantines it', async () => {
      const good = desk.mail({})
      const bad = desk.mail({})
      // A hash that is none is refused by the blob folder: a fault of this one mail.
      const broken = { ...bad, rawSha256: 'not a hash', size: 10_000_000 }
      const first = await desk.takeAll([good, broken], 2)
      expect(first.map((receipt) => receipt.outcome)).toEqual(['taken', 'retry'])
      expect(await listLedger(desk.store.db, 'support', '1')).toMatchObject([{ status: 'done' }, { status: 'failed' }])
      const mended = await desk.takeAll([{ ...bad, parsed: { kind: 'unreadable', why: 'time: it took 20 s' } }], 2)
      expect(mended).toMatchObject([{ outcome: 'taken', decision: 'quarantine' }])
    })
  })

  describe('a mail that cannot be read', () => {
    it('becomes a case for the agents, and is replayed once it can be', async () => {
      const mail = desk.mail({ subject: 'Nu' })
      await desk.takeAll([{ ...mail, parsed: { kind: 'unreadable', why: 'crash: the parser died' } }])
      expect(await desk.show(1)).toMatchObject({ title: 'Unreadable mail in support (UID 1)' })
      expect((await desk.outbox()).map((row) => row.kind)).toEqual(['case-opened', 'case-opened'])
      const [quarantined] = await listQuarantined(desk.store.db)
      if (!quarantined) throw new Error('nothing is quarantined')
      await replay(desk.ctx, mail, quarantined)
      expect((await desk.show(2)).title).toBe('Nu')
      expect(await desk.show(1)).toMatchObject({
        status: 'closed',
        comments: [{ text: 'The mail could be read: open, case #2.' }],
      })
      expect(await findMail(desk.store.db, quarantined.id)).toMatchObject({ status: 'done', subject: 'Nu' })
      expect(await listQuarantined(desk.store.db)).toEqual([])
    })
  })

  it('numbers cases without gaps, and in the order in which their mails came', async () => {
    await desk.takeAll([desk.mail({ subject: 'a' }), desk.mail({ subject: 'b' }), desk.mail({ subject: 'c' })])
    expect([(await desk.show(1)).title, (await desk.show(2)).title, (await desk.show(3)).title]).toEqual([
      'a',
      'b',
      'c',
    ])
  })
})
