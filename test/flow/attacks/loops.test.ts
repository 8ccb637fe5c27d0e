import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Config } from '../../../src/config/config.ts'
import { replyAddress } from '../../../src/model/thread-key.ts'
import { engines } from '../../support/databases.ts'
import { ANNA, type Arrived, answerTo, BO, type Flow, KIM, letter, SUPPORT, startFlow } from '../../support/flow.ts'
import { embedded } from '../../support/mail-servers.ts'

const MANY = 60
const TOLD = 5

const frugal = (config: Config): Config => ({ ...config, budgets: { ...config.budgets, toldPerMinute: TOLD } })

describe.each(engines)('loops and floods on %s', (engine) => {
  let flow: Flow
  beforeEach(async () => {
    flow = await startFlow({ engine, kind: embedded, over: frugal })
  })
  afterEach(async () => {
    await flow.close()
  })

  const suppressed = async () =>
    await flow.store.db
      .selectFrom('outbox')
      .select(['kind', 'to_address', 'last_error'])
      .where('status', '=', 'suppressed')
      .execute()

  it('10,000 mails from one sender: one receipt, a few notices, every case there, every silence with its reason', async () => {
    await flow.deliver(...Array.from({ length: MANY }, (_, n) => letter({ subject: `Sag ${n}`, text: `Hej ${n}` })))
    await flow.settled(MANY)
    expect(await flow.cases()).toHaveLength(MANY)
    expect(flow.arrived(KIM.address)).toHaveLength(1)
    for (const { address } of [ANNA, BO]) {
      expect(flow.arrived(address).length).toBeGreaterThanOrEqual(TOLD)
      // The minute may have turned once while they came in.
      expect(flow.arrived(address).length).toBeLessThanOrEqual(2 * TOLD)
    }
    const silent = await suppressed()
    const sent = [KIM, ANNA, BO].flatMap(({ address }) => flow.arrived(address))
    expect(silent.length + sent.length).toBe(3 * MANY)
    for (const { last_error: why } of silent) expect(why).toMatch(/less than an hour ago|budgets\.toldPerMinute/)
    const last = await flow.waitForCase(MANY, () => true)
    expect(last.log.at(-1)).toMatchObject({ actor: 'posthorn', what: 'delivery' })
  })

  it('10,000 comments in one case: each is there, and the others on the case hear of a few', async () => {
    const pat = { name: 'Pat', address: 'pat@customer.test' }
    await flow.deliver(letter({ text: 'Hej', headers: [`Cc: <${pat.address}>`] }))
    await flow.settled(1)
    const to = replyAddress(flow.config.secrets, SUPPORT, 1, 'customer', Date.now())
    await flow.deliver(...Array.from({ length: MANY }, (_, n) => letter({ to, text: `Og ${n}` })))
    await flow.settled(MANY + 1)
    expect((await flow.waitForCase(1, () => true)).comments).toHaveLength(MANY)
    expect(flow.arrived(pat.address).length).toBeLessThanOrEqual(2 * TOLD)
    expect(flow.arrived(pat.address).length).toBeGreaterThanOrEqual(TOLD - 1)
    expect(flow.arrived(ANNA.address).length).toBeLessThanOrEqual(2 * TOLD + 1)
  })

  it('auto-reply storm: out-of-office answers to a case wake nobody, and change nothing', async () => {
    await flow.deliver(letter({ text: 'Hej' }))
    await flow.settled(1)
    const receipt = await flow.waitForMail(KIM.address)
    const away = ['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All']
    await flow.deliver(
      ...Array.from({ length: MANY }, (_, n) =>
        letter({
          to: receipt.message.replyTo[0]?.address ?? '',
          subject: 'Automatisk svar: jeg er på ferie',
          text: `Jeg er tilbage på mandag (${n}).`,
          references: [receipt.message.messageId ?? ''],
          headers: away,
        }),
      ),
    )
    await flow.settled(MANY + 1)
    expect([KIM, ANNA, BO].map(({ address }) => flow.arrived(address).length)).toEqual([1, 1, 1])
    expect(await flow.cases()).toMatchObject([{ number: 1, status: 'new' }])
  })

  it("another help desk's answer for somebody who takes part is told to the agents, within the sender's budget", async () => {
    const desk = { name: 'Hjælp', address: 'hjaelp@customer.test' }
    await flow.deliver(letter({ text: 'Hej', headers: [`Cc: <${desk.address}>`] }))
    await flow.settled(1)
    const to = replyAddress(flow.config.secrets, SUPPORT, 1, 'customer', Date.now())
    const headers = ['Auto-Submitted: auto-generated', 'X-Auto-Response-Suppress: All']
    await flow.deliver(
      ...Array.from({ length: MANY }, (_, n) => letter({ from: desk, to, text: `Vi har svaret ${n}.`, headers })),
    )
    await flow.settled(MANY + 1)
    const told = flow.arrived(ANNA.address).length - 1
    expect(told).toBeGreaterThanOrEqual(TOLD)
    expect(told).toBeLessThanOrEqual(2 * TOLD)
    expect([KIM, desk].map(({ address }) => flow.arrived(address).length)).toEqual([1, 0])
    const it = await flow.waitForCase(1, () => true)
    expect(it.comments).toHaveLength(MANY)
    expect(it.comments.every((comment) => comment.visibility === 'internal')).toBe(true)
    expect(it.status).toBe('new')
  })

  it('auto-reply storm: answers to nothing that we know open no case', async () => {
    const headers = ['Auto-Submitted: auto-replied']
    const away = { subject: 'Automatisk svar: ferie', text: 'Jeg er tilbage på mandag.', headers }
    await flow.deliver(...Array.from({ length: MANY }, () => letter(away)))
    await flow.settled(MANY)
    expect(await flow.cases()).toEqual([])
    expect(flow.arrived(KIM.address)).toEqual([])
  })

  const silent: [string, string][] = [
    ['null sender', letter({ text: 'Hej' }).replace(/^Return-Path: <[^>]*>/, 'Return-Path: <>')],
    ['mailer-daemon', letter({ from: { name: 'Mail', address: 'mailer-daemon@customer.test' }, text: 'Hej' })],
    ['no-reply', letter({ from: { name: 'Shop', address: 'no-reply@customer.test' }, text: 'Hej' })],
    ['our own address', letter({ from: { name: 'Us', address: SUPPORT }, text: 'Hej' })],
    ['our own address with a tag', letter({ from: { name: 'Us', address: 'support+a@acme.test' }, text: 'Hej' })],
    ['mailing list', letter({ text: 'Hej', headers: ['List-Id: <users.lists.test>'] })],
    ['bulk mail', letter({ text: 'Hej', headers: ['Precedence: bulk'] })],
    ['a mail that asks for no answer', letter({ text: 'Hej', headers: ['X-Auto-Response-Suppress: All'] })],
    [
      'a list server',
      letter({ text: 'Hej' }).replace(/^Return-Path: <[^>]*>/, 'Return-Path: <owner-users@lists.test>'),
    ],
  ]

  it(`no automatic answer goes to ${silent.map(([who]) => who).join(', ')}`, async () => {
    await flow.deliver(...silent.map(([, raw]) => raw))
    await flow.settled(silent.length)
    const rows = await flow.store.db
      .selectFrom('outbox')
      .select('to_address')
      .where('to_address', 'not in', [ANNA.address, BO.address])
      .execute()
    expect(rows).toEqual([])
  })

  it('a receipt to somebody who may not have written carries nothing of what was', async () => {
    await flow.deliver(letter({ subject: 'Du har vundet! evil.example/x', text: 'Klik her', from: KIM }))
    const { raw, message } = await flow.waitForMail(KIM.address)
    expect(message.subject).toBe('[#1] Acme Support')
    expect(raw.toString()).not.toMatch(/vundet|evil|Klik|Sørensen|S=C3=B8rensen/i)
  })

  it('ping-pong: a case that is solved and answered for ever is reopened five times', async () => {
    await flow.deliver(letter({ text: 'Hej' }))
    const toAnna = await flow.waitForMail(ANNA.address)
    let mails = 1
    const take = async (raw: string) => {
      mails += 1
      await flow.deliver(raw)
      await flow.settled(mails)
    }
    const to = replyAddress(flow.config.secrets, SUPPORT, 1, 'customer', Date.now())
    for (let n = 0; n < 6; n++) {
      await take(answerTo(toAnna, ANNA, `#solved\nLøst ${n}`))
      await take(letter({ to, text: `Tak, sagen er modtaget hos os (${n})` }))
    }
    const it = await flow.waitForCase(1, () => true)
    expect(it.status).toBe('solved')
    expect(it.comments).toHaveLength(12)
    expect(it.log.filter((row) => row.what === 'status' && row.to === 'open')).toHaveLength(5)
  })
})

