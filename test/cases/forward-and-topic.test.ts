import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../src/message/message.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const VERIFIED = [{ name: 'authentication-results', value: 'mx.acme.test; dmarc=pass header.from=private.test' }]
const forwarded = {
  from: { name: 'Lee Ek', address: 'lee@customer.test' },
  to: [{ name: null, address: 'anna@private.test' }],
  cc: [{ name: 'Pat', address: 'pat@customer.test' }],
  subject: 'Re: Skærmen flimrer',
  date: '2026-11-19T13:05:00.000Z',
  text: 'Den flimrer.\n\nLee',
}
const block =
  'Fra: Lee Ek <lee@customer.test>\nSendt: 19. november 2026 14:05\nTil: Anna\nEmne: Skærmen flimrer\n\nDen flimrer.\n\nLee'

describe.each(engines)('on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    const { policy } = desk.ctx
    const trust = { authservId: 'mx.acme.test', check: 'server', agents: 'verified' } as const
    desk.ctx.policy = { ...policy, mailboxes: policy.mailboxes.map((mailbox) => ({ ...mailbox, trust })) }
  })
  afterEach(async () => {
    await desk.store.close()
  })

  describe("a customer's mail that an agent forwards", () => {
    const forward = async (above: string, over: Partial<Message> = {}) =>
      await desk.take({
        from: ANNA,
        subject: 'VS: Skærmen flimrer',
        reply: `${above}\n\n${block}`,
        headers: VERIFIED,
        returnPath: ANNA.address,
        forwarded,
        ...over,
      })

    it('opens a case of the customer, who gets a receipt, and whose words alone are in it', async () => {
      expect(await forward('')).toMatchObject({ decision: 'open' })
      expect(await desk.show(1)).toMatchObject({
        title: 'Skærmen flimrer',
        description: 'Den flimrer.\n\nLee',
        contact: { name: 'Lee Ek', address: 'lee@customer.test' },
        comments: [],
      })
      expect((await desk.show(1)).log[0]).toMatchObject({ actor: 'Anna Holm', what: 'opened' })
      expect(await desk.outbox()).toMatchObject([
        { kind: 'case-received', to: 'lee@customer.test' },
        { kind: 'case-opened', to: 'anna@private.test' },
        { kind: 'case-opened', to: 'bo@private.test' },
      ])
    })

    it('keeps what the agent wrote above among the agents, and does what the commands say', async () => {
      await forward('#note\n#assign me\n#priority high\nHan ringede også.')
      expect(await desk.show(1)).toMatchObject({
        assignee: 'Anna Holm',
        priority: 'high',
        comments: [{ visibility: 'internal', role: 'agent', text: 'Han ringede også.' }],
      })
      const kinds = (await desk.outbox()).map((row) => row.kind)
      expect(kinds).not.toContain('case-received')
      expect(kinds).toContain('command-receipt')
    })

    it('is not acknowledged where a command above it cannot be carried out', async () => {
      await forward('#assign nobody-we-know')
      expect(await desk.show(1)).toMatchObject({ contact: { address: 'lee@customer.test' }, assignee: null })
      expect((await desk.outbox()).map((row) => row.kind)).not.toContain('case-received')
    })

    it('takes no commands out of the forwarded text', async () => {
      await forward('', {
        forwarded: { ...forwarded, text: '#closed\n#assign bo' },
        reply: block.replace('Den flimrer.', '#closed'),
      })
      expect(await desk.show(1)).toMatchObject({ status: 'new', assignee: null, description: '#closed\n#assign bo' })
      expect((await desk.outbox()).map((row) => row.kind)).not.toContain('command-receipt')
    })

    it('is a case of the agent’s address where the sender is not proven', async () => {
      await forward('', { headers: [] })
      expect(await desk.show(1)).toMatchObject({ contact: { address: 'anna@private.test' } })
      expect((await desk.outbox()).map((row) => row.to)).not.toContain('lee@customer.test')
    })

    it('is a case of the sender where somebody who is no agent forwards it', async () => {
      await forward('', { from: { name: 'Kim', address: 'kim@customer.test' } })
      expect(await desk.show(1)).toMatchObject({ contact: { address: 'kim@customer.test' } })
    })

    it('is never a case of our own address', async () => {
      await forward('', { forwarded: { ...forwarded, from: { name: null, address: 'support+x@acme.test' } } })
      expect((await desk.show(1)).contact.address).toBe('anna@private.test')
    })
  })

  describe('an answer to an old mail', () => {
    const answer = async (over: Partial<Message>) =>
      await desk.take({ inReplyTo: ['kim-1@customer.test'], references: ['kim-1@customer.test'], ...over })
    beforeEach(async () => {
      await desk.take({ messageId: 'kim-1@customer.test', subject: 'Printeren er død' })
    })

    it('with a subject of its own and nothing quoted is a case of its own', async () => {
      expect(await answer({ subject: 'Faktura 1042' })).toMatchObject({ decision: 'open' })
      expect(await desk.show(2)).toMatchObject({ title: 'Faktura 1042' })
      expect((await desk.show(1)).comments).toEqual([])
    })

    it.each<[string, Partial<Message>]>([
      ['the same subject', { subject: 'Re: Printeren er død' }],
      ['a tag of a gateway', { subject: '[EXTERNAL] SV: Printeren er død' }],
      ['our number', { subject: 'Re: [#1] Printeren er død' }],
      ['a word in common', { subject: 'Printeren igen' }],
      ['no subject', { subject: '' }],
      ['a subject that says nothing', { subject: 'Re: ?' }],
      ['something quoted', { subject: 'Faktura 1042', quoted: '> Den virker ikke.' }],
    ])('stays an answer with %s', async (_what, over) => {
      expect(await answer(over)).toMatchObject({ decision: 'comment' })
    })

    it('stays an answer with a key, whatever its subject', async () => {
      expect(await answer({ subject: 'Faktura 1042', to: [desk.key(1, 'customer')] })).toMatchObject({
        decision: 'comment',
      })
    })

    it('is held against the mail that it answers, and not only against the case', async () => {
      await answer({ subject: 'Faktura om printeren', messageId: 'kim-2@customer.test' })
      const [references, inReplyTo] = [['kim-1@customer.test', 'kim-2@customer.test'], ['kim-2@customer.test']]
      expect(await desk.take({ references, inReplyTo, subject: 'Re: Faktura' })).toMatchObject({ decision: 'comment' })
    })

    it('stays in doubt, and so an answer, where the case was split off', async () => {
      await desk.take({ to: [desk.key(1, 'customer')], reply: 'Skærmen også.', messageId: 'kim-2@customer.test' })
      await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: '#split', headers: VERIFIED })
      const later = {
        inReplyTo: ['kim-2@customer.test'],
        references: ['kim-2@customer.test'],
        subject: 'Re: Printeren',
      }
      expect(await desk.take(later)).toMatchObject({ decision: 'comment' })
      expect((await desk.show(2)).comments).toHaveLength(1)
    })
  })
})
