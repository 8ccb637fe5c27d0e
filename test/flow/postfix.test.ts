import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBounceAddress } from '../../src/model/thread-key.ts'
import { dkimPair, dkimResults } from '../support/dkim.ts'
import { freePort } from '../support/dovecot.ts'
import {
  ANNA,
  type Arrived,
  answerTo,
  BO,
  type Flow,
  KIM,
  letter,
  PORTAL_DEFAULTS,
  poll,
  startFlow,
} from '../support/flow.ts'
import { embedded } from '../support/mail-servers.ts'
import { hasPostfix, type Postfix, startPostfix } from '../support/postfix.ts'

const PAT = { name: 'Pat Lund', address: 'pat@customer.test' }
const GONE = { name: 'Lee Bo', address: 'lee@customer.test' }
const OPENING = 'opening@customer.test'

describe.skipIf(!hasPostfix)('a case whose mails all leave by Postfix', () => {
  const pair = dkimPair('acme.test')
  /** Message-IDs of what each of them wrote, and of what they were sent a copy of. */
  const written: Record<string, string[]> = { [KIM.address]: [OPENING], [PAT.address]: [OPENING] }
  let flow: Flow
  let postfix: Postfix

  beforeAll(async () => {
    const port = await freePort()
    let sink = { host: '', port: 0 }
    flow = await startFlow({
      engine: 'sqlite',
      kind: embedded,
      over: (config) => {
        sink = { host: config.smtp.host, port: config.smtp.port }
        const portal = { url: 'https://help.acme.test', listen: { host: '127.0.0.1', port: 0 }, ...PORTAL_DEFAULTS }
        return { ...config, portal, smtp: { ...config.smtp, port, dkim: pair.config } }
      },
    })
    flow.smtp.behave({
      recipient: (address) =>
        address === GONE.address ? { kind: 'reject', code: 550, text: '5.1.1 No such user here' } : { kind: 'accept' },
    })
    postfix = await startPostfix({ port, relayTo: sink })
  }, 30_000)
  afterAll(async () => {
    await flow?.close()
    await postfix?.close()
  })

  const answer = async (to: Arrived, from: typeof KIM, words: string) => {
    const raw = answerTo(to, from, words)
    written[from.address] = [...(written[from.address] ?? []), /^Message-ID: <(.*)>/m.exec(raw)?.[1] ?? '']
    await flow.deliver(raw)
  }
  const everybody = [KIM, PAT, ANNA, BO]
  const all = () => everybody.flatMap(({ address }) => flow.arrived(address))

  it('goes from the receipt over answers to a solution', async () => {
    const copies = [`Cc: <${PAT.address}>, <${GONE.address}>`]
    await flow.deliver(letter({ text: 'Hej, printeren på 2. sal er død.', headers: copies, messageId: OPENING }))
    await flow.waitForMail(KIM.address)
    await answer(await flow.waitForMail(ANNA.address), ANNA, 'Sluk for den, og tænd den igen. Æøå 😀')
    const first = await flow.waitForMail(KIM.address, (mail) => mail.text.includes('tænd den igen'))
    await answer(first, KIM, 'Den er stadig død.')
    const again = await flow.waitForMail(ANNA.address, (mail) => mail.text.includes('stadig død'))
    await answer(again, ANNA, '#solved\nKøen er nulstillet.')
    for (const { address } of [KIM, BO])
      await flow.waitForMail(address, (mail) => mail.text.includes('Køen er nulstillet'))
    await flow.waitForMail(PAT.address, (mail) => mail.text.includes('stadig død'))
    expect(flow.arrived(GONE.address)).toEqual([])
  })

  it('has a bounce of Postfix’s own for whom the next server does not know, and the agents hear of it', async () => {
    const told = await flow.waitForMail(ANNA.address, (mail) => mail.text.includes(GONE.address))
    expect(told.message.text).toContain('5.1.1 No such user here')
    const it = await flow.waitForCase(1, (it) =>
      it.comments.some(({ delivery }) => delivery.some((row) => row.to === GONE.address && row.status === 'failed')),
    )
    expect(it.participants.map((one) => one.address)).toContain(PAT.address)
    expect(postfix.log()).toContain('sender non-delivery notification')
  })

  it('arrives whole: what Postfix took, it hands on', async () => {
    await flow.settled(5)
    await poll(async () => {
      const rows = await flow.store.db.selectFrom('outbox').select('message_id').where('status', '=', 'sent').execute()
      const here = new Set(all().map(({ message }) => message.messageId))
      return rows.every((row) => here.has(row.message_id)) ? true : undefined
    }, 'every mail that Postfix took')
  })

  it('has mails that DKIM proves, though Postfix wrote on top of them', async () => {
    expect(all().length).toBeGreaterThanOrEqual(8)
    for (const { raw } of all()) {
      expect(raw.toString('latin1')).toMatch(/^Received: .*\r\n\tby relay\.acme\.test \(Postfix\)/m)
      expect(await dkimResults(raw, pair)).toEqual(['pass'])
    }
    const [{ raw }] = flow.arrived(PAT.address) as [Arrived]
    expect(raw.toString('latin1')).toMatch(/h=[^;]*List-Unsubscribe-Post[^;]*;/s)
    expect(await dkimResults(raw.toString('latin1').replace(/^Subject: /m, 'Subject: Spam: '), pair)).toEqual(['fail'])
  })

  it('leaves under an envelope sender that says which row it was', async () => {
    const senders = flow.smtp.mails.filter((mail) => mail.from !== '').map((mail) => mail.from)
    const rows = senders.map((sender) => readBounceAddress(flow.config.secrets, sender))
    expect(rows).not.toContain(null)
    expect(new Set(rows).size).toBe(all().length)
  })

  it.each(everybody)('is one conversation for $name', ({ address }) => {
    const arrived = flow.arrived(address).map(({ message }) => message)
    expect(arrived.length).toBeGreaterThanOrEqual(2)
    const root = flow.arrived(KIM.address)[0]?.message.references[0] ?? ''
    expect(root).toMatch(/^c1\.root\.[a-z2-7]{16}@acme\.test$/)
    // Postfix hands on several at once: not always in the order in which they were written.
    const has = new Set([...(written[address] ?? []), ...arrived.map((mail) => mail.messageId ?? '')])
    for (const { references, inReplyTo, messageId } of arrived) {
      expect(references[0]).toBe(root)
      expect(references).not.toContain(messageId)
      expect(inReplyTo).not.toContain(messageId)
      for (const parent of inReplyTo) expect(has).toContain(parent)
    }
    expect(conversations(arrived, written[address] ?? [])).toBe(1)
    // Only the very first mail to somebody who wrote nothing answers nothing.
    expect(arrived.filter(({ inReplyTo }) => inReplyTo.length === 0).length).toBeLessThanOrEqual(
      has.has(OPENING) ? 0 : 1,
    )
  })
})

/**
 * How many conversations a mail program shows: mails belong together where one names another, or both name the same one,
 * there or not (RFC 5256, THREAD=REFERENCES, steps 1 and 2; subjects are not looked at).
 */
function conversations(mails: Arrived['message'][], own: string[]): number {
  const parents = new Map<string, string>()
  const top = (id: string): string => {
    const parent = parents.get(id) ?? id
    return parent === id ? id : top(parent)
  }
  for (const { references, inReplyTo, messageId } of mails) {
    const line = [...(references.length > 0 ? references : inReplyTo.slice(0, 1)), messageId ?? '']
    for (const [at, id] of line.entries()) if (at > 0) parents.set(top(id), top(line[at - 1] ?? id))
  }
  return new Set([...mails.map((mail) => mail.messageId ?? ''), ...own].map(top)).size
}