/** What a gateway that thinks nothing of headers makes of a mail: no sign of a machine, and an id of its own. */
function washed(raw: Buffer, n: number): string {
  const text = raw.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const head = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .filter(
      (line) =>
        !/^(?:auto-submitted|feedback-id|x-|list-|precedence|message-id|references|in-reply-to|reply-to)/i.test(line),
    )
  return Buffer.from(
    [`Message-ID: <washed-${n}@gateway.test>`, ...head, text.slice(end + 2)].join('\r\n'),
    'latin1',
  ).toString()
}

describe.each(engines)('two help desks that write to each other on %s', (engine) => {
  const OTHER = 'hjaelp@other.test'
  let ours: Flow
  let theirs: Flow
  let between: Arrived[]
  let wash: boolean

  beforeEach(async () => {
    between = []
    wash = false
    const carry = (from: () => Flow) => async (mail: Arrived) => {
      const target = [ours, theirs].find((one) => one !== from() && one.config.mailboxes[0]?.address === mail.to)
      if (!target) return
      between.push(mail)
      await target.deliver(wash ? washed(mail.raw, between.length) : mail.raw)
    }
    ours = await startFlow({ engine, kind: embedded, onMail: carry(() => ours) })
    theirs = await startFlow({
      engine,
      kind: embedded,
      onMail: carry(() => theirs),
      over: (config) => ({
        ...config,
        secrets: ['another secret of at least thirty-two characters'],
        mailboxes: config.mailboxes.map((it) => ({ ...it, address: OTHER })),
      }),
    })
  })
  afterEach(async () => {
    await ours.close()
    await theirs.close()
  })

  it('stop at the first mail, since each knows the other for a machine', async () => {
    await ours.deliver(letter({ from: { name: 'Hjælp', address: OTHER }, text: 'Vi har et spørgsmål.' }))
    await ours.settled(1)
    await theirs.settled(1)
    expect(between).toHaveLength(1)
    expect(await theirs.cases()).toEqual([])
  })

  it('stop within three mails though nothing in them says what they are', async () => {
    wash = true
    await ours.deliver(letter({ from: { name: 'Hjælp', address: OTHER }, text: 'Vi har et spørgsmål.' }))
    await ours.settled(1)
    await theirs.settled(1)
    await ours.settled(2)
    await theirs.settled(1)
    expect(between).toHaveLength(2)
    const silent = await ours.store.db
      .selectFrom('outbox')
      .select('to_address')
      .where('status', '=', 'suppressed')
      .execute()
    expect(silent.map((row) => row.to_address)).toEqual([OTHER])
  })

  it('carry what an agent writes, and the other side makes no answer of its own', async () => {
    await ours.deliver(letter({ from: { name: 'Hjælp', address: OTHER }, text: 'Vi har et spørgsmål.' }))
    await ours.settled(1)
    await theirs.settled(1)
    await ours.deliver(answerTo(await ours.waitForMail(ANNA.address), ANNA, 'Svaret er 42.'))
    await ours.settled(2)
    await theirs.settled(2)
    expect(between).toHaveLength(2)
    expect(between[1]?.message.text).toContain('Svaret er 42.')
  })
})
