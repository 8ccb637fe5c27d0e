import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replyAddress, type Secrets } from '../../../src/model/thread-key.ts'
import { engines } from '../../support/databases.ts'
import { ANNA, type Arrived, answerTo, type Flow, KIM, letter, SUPPORT, startFlow } from '../../support/flow.ts'
import { embedded } from '../../support/mail-servers.ts'

const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }
const LIS = { name: 'Lis', address: 'lis@elsewhere.test' }
const SECRETS: Secrets = ['a secret of at least thirty-two characters']
const DAY = 86_400_000

describe.each(engines)('keys through the whole program on %s', (engine) => {
  let flow: Flow
  let toAnna: Arrived
  let toKim: Arrived
  let mails = 0
  beforeAll(async () => {
    flow = await startFlow({ engine, kind: embedded, over: (config) => ({ ...config, keys: { expireDays: 30 } }) })
    await deliver(letter({ text: 'Den er død.' }))
    toAnna = await flow.waitForMail(ANNA.address)
    await deliver(answerTo(toAnna, ANNA, 'Sluk for den.'))
    toKim = await flow.waitForMail(KIM.address, (mail) => mail.text.includes('Sluk for den.'))
  })
  afterAll(async () => {
    await flow.close()
  })

  const deliver = async (...raws: string[]) => {
    mails += raws.length
    await flow.deliver(...raws)
    await flow.settled(mails)
  }
  const comments = async (number: number) => (await flow.waitForCase(number, () => true)).comments
  const decisionOf = async (subject: string) =>
    await flow.store.db
      .selectFrom('mails')
      .select(['decision', 'reason'])
      .where('subject', '=', subject)
      .executeTakeFirstOrThrow()
  const publicTexts = async () => (await comments(1)).filter((it) => it.visibility === 'public').map((it) => it.text)

  it.each<[string, () => string]>([
    [
      'forged own Message-ID',
      () => letter({ from: MALLORY, subject: 'F1', text: 'x', messageId: 'c1.root.aaaaaaaaaaaaaaaa@acme.test' }),
    ],
    [
      'forged own Message-ID in References',
      () => letter({ from: MALLORY, subject: 'F2', text: 'x', references: ['c1.root.aaaaaaaaaaaaaaaa@acme.test'] }),
    ],
    [
      'key of another installation',
      () => {
        const to = replyAddress(['the secret of quite another installation'], SUPPORT, 1, 'agent', Date.now())
        return letter({ from: ANNA, subject: 'F3', text: '#solved\nx', to })
      },
    ],
    [
      'key of another case, guessed from the number',
      () =>
        letter({
          from: MALLORY,
          subject: 'F4',
          text: 'x',
          to: replyAddress(SECRETS, SUPPORT, 2, 'customer', Date.now()).replace('+c2.', '+c1.'),
        }),
    ],
    [
      'guessed number in the subject',
      () => letter({ from: MALLORY, subject: 'Re: [#1] Printeren er død', text: 'Send mig det hele.' }),
    ],
    [
      'guessed number in an address without a key',
      () => letter({ from: MALLORY, subject: 'F11', text: 'x', to: SUPPORT.replace('@', '+c1@') }),
    ],
    [
      'key whose signature was cut short',
      () => {
        const to = replyAddress(SECRETS, SUPPORT, 1, 'customer', Date.now())
        return letter({ from: MALLORY, subject: 'F12', text: 'x', to: to.replace(/....@/, '@') })
      },
    ],
    [
      'key in a name, before another address',
      () => {
        const to = replyAddress(SECRETS, SUPPORT, 1, 'customer', Date.now())
        return letter({ from: MALLORY, subject: 'F13', text: 'x' }).replace(/^To: .*\r$/m, `To: "${to}" <${SUPPORT}>\r`)
      },
    ],
    [
      'customer key made into an agent key',
      () =>
        letter({
          from: ANNA,
          subject: 'F5',
          text: '#solved\nx',
          to: toKim.message.replyTo[0]?.address.replace('.c.', '.a.') ?? '',
        }),
    ],
  ])('%s leads into no case', async (_what, forge) => {
    const before = await comments(1)
    await deliver(forge())
    expect(await comments(1)).toEqual(before)
    expect((await flow.waitForCase(1, () => true)).status).toBe('open')
  })

  it('own headers from outside are ignored: the sender is answered as everybody is', async () => {
    const raw = letter({
      from: { name: 'Ole', address: 'ole@customer.test' },
      subject: 'F6',
      text: 'Hej',
      headers: ['X-Posthorn-Row: 01jabc'],
    })
    await deliver(raw)
    await flow.waitForMail('ole@customer.test')
    expect(await decisionOf('F6')).toMatchObject({ decision: 'open' })
  })

  it('reply to a notice of another case: its key admits nobody who has no part there', async () => {
    await deliver(letter({ from: LIS, subject: 'F7', text: 'Min sag' }))
    const receipt = await flow.waitForMail(LIS.address)
    const before = await publicTexts()
    // Her own key, and copied references of the other case.
    await deliver(
      letter({
        from: LIS,
        to: receipt.message.replyTo[0]?.address ?? '',
        subject: 'F8',
        text: 'Ind i den anden',
        references: [...toKim.message.references, toKim.message.messageId ?? ''],
      }),
    )
    expect(await publicTexts()).toEqual(before)
    expect(await decisionOf('F8')).toMatchObject({ decision: 'comment' })
    expect((await comments(1)).some((it) => it.text.includes('Ind i den anden'))).toBe(false)
  })

  it('stolen key from another person: held, and nobody but the agents sees it', async () => {
    const before = await publicTexts()
    await deliver(
      letter({ from: MALLORY, to: toKim.message.replyTo[0]?.address ?? '', subject: 'F9', text: 'Luk ind' }),
    )
    expect(await publicTexts()).toEqual(before)
    expect((await comments(1)).at(-1)).toMatchObject({ visibility: 'internal', text: 'Luk ind' })
    expect(flow.arrived(KIM.address).some((mail) => mail.message.text.includes('Luk ind'))).toBe(false)
  })

  it.each([
    ['the contact', KIM, 'customer'],
    ['an agent', ANNA, 'agent'],
  ] as const)('expired key: what %s writes with it is held, with the reason', async (_who, from, audience) => {
    const before = await publicTexts()
    const to = replyAddress(SECRETS, SUPPORT, 1, audience, Date.now() - 40 * DAY)
    await deliver(letter({ from, to, subject: `F10 ${audience}`, text: `Med gammel nøgle ${audience}` }))
    expect(await publicTexts()).toEqual(before)
    expect((await comments(1)).at(-1)).toMatchObject({ visibility: 'internal', text: `Med gammel nøgle ${audience}` })
    expect((await decisionOf(`F10 ${audience}`)).reason).toContain('more than 30 days ago')
  })

  it('expired key of a stranger leads to a case of their own', async () => {
    const to = replyAddress(SECRETS, SUPPORT, 1, 'customer', Date.now() - 40 * DAY)
    await deliver(letter({ from: MALLORY, to, subject: 'F11', text: 'x' }))
    expect(await decisionOf('F11')).toMatchObject({ decision: 'open' })
  })

  it('oversized references list: the answer finds its case, and no more is looked up than of a short one', async () => {
    const padding = Array.from({ length: 5_000 }, (_, i) => `padding-${i}@elsewhere.test`)
    const { messageId, references } = toKim.message
    const raw = letter({
      from: KIM,
      subject: 'F12',
      text: 'Med lang hale',
      references: [...references, ...padding, messageId ?? ''],
    }).replaceAll('> <', '>\r\n <')
    await deliver(raw)
    expect((await comments(1)).at(-1)).toMatchObject({ visibility: 'public', text: 'Med lang hale' })
  })

  it('a changed secret: answers to old mails are known while the old one is in the ring, and not after', async () => {
    const fresh = 'a new secret of at least thirty-two characters'
    await flow.restart({ secrets: [fresh, ...SECRETS], keys: { expireDays: null } })
    await deliver(answerTo(toKim, KIM, 'Under den gamle nøgle'))
    expect((await comments(1)).at(-1)).toMatchObject({ visibility: 'public', text: 'Under den gamle nøgle' })
    await flow.restart({ secrets: [fresh], keys: { expireDays: null } })
    await deliver(letter({ from: MALLORY, to: toKim.message.replyTo[0]?.address ?? '', subject: 'F13', text: 'x' }))
    expect(await decisionOf('F13')).toMatchObject({ decision: 'open' })
  })
})
