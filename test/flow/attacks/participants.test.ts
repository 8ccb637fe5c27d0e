import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { replyAddress } from '../../../src/model/thread-key.ts'
import { engines } from '../../support/databases.ts'
import { ANNA, answerTo, type Flow, KIM, letter, SUPPORT, startFlow } from '../../support/flow.ts'
import { embedded } from '../../support/mail-servers.ts'

const PAT = { name: 'Pat Lund', address: 'pat@customer.test' }
const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }

describe.each(engines)('attacks by those who are named, on %s', (engine) => {
  let flow: Flow
  let mails = 0
  beforeEach(async () => {
    mails = 0
    flow = await startFlow({ engine, kind: embedded })
  })
  afterEach(async () => {
    await flow.close()
  })

  /** Delivers a mail and waits until it is taken in and everything that it caused has been sent. */
  async function take(raw: string): Promise<void> {
    mails += 1
    await flow.deliver(raw)
    await flow.settled(mails)
  }

  const cc = (...people: { address: string }[]) => `Cc: ${people.map((it) => `<${it.address}>`).join(', ')}`
  const key = () => replyAddress(flow.config.secrets, SUPPORT, 1, 'customer', Date.now())
  const show = async (number = 1) => await flow.waitForCase(number, () => true)
  const takingPart = async () => (await show()).participants.map((it) => it.address)
  const answer = async (words: string) => await take(answerTo(await flow.waitForMail(ANNA.address), ANNA, words))

  it('CC hijack: a stranger whom the contact names gets nothing', async () => {
    await take(letter({ text: 'Hej', headers: [cc(MALLORY)] }))
    await take(letter({ text: 'Og nu?', to: key(), headers: [cc(MALLORY, PAT)] }))
    await answer('Koden er 4711.')
    expect(await takingPart()).toEqual([PAT.address])
    expect(flow.arrived(MALLORY.address)).toEqual([])
    expect(flow.arrived(PAT.address)).toHaveLength(1)
  })

  it('CC hijack: who writes in the name of the contact brings in nobody', async () => {
    const all = flow.config.mailboxes.map((it) => ({ ...it, participants: { policy: 'all', most: 10 } as const }))
    await flow.restart({ mailboxes: all })
    await take(letter({ text: 'Hej', messageId: 'first@customer.test' }))
    await take(letter({ text: 'Send alt', references: ['first@customer.test'], headers: [cc(MALLORY)] }))
    await answer('Koden er 4711.')
    expect((await show()).comments[0]).toMatchObject({ text: 'Send alt' })
    expect(await takingPart()).toEqual([])
    expect(flow.arrived(MALLORY.address)).toEqual([])
  })

  it('CC hijack: a stranger who puts the case address into Cc opens nothing of it', async () => {
    await take(letter({ text: 'Hej' }))
    await take(letter({ from: MALLORY, to: 'x@elsewhere.test', text: 'Me too', headers: [cc({ address: key() })] }))
    await answer('Koden er 4711.')
    expect(await takingPart()).toEqual([])
    expect((await show()).comments[0]).toMatchObject({ visibility: 'internal', role: 'system' })
    expect(flow.arrived(MALLORY.address)).toEqual([])
  })

  it('Cc of our own addresses and of an agent makes no participant, and no mail to ourselves', async () => {
    await take(letter({ text: 'Hej', headers: [cc({ address: SUPPORT }, { address: 'support+x@acme.test' }, ANNA)] }))
    await take(letter({ text: 'Igen', to: key(), headers: [cc({ address: key() }, ANNA)] }))
    expect(await takingPart()).toEqual([])
  })

  it('stolen key: what another person writes with it is held, and the customer hears nothing', async () => {
    await take(letter({ text: 'Hej' }))
    const before = flow.arrived(KIM.address).length
    await take(letter({ from: MALLORY, to: key(), text: 'Hvad er koden?', headers: [cc(MALLORY)] }))
    expect((await show()).comments).toMatchObject([{ visibility: 'internal', role: 'system', text: 'Hvad er koden?' }])
    expect(flow.arrived(KIM.address)).toHaveLength(before)
    expect(flow.arrived(MALLORY.address)).toEqual([])
    expect(await takingPart()).toEqual([])
  })

  it('ticket trick: a verification mail to a case address stays among the agents', async () => {
    await take(letter({ from: MALLORY, text: 'Hej' }))
    const code = { name: 'Chat', address: 'feedback@chat.test' }
    await take(letter({ from: code, to: key(), subject: 'Bekræft din adresse', text: 'Din kode er 831 442.' }))
    expect((await show()).comments).toMatchObject([{ visibility: 'internal', text: 'Din kode er 831 442.' }])
    for (const { raw, message } of flow.arrived(MALLORY.address)) {
      expect(message.text).not.toContain('831')
      expect(raw.toString()).not.toContain('831 442')
    }
    expect((await flow.waitForMail(ANNA.address, (mail) => mail.text.includes('831 442'))).to).toBe(ANNA.address)
  })

  it('ticket trick: nor is one from a machine told to anybody', async () => {
    await take(letter({ from: MALLORY, text: 'Hej' }))
    const machine = { name: 'Chat', address: 'no-reply@chat.test' }
    const headers = ['Auto-Submitted: auto-generated']
    await take(letter({ from: machine, to: key(), text: 'Din kode er 831 442.', headers }))
    expect((await show()).comments).toMatchObject([{ visibility: 'internal' }])
    expect(flow.arrived(MALLORY.address).filter((it) => it.message.text.includes('831'))).toEqual([])
  })

  it('a participant leaves by the unsubscribe header of any mail, and a guessed key takes nobody out', async () => {
    await take(letter({ text: 'Hej', headers: [cc(PAT)] }))
    await answer('Prøv igen.')
    const { raw, message } = await flow.waitForMail(PAT.address)
    const link = /^List-Unsubscribe: <([^>]+)>/im.exec(raw.toString().replace(/\r\n([ \t])/g, '$1'))?.[1] ?? ''
    expect(message.text).toContain(`Forlad sagen, og få ikke flere mails om den: ${link}`)
    const kims = await flow.waitForMail(KIM.address, (mail) => mail.text.includes('Prøv igen'))
    expect(kims.raw.toString()).not.toMatch(/List-Unsubscribe|\+l1\./i)

    await take(letter({ from: MALLORY, to: 'support+l1.abcdefghijklmnop@acme.test', subject: 'leave', text: '' }))
    expect(await takingPart()).toEqual([PAT.address])
    await take(letter({ from: PAT, to: new URL(link).pathname, subject: 'leave', text: '' }))
    expect(await takingPart()).toEqual([])
    await answer('Og nu?')
    expect(flow.arrived(PAT.address)).toHaveLength(1)
    expect((await show()).log.at(-2)).toMatchObject({ actor: 'pat', what: 'participant', from: PAT.address })
  })
})
