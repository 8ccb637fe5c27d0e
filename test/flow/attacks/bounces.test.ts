import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownMessageId } from '../../../src/model/thread-key.ts'
import { listSuppressions } from '../../../src/store/suppressions.ts'
import { engines } from '../../support/databases.ts'
import { deliveryReport } from '../../support/delivery-report.ts'
import {
  ANNA,
  type Arrived,
  answerTo,
  BO,
  type Flow,
  KIM,
  letter,
  poll,
  SUPPORT,
  startFlow,
} from '../../support/flow.ts'
import { embedded } from '../../support/mail-servers.ts'

const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }

describe.each(engines)('delivery reports through the whole program on %s', (engine) => {
  let flow: Flow
  let toAnna: Arrived
  let toKim: Arrived
  let mails = 0
  beforeAll(async () => {
    flow = await startFlow({ engine, kind: embedded })
    await deliver(letter({ text: 'Den er død.' }))
    toAnna = await flow.waitForMail(ANNA.address)
    await flow.waitForMail(BO.address)
    await deliver(answerTo(toAnna, ANNA, 'Sluk for den.'))
    toKim = await flow.waitForMail(KIM.address, (mail) => mail.text.includes('Sluk for den.'))
    await deliver(letter({ from: MALLORY, subject: 'Min egen', text: 'Hej' }))
    await flow.waitForMail(MALLORY.address)
    await flow.settled(mails)
  })
  afterAll(async () => {
    await flow.close()
  })

  const deliver = async (...raws: string[]) => {
    mails += raws.length
    await flow.deliver(...raws)
  }
  /** The envelope sender under which the newest mail to an address left. */
  const envelopeSenderTo = (address: string) =>
    flow.smtp.mails.findLast((mail) => mail.to.includes(address))?.from ?? ''
  const suppressed = async () => (await listSuppressions(flow.store.db)).map((row) => row.address)
  const stillReaches = async (who: { address: string }, words: string) => {
    await deliver(answerTo(toAnna, ANNA, words))
    await flow.waitForMail(who.address, (mail) => mail.text.includes(words))
  }

  it('each mail leaves under an envelope sender of its own', () => {
    const senders = flow.smtp.mails.map((mail) => mail.from)
    expect(new Set(senders).size).toBe(senders.length)
    expect(senders.every((sender) => sender.startsWith('support+b.') && sender.endsWith('@acme.test'))).toBe(true)
  })

  it.each<[string, () => string]>([
    ['that carries nothing of ours', () => deliveryReport({ to: SUPPORT, recipient: KIM.address })],
    [
      'with a Message-ID in the form of ours',
      () => deliveryReport({ to: SUPPORT, recipient: KIM.address, messageId: 'c1.01jabc.aaaaaaaaaaaaaaaa@acme.test' }),
    ],
    [
      'with a Message-ID that another installation signed',
      () => {
        const messageId = ownMessageId(['the secret of quite another installation'], 'acme.test', 1, 'root')
        return deliveryReport({ to: SUPPORT, recipient: KIM.address, messageId })
      },
    ],
    [
      'to an envelope sender that was tampered with',
      () => deliveryReport({ to: envelopeSenderTo(KIM.address).replace(/.@/, '@'), recipient: KIM.address }),
    ],
    [
      "to the attacker's own envelope sender, in the name of the customer",
      () => deliveryReport({ to: envelopeSenderTo(MALLORY.address), recipient: KIM.address }),
    ],
    [
      "with the attacker's own Message-ID, in the name of the customer",
      () =>
        deliveryReport({
          to: SUPPORT,
          recipient: KIM.address,
          messageId: flow.arrived(MALLORY.address)[0]?.message.messageId ?? '',
        }),
    ],
    [
      'with the Message-ID of a mail that the customer forwarded to the attacker',
      () => deliveryReport({ to: SUPPORT, recipient: KIM.address, messageId: toKim.message.messageId ?? '' }),
    ],
    [
      'with the root of the case, which stands in every mail of it',
      () => deliveryReport({ to: SUPPORT, recipient: KIM.address, messageId: toKim.message.references[0] ?? '' }),
    ],
    [
      'about a delay',
      () =>
        deliveryReport({
          to: envelopeSenderTo(KIM.address),
          recipient: KIM.address,
          action: 'delayed',
          status: '4.4.1',
        }),
    ],
  ])('a bounce forged to suppress a customer, %s, suppresses nobody', async (_what, forge) => {
    await deliver(forge())
    await flow.settled(mails)
    expect(await suppressed()).toEqual([])
    await stillReaches(KIM, `Er du der, ${mails}?`)
  })

  it("a real bounce marks the delivery, tells the agents and stops the customer's mail until they write", async () => {
    await stillReaches(KIM, 'Sidste forsøg')
    await flow.settled(mails)
    await deliver(deliveryReport({ to: envelopeSenderTo(KIM.address), recipient: KIM.address }))
    await flow.waitForMail(BO.address, (mail) => mail.text.includes(KIM.address) && mail.text.includes('5.1.1'))
    const it = await flow.waitForCase(1, (it) => it.log.some((row) => row.what === 'delivery'))
    const comment = it.comments.find((one) => one.text === 'Sidste forsøg')
    expect(comment?.delivery).toContainEqual(expect.objectContaining({ to: KIM.address, status: 'failed' }))
    expect(await suppressed()).toEqual([KIM.address])

    const before = flow.arrived(KIM.address).length
    await deliver(answerTo(toAnna, ANNA, 'Hallo?'))
    await flow.waitForMail(BO.address, (mail) => mail.text.includes('Hallo?'))
    await flow.settled(mails)
    expect(flow.arrived(KIM.address)).toHaveLength(before)

    await deliver(answerTo(toKim, KIM, 'Jeg er her igen.'))
    await poll(async () => ((await suppressed()).length === 0 ? true : undefined), 'the end of the suppression')
    await stillReaches(KIM, 'Velkommen tilbage')
  })

  it("a bounce of an agent's notice is noted, starts no mail, and stops that agent's notices", async () => {
    await flow.settled(mails)
    const before = flow.smtp.mails.length
    await deliver(deliveryReport({ to: envelopeSenderTo(BO.address), recipient: BO.address }))
    await flow.settled(mails)
    expect(await suppressed()).toEqual([BO.address])
    expect(flow.smtp.mails).toHaveLength(before)
    const it = await flow.waitForCase(1, () => true)
    expect(JSON.stringify(it.log)).not.toContain(BO.address)
  })
})
