import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { engines } from '../support/databases.ts'
import { openPostOffice, type PostOffice } from '../support/post-office.ts'

describe.each(engines)('mails that are loaded and recorded many at a time on %s', (engine) => {
  let office: PostOffice
  /** The server accepts each mail when this is resolved. */
  let gate: PromiseWithResolvers<void>
  beforeEach(async () => {
    gate = Promise.withResolvers()
    office = await openPostOffice(engine, { onMail: async () => await gate.promise })
  })
  afterEach(async () => {
    gate.resolve()
    await office.close()
  })

  const until = async (look: () => Promise<void> | void) => await vi.waitFor(look, { timeout: 10_000, interval: 10 })

  test('a comment that is made internal while its mail waits is not sent', async () => {
    const it = await office.openCase()
    const first = await office.tell('case-received', it)
    const [open, closed] = [await office.comment(it.id, 'stays'), await office.comment(it.id, 'is taken back')]
    const stays = await office.tell('comment-added', it, { comment_id: open, to_address: 'a@customer.test' })
    const taken = await office.tell('comment-added', it, { comment_id: closed, to_address: 'b@customer.test' })
    office.work({ connections: 1 })
    await until(async () => expect((await office.row(first)).status).toBe('sending'))
    await office.store.db.updateTable('comments').set({ visibility: 'internal' }).where('id', '=', closed).execute()
    office.world.pass(1_000)
    gate.resolve()
    await until(async () => expect((await office.row(stays)).status).toBe('sent'))
    await until(async () => expect((await office.row(taken)).status).toBe('failed'))
    expect((await office.row(taken)).last_error).toContain('internal')
    expect(office.smtp.mails.map((mail) => mail.to[0])).not.toContain('b@customer.test')
  })

  test('each is sent once, in its case’s order, and one that is refused is nobody else’s trouble', async () => {
    gate.resolve()
    const refused = 'gone@customer.test'
    office.smtp.behave({
      recipient: (address) =>
        address === refused ? { kind: 'reject', code: 550, text: '5.7.1 not here' } : { kind: 'accept' },
    })
    const expected = new Map<string, string[]>()
    for (let number = 0; number < 8; number++) {
      const it = await office.openCase()
      for (const to_address of [`one@a${number}.test`, 'two@b.test', refused])
        for (let turn = 0; turn < 4; turn++) {
          const comment_id = await office.comment(it.id, `turn ${turn}`)
          const { message_id } = await office.row(await office.tell('comment-added', it, { comment_id, to_address }))
          const chain = `${it.number} ${to_address}`
          expected.set(chain, [...(expected.get(chain) ?? []), message_id])
        }
    }
    office.work({ connections: 5 })
    await until(async () => {
      const left = (await office.rows()).filter((row) => row.status === 'waiting' || row.status === 'sending')
      expect(left).toEqual([])
    })
    const arrived = office.smtp.mails.map((mail) => /^Message-ID: <(.*)>/m.exec(mail.raw.toString())?.[1] ?? '')
    for (const [chain, ids] of expected)
      expect(arrived.filter((id) => ids.includes(id))).toEqual(chain.endsWith(refused) ? [] : ids)
    expect(arrived.length).toBe(new Set(arrived).size)
    for (const row of await office.rows())
      expect(row).toMatchObject(
        row.to_address === refused
          ? { status: 'failed', attempts: 1 }
          : { status: 'sent', attempts: 1, subject: expect.stringContaining('Printeren'), last_error: null },
      )
  })
})
