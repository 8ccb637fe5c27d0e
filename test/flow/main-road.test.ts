import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../support/databases.ts'
import { ANNA, type Arrived, answerTo, BO, type Flow, KIM, letter, poll, SUPPORT, startFlow } from '../support/flow.ts'
import { mailServers } from '../support/mail-servers.ts'

const ways = engines.flatMap((engine) =>
  mailServers.map((kind) => ({ engine, kind, name: `${kind.name} and ${engine}` })),
)

describe.each(ways)('the main road over $name', ({ engine, kind }) => {
  let flow: Flow
  let toAnna: Arrived
  let toKim: Arrived
  beforeAll(async () => {
    flow = await startFlow({ engine, kind, after: { kind: 'move', folder: 'Processed' } })
  })
  afterAll(async () => {
    await flow.close()
  })

  it("makes a case of Kim's mail, and both Kim and the agents hear of it", async () => {
    await flow.deliver(letter({ text: 'Hej\n\nPrinteren på 2. sal er død. Æøå.\n\nHilsen Kim' }))
    const receipt = await flow.waitForMail(KIM.address)
    toAnna = await flow.waitForMail(ANNA.address)
    await flow.waitForMail(BO.address)
    expect(receipt.message.subject).toBe('[#1] Acme Support')
    expect(receipt.message.from).toEqual({ name: 'Acme Support', address: SUPPORT })
    expect(toAnna.message.text).toContain('Printeren på 2. sal er død. Æøå.')
    const [it] = await flow.cases()
    expect(it).toMatchObject({
      number: 1,
      status: 'new',
      contact: { name: 'Kim Sørensen', address: KIM.address },
      language: 'da',
    })
  })

  it("sends Anna's answer to Kim, and never her own address", async () => {
    await flow.deliver(answerTo(toAnna, ANNA, 'Hej Kim\n\nSluk for den, og tænd den igen.'))
    toKim = await flow.waitForMail(KIM.address, (mail) => mail.text.includes('tænd den igen'))
    expect(toKim.message.from).toEqual({ name: 'Anna, Acme Support', address: SUPPORT })
    expect(toKim.raw.toString('latin1')).not.toContain('private.test')
    expect(toKim.message.messageId).not.toBe(flow.arrived(KIM.address)[0]?.message.messageId)
  })

  it('takes what Kim answers above the quote, and nothing of the quote', async () => {
    await flow.deliver(answerTo(toKim, KIM, 'Tak! Nu virker den.'))
    const it = await flow.waitForCase(1, (it) => it.comments.length === 2)
    expect(it.comments[1]).toMatchObject({ role: 'contact', visibility: 'public', text: 'Tak! Nu virker den.' })
    expect(it.comments[1]?.quoted).toContain('tænd den igen')
  })

  it('proposes a solution with #solved, and reopens the case when Kim is not content', async () => {
    await flow.deliver(answerTo(toAnna, ANNA, '#solved\nKøen er nulstillet.'))
    const solution = await flow.waitForMail(KIM.address, (mail) => mail.text.includes('Køen er nulstillet.'))
    expect(await flow.waitForCase(1, (it) => it.status === 'solved')).toMatchObject({
      solution: { text: 'Køen er nulstillet.', author: 'Anna Holm' },
    })
    await flow.deliver(answerTo(solution, KIM, 'Den er død igen.'))
    const it = await flow.waitForCase(1, (it) => it.status === 'open')
    expect(it.log.filter((row) => row.what === 'status').map((row) => `${row.from} ${row.to}`)).toEqual([
      'new open',
      'open solved',
      'solved open',
    ])
  })

  it('keeps a note among the agents', async () => {
    const before = flow.arrived(KIM.address).length
    await flow.deliver(answerTo(toAnna, ANNA, '#note\nHan er sur.'))
    await flow.waitForMail(BO.address, (mail) => mail.text.includes('Han er sur.'))
    await flow.settled(6)
    expect(flow.arrived(KIM.address)).toHaveLength(before)
  })

  it('says on each comment what became of each mail about it', async () => {
    await flow.settled(6)
    const it = await flow.waitForCase(1, (it) => it.comments.length === 5)
    expect(it.comments[0]?.delivery).toMatchObject([{ status: 'sent' }, { status: 'sent' }])
    expect(it.comments[0]?.delivery.map((row) => row.to).sort()).toEqual([BO.address, KIM.address])
  })

  it('threads in every client: References name the mails before, and all share a root', async () => {
    const [first, second] = flow.arrived(KIM.address)
    expect(second?.message.references[0]).toBe(first?.message.references[0])
    expect(second?.message.references).toContain(first?.message.messageId)
  })

  it('moves the mails after the commit, and accounts for every one', async () => {
    const moved = await poll(async () => {
      const processed = await flow.server.list(flow.user, 'Processed')
      return processed.length === 6 ? processed : undefined
    }, 'six mails in Processed')
    expect(moved.every((mail) => mail.source.length > 0)).toBe(true)
    expect(await flow.server.list(flow.user, 'INBOX')).toEqual([])
  })
})
