import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../support/databases.ts'
import { ANNA, BO, type Flow, KIM, letter, poll, startFlow } from '../support/flow.ts'
import { embedded } from '../support/mail-servers.ts'

let heads = 0
const head = () => {
  heads += 1
  return `From: Kim <${KIM.address}>\r\nTo: support@acme.test\r\nSubject: Sag\r\nMessage-ID: <bad-${heads}@customer.test>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\n`
}
const PLAIN = 'Content-Type: text/plain; charset=utf-8\r\n'

/** Each is taken in as a case of its own; `description` is what its words come out as. */
const BAD_MAILS: [string, string | Buffer, string | RegExp][] = [
  ['no From', `To: support@acme.test\r\nSubject: Sag\r\n${PLAIN}\r\nHej\r\n`, 'Hej'],
  ['no Message-ID', letter({ text: 'Hej', messageId: null }), 'Hej'],
  ['no subject and no body', `From: Kim <${KIM.address}>\r\n\r\n`, ''],
  ['no header at all', 'just some bytes\r\n', /.*/],
  ['nothing but a line end', '\r\n', ''],
  ['a header of 1 MB', `${head()}X-Long: ${'x'.repeat(1_000_000)}\r\n${PLAIN}\r\nHej\r\n`, /.*/],
  ['2,000 nested parts', `${head()}${nested(2_000)}`, /.*/],
  ['a charset that does not exist', `${head()}Content-Type: text/plain; charset=x-klingon\r\n\r\nHej\r\n`, 'Hej'],
  [
    'a wrong charset',
    Buffer.concat([Buffer.from(`${head()}${PLAIN}\r\n`), Buffer.from('Bl\xe5b\xe6r', 'latin1')]),
    'Blåbær',
  ],
  [
    'NUL bytes in subject, name and body',
    `From: =?utf-8?Q?Ki=00m?= <${KIM.address}>\r\nSubject: =?utf-8?Q?Sa=00g?=\r\n${PLAIN}Content-Transfer-Encoding: base64\r\n\r\nSGUAago=\r\n`,
    /^He.?j$/s,
  ],
  ['a date in 1601', letter({ text: 'Hej' }).replace('Fri, 20 Nov 2026', 'Mon, 01 Jan 1601'), 'Hej'],
  [
    'an attachment name of 5,000 characters',
    `${head()}Content-Type: application/pdf; name="${'n'.repeat(5_000)}.pdf"\r\n\r\nx\r\n`,
    '',
  ],
  ['half an emoji', `${head()}${PLAIN}Content-Transfer-Encoding: quoted-printable\r\n\r\nHej =F0=9F\r\n`, /^Hej/],
]

function nested(depth: number): string {
  const open = Array.from(
    { length: depth },
    (_, i) => `Content-Type: multipart/mixed; boundary="b${i}"\r\n\r\n--b${i}\r\n`,
  )
  return `${open.join('')}${PLAIN}\r\nHej\r\n`
}

