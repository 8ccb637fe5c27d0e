import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { casePolicy } from '../../../src/app.ts'
import { explain } from '../../../src/cases/explain.ts'
import { realWorld } from '../../../src/core/world.ts'
import { readMail } from '../../../src/message/read-mail.ts'
import { engines } from '../../support/databases.ts'
import { ANNA, type Arrived, answerTo, BO, type Flow, KIM, letter, startFlow } from '../../support/flow.ts'
import { embedded } from '../../support/mail-servers.ts'

const LIS = { name: 'Lis', address: 'lis@elsewhere.test' }

describe.each(engines)('commands through the whole program on %s', (engine) => {
  let flow: Flow
  let toAnna: Arrived
  let toKim: Arrived
  let mails = 0
  const foretold = new Map<string, string>()
  beforeAll(async () => {
    flow = await startFlow({ engine, kind: embedded })
    await deliver(letter({ text: 'Den er død.' }))
    toAnna = await flow.waitForMail(ANNA.address)
    await deliver(letter({ from: LIS, subject: 'Skærmen', text: 'Den flimrer.' }))
    await deliver(answerTo(toAnna, ANNA, 'Sluk for den.'))
    toKim = await flow.waitForMail(KIM.address, (mail) => mail.text.includes('Sluk for den.'))
  })
  afterAll(async () => {
    await flow.close()
  })

  /** Delivers mails one by one, after noting what explain says of each. */
  const deliver = async (...raws: string[]) => {
    for (const raw of raws) {
      const { message, identity } = await readMail(Buffer.from(raw))
      const ctx = { store: flow.store, world: realWorld, policy: casePolicy(flow.config) }
      const { judgement } = await explain(ctx, message, identity)
      foretold.set(message.messageId ?? '', judgement.decision.kind)
      mails += 1
      await flow.deliver(raw)
      await flow.settled(mails)
    }
  }
  const show = async (number: number) => await flow.waitForCase(number, () => true)
  const receipts = () =>
    flow.arrived(ANNA.address).filter(({ message }) => /Done in case|Nothing was done/.test(message.text))
  const lastReceipt = () => receipts().at(-1)?.message.text ?? ''

  it('do nothing in a quoted part, however the client quotes', async () => {
    const quoted = [
      'Tak.\n\nOn Fri, 20 Nov 2026 at 10:00, Acme Support <support@acme.test> wrote:\n> #closed\n> #merge 2',
      'Tak igen.\n\n-----Original Message-----\nFrom: Acme Support <support@acme.test>\nSent: Friday\nTo: Anna\nSubject: x\n\n#closed\n#merge 2',
    ]
    for (const text of quoted)
      await deliver(
        letter({
          from: ANNA,
          to: toAnna.message.replyTo[0]?.address ?? '',
          references: [toAnna.message.messageId ?? ''],
          text,
        }),
      )
    const it = await show(1)
    expect(it.status).toBe('open')
    expect(it.comments.slice(-2).map((comment) => comment.text)).toEqual(['Tak.', 'Tak igen.'])
    expect(receipts()).toEqual([])
  })

  it("are plain text in a customer's mail: a guessed number to merge with does nothing", async () => {
    await deliver(answerTo(toKim, KIM, '#merge 2\n#assign me\n#closed'))
    const it = await show(1)
    expect(it).toMatchObject({ status: 'open', assignee: null })
    expect(it.comments.at(-1)).toMatchObject({ role: 'contact', text: '#merge 2\n#assign me\n#closed' })
    expect((await show(2)).log.map((row) => row.what)).toEqual(['opened'])
  })

  it("are not an agent's with the key of a customer, nor a customer's with the key of an agent", async () => {
    await deliver(answerTo(toKim, ANNA, '#closed'))
    await deliver(answerTo(toAnna, KIM, '#closed'))
    await deliver(answerTo(toAnna, LIS, '#closed'))
    const it = await show(1)
    expect(it.status).toBe('open')
    expect(it.comments.slice(-3).map(({ role, visibility }) => `${role} ${visibility}`)).toEqual([
      'system internal',
      'contact public',
      'system internal',
    ])
    expect(receipts()).toEqual([])
  })

  it('that cannot be carried out keep the whole mail from the customer, and the agent hears why', async () => {
    const before = flow.arrived(KIM.address).length
    await deliver(answerTo(toAnna, ANNA, '#assign Bob\n#solved\n\nDet koster 400 kr.'))
    expect(await show(1)).toMatchObject({ status: 'open', assignee: null })
    expect(flow.arrived(KIM.address)).toHaveLength(before)
    expect(lastReceipt()).toContain('- #assign Bob: no agent goes by that name')
    expect(lastReceipt()).toContain('Your text was not sent to the customer.')
    expect(lastReceipt()).toContain('- #merge 12: merges the case into another one')
    const [receipt] = receipts()
    expect(receipt?.message.automatic).not.toBeNull()
  })

  it('can be given again in an answer to the receipt', async () => {
    const refused = receipts().at(-1)
    if (!refused) throw new Error('no receipt')
    await deliver(answerTo(refused, ANNA, '#Assign\u00a0bo.\n\n• #pending\n\nDet koster 400 kr.'))
    expect(await show(1)).toMatchObject({ status: 'pending', assignee: 'Bo Dahl' })
    const mail = await flow.waitForMail(KIM.address, (it) => it.text.includes('Det koster 400 kr.'))
    expect(mail.raw.toString('utf8')).not.toMatch(/#assign|#pending|private\.test/i)
    expect(lastReceipt()).toContain('- Your text was sent to the customer.')
    expect(lastReceipt()).toContain('- The case is assigned to Bo Dahl.')
    expect(lastReceipt()).toContain('- The status is now: waiting on the customer.')
  })

  it('stand as links in what agents get, and do what they say when the mail is sent as it is', async () => {
    const html = toAnna.message.html ?? ''
    // The one at the foot, without a body, ends this kind of mail.
    const links = [...html.matchAll(/href="(mailto:[^"]+body[^"]+)"/g)].map((match) =>
      (match[1] ?? '').replaceAll('&amp;', '&').replaceAll('&#x3D;', '='),
    )
    expect(links).toHaveLength(5)
    const take = new URL(links[0] ?? '')
    expect(decodeURIComponent(take.pathname)).toBe(toAnna.message.replyTo[0]?.address)
    expect(take.pathname).not.toContain('+')
    const [subject, body] = [take.searchParams.get('subject'), take.searchParams.get('body')]
    expect([subject, body]).toEqual(['Re: [#1] Printeren er død', '#assign me\r\n'])
    await deliver(
      letter({ from: ANNA, to: decodeURIComponent(take.pathname), subject: subject ?? '', text: body ?? '' }),
    )
    expect((await show(1)).assignee).toBe('Anna Holm')
    expect(toAnna.message.text).toContain('Commands in the first lines: #assign me (')
    expect(toAnna.message.text).not.toMatch(/mailto:\S*body=/)
    expect(toKim.raw.toString('utf8')).not.toContain('#assign')
  })

  it('merge two cases, and the one’s customer is answered in the other', async () => {
    const [toLis] = flow.arrived(LIS.address)
    const second = flow.arrived(ANNA.address).find(({ message }) => message.subject.includes('[#2]'))
    if (!toLis || !second) throw new Error('no mails about case 2')
    const before = [flow.arrived(KIM.address).length, flow.arrived(LIS.address).length]
    await deliver(answerTo(second, ANNA, '#merge 1'))
    expect([flow.arrived(KIM.address).length, flow.arrived(LIS.address).length]).toEqual(before)
    await deliver(answerTo(toLis, LIS, 'Nu er den sort.'))
    expect((await show(1)).comments.at(-1)).toMatchObject({ role: 'participant', text: 'Nu er den sort.' })
    expect(await show(2)).toMatchObject({ status: 'closed', comments: [] })
    await deliver(answerTo(second, ANNA, '#undo'))
    expect(lastReceipt()).toContain('- Undone: merge.')
    expect((await show(2)).status).toBe('new')
  })

  it("open a customer's case from a forward only where the sender is believed", async () => {
    const forward = (from: typeof ANNA) =>
      letter({
        from,
        subject: 'Fwd: Tastaturet',
        text: '#note\nSe her.\n\n---------- Forwarded message ---------\nFrom: Pia <pia@third.test>\nDate: Thu, 19 Nov 2026 at 14:05\nSubject: Tastaturet\nTo: <anna@private.test>\n\n\n#closed\nDet klikker.',
      })
    await deliver(forward(ANNA))
    expect((await show(3)).contact.address).toBe(ANNA.address)
    expect(flow.arrived('pia@third.test')).toEqual([])
  })

  it('were foretold by explain, every one', async () => {
    const rows = await flow.store.db.selectFrom('mails').select(['message_id', 'decision']).execute()
    expect(rows.length).toBe(mails)
    for (const row of rows)
      expect([row.message_id, row.decision]).toEqual([row.message_id, foretold.get(row.message_id ?? '')])
  })

  it('reach the other agents as the private matters that they are', () => {
    for (const { raw } of [...flow.arrived(KIM.address), ...flow.arrived(LIS.address)])
      expect(raw.toString('utf8')).not.toMatch(/private\.test|Bo Dahl/)
    expect(flow.arrived(BO.address).some(({ message }) => message.text.includes('Nothing was done'))).toBe(false)
  })
})