describe.each(engines)('bad input on %s', (engine) => {
  let flow: Flow
  beforeEach(async () => {
    flow = await startFlow({ engine, kind: embedded })
  })
  afterEach(async () => {
    await flow.close()
  })

  it('each becomes a case, and the mails behind it come in as if it were not there', async () => {
    for (const [, raw] of BAD_MAILS) await flow.deliver(raw)
    await flow.deliver(letter({ subject: 'Den sidste', text: 'Hej' }))
    await flow.settled(BAD_MAILS.length + 1)
    const cases = (await flow.cases()).reverse()
    expect(cases).toHaveLength(BAD_MAILS.length + 1)
    expect(cases.at(-1)?.title).toBe('Den sidste')
    for (const [index, [what, , description]] of BAD_MAILS.entries()) {
      const it = await flow.waitForCase(index + 1, () => true)
      if (typeof description === 'string') expect(it.description, what).toBe(description)
      else expect(it.description, what).toMatch(description)
    }
    expect(flow.log.lines.filter((line) => line.level === 'error')).toEqual([])
  })

  it('a mail over the limit stays on the server, the agents are told, and the sender is told once', async () => {
    const large = letter({ subject: 'Stor', text: 'x'.repeat(1_800_000) })
    expect(large.length).toBeGreaterThan(flow.config.limits.mailSize)
    await flow.deliver(large)
    expect((await flow.waitForMail(ANNA.address)).message.text).toContain('2.3 MB')
    await flow.waitForMail(KIM.address)
    await flow.restart()
    await flow.deliver(letter({ text: 'lille' }))
    await flow.settled(2)
    expect(await flow.server.list(flow.user, 'INBOX')).toHaveLength(2)
    expect(
      flow.arrived(KIM.address).filter((mail) => mail.message.subject.includes('Stor') || /MB/.test(mail.message.text)),
    ).toHaveLength(1)
    expect(flow.log.lines.some((line) => String(line.msg).includes('over the size limit'))).toBe(true)
  })

  it('a mail that cannot be delivered to one agent reaches the other and the customer', async () => {
    flow.smtp.behave({
      recipient: (address) =>
        address === ANNA.address ? { kind: 'reject', code: 550, text: '5.1.1 no such user' } : { kind: 'accept' },
    })
    await flow.deliver(letter({ text: 'Hej' }))
    await flow.waitForMail(BO.address)
    await flow.waitForMail(KIM.address)
    const it = await flow.waitForCase(1, (it) => it.log.some((row) => row.what === 'delivery'))
    expect(it.log.find((row) => row.what === 'delivery')?.to).toContain('no such user')
    expect(flow.arrived(ANNA.address)).toEqual([])
  })

  it('an SMTP server that answers 4xx is tried again, and the mail arrives once', async () => {
    let refused = 0
    flow.smtp.behave({
      recipient: () => {
        refused += 1
        return { kind: 'reject', code: 451, text: '4.7.1 greylisted' }
      },
    })
    await flow.deliver(letter({ text: 'Hej' }))
    const waiting = flow.store.db
      .selectFrom('outbox')
      .select('id')
      .where('status', '=', 'waiting')
      .where('attempts', '=', 1)
    await poll(
      async () => ((await waiting.execute()).length === 3 ? true : undefined),
      'three rows that are tried again',
    )
    expect(flow.log.lines.find((line) => line.msg === 'mail not sent')).toMatchObject({
      result: 'retry',
      response: expect.stringContaining('greylisted'),
    })
    expect(refused).toBeGreaterThan(0)
    flow.smtp.behave({})
    // What is left of the wait is not the point here.
    await flow.store.db.updateTable('outbox').set({ next_attempt_at: '2000-01-01T00:00:00.000Z' }).execute()
    await flow.waitForMail(KIM.address)
    await flow.settled(1)
    expect(flow.arrived(KIM.address)).toHaveLength(1)
  })
})

describe('a full disk', () => {
  it('stops intake with a clear line, loses nothing, and goes on when there is room', async () => {
    const flow = await startFlow({ engine: 'sqlite', kind: embedded, after: { kind: 'move', folder: 'Processed' } })
    try {
      const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(flow.app.store.db)
      await sql`pragma max_page_count = ${sql.lit(rows[0]?.page_count ?? 0)}`.execute(flow.app.store.db)
      await flow.deliver(letter({ text: `Hej ${'x'.repeat(50_000)}` }))
      const line = await flow.log.waitFor((line) => line.level === 'error')
      expect(String(line.error)).toMatch(/full/)
      expect(await flow.server.list(flow.user, 'INBOX')).toHaveLength(1)
      await sql`pragma max_page_count = 1000000`.execute(flow.app.store.db)
      await flow.settled(1)
      await poll(
        async () => ((await flow.server.list(flow.user, 'INBOX')).length === 0 ? true : undefined),
        'an empty INBOX',
      )
      expect(await flow.cases()).toHaveLength(1)
    } finally {
      await flow.close()
    }
  })
})
