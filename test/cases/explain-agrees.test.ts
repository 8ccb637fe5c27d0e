import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Explanation, explain } from '../../src/cases/explain.ts'
import type { ParsedMail, Receipt } from '../../src/cases/parsed-mail.ts'
import { receive } from '../../src/cases/receive.ts'
import type { Message } from '../../src/message/message.ts'
import { readMail } from '../../src/message/read-mail.ts'
import { bounceAddress, leaveLink, replyAddress, stopKey, stopLink } from '../../src/model/thread-key.ts'
import { findCase } from '../../src/store/cases.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures')
const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }
const DAEMON = { name: null, address: 'mailer-daemon@customer.test' }
const DAY = 86_400_000

describe.each(engines)('explain on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
  })
  afterEach(async () => {
    await desk.store.close()
  })

  /** Explains a mail, takes it in, and holds the one against the other. */
  async function compare(mail: ParsedMail, what: string): Promise<{ told: Explanation; done: Receipt }> {
    if (mail.parsed.kind !== 'message') throw new Error('only a mail that can be read is explained')
    const told = await explain(desk.ctx, mail.parsed.message, mail.identity)
    const [done] = await receive(desk.ctx, [mail], 3)
    if (!done) throw new Error('no receipt')
    expect({ kind: told.judgement.decision.kind, reason: told.judgement.reason }, what).toEqual({
      kind: done.decision,
      reason: done.reason,
    })
    const it = done.caseId ? await findCase(desk.store.db, done.caseId) : null
    expect(told.caseNumber, what).toBe(done.decision === 'open' ? null : (it?.number ?? null))
    const applied = told.judgement.rules.filter((rule) => rule.applied)
    expect(applied, what).toEqual([told.judgement.rules.at(-1)])
    expect(applied[0]?.because, what).toBe(done.reason)
    return { told, done }
  }

  it('agrees with what intake does with every fixture', { timeout: 120_000 }, async () => {
    const files = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.eml'))
    expect(files.length).toBeGreaterThan(250)
    const decisions = new Set<string>()
    const seen = new Set<string>()
    for (const [index, name] of files.entries()) {
      const bytes = readFileSync(join(FIXTURES, name))
      const { message, identity } = await readMail(bytes)
      // Two fixtures may hold the same mail: the second one is no news to intake.
      if (seen.has(identity)) continue
      seen.add(identity)
      const { done } = await compare(
        {
          place: { mailbox: 'support', uidValidity: '1', uid: index + 1 },
          identity,
          rawSha256: createHash('sha256').update(bytes).digest('hex'),
          size: bytes.length,
          raw: { bytes },
          parsed: { kind: 'message', message },
        },
        name,
      )
      decisions.add(done.decision)
    }
    expect(decisions).toEqual(new Set(['open', 'ignore']))
  })

  /** One mail of the story, made when it is its turn: keys and rows come of the mails before it. */
  interface Step {
    what: string
    rule: string
    mail: () => Partial<Message> | Promise<Partial<Message>>
    /** The case where intake puts it. */
    at?: number
    before?: () => void
  }

  const rowTo = async (address: string, kind: string) => {
    const rows = desk.store.db.selectFrom('outbox').selectAll().where('to_address', '=', address)
    return await rows.where('kind', '=', kind).orderBy('id').executeTakeFirstOrThrow()
  }
  const sent = async () => {
    await desk.store.db.updateTable('outbox').set({ status: 'sent', attempts: 1 }).execute()
  }
  const byAnna = (number: number, reply: string) => ({ from: ANNA, to: [desk.key(number, 'agent')], reply })
  const configure = (policy: Partial<HelpDesk['ctx']['policy']>) => {
    desk.ctx.policy = { ...desk.ctx.policy, ...policy }
  }
  const withTrust = (trust: Partial<HelpDesk['ctx']['policy']['mailboxes'][number]['trust']>) => {
    const { mailboxes } = desk.ctx.policy
    configure({ mailboxes: mailboxes.map((it) => ({ ...it, trust: { ...it.trust, ...trust } })) })
  }
  const verified = { name: 'authentication-results', value: 'mx.acme.test; dmarc=pass header.from=private.test' }

  const STORY: Step[] = [
    { what: 'a new mail', rule: 'new-case', mail: () => ({ messageId: 'kim-1@customer.test' }), at: 1 },
    {
      what: 'an answer with the key',
      rule: 'member-of-case',
      mail: () => ({ to: [desk.key(1, 'customer')], reply: 'Stadig død.' }),
      at: 1,
    },
    {
      what: 'an answer by a known Message-ID',
      rule: 'member-of-case',
      mail: () => ({ inReplyTo: ['kim-1@customer.test'] }),
      at: 1,
    },
    {
      what: 'a new matter under an old mail',
      rule: 'new-topic',
      mail: () => ({ inReplyTo: ['kim-1@customer.test'], subject: 'Skærmen flimrer' }),
      at: 2,
    },
    {
      what: 'a stranger with the key',
      rule: 'stranger-with-key',
      mail: () => ({ from: MALLORY, to: [desk.key(1, 'customer')] }),
      at: 1,
    },
    {
      what: 'words and commands of an agent',
      rule: 'agent-with-key',
      mail: () => byAnna(1, '#pending\nPrøv nu.'),
      at: 1,
    },
    { what: 'commands alone', rule: 'agent-with-key', mail: () => byAnna(1, '#tag printer'), at: 1 },
    { what: 'a command that is refused', rule: 'agent-with-key', mail: () => byAnna(1, '#merge 99\nHej'), at: 1 },
    {
      what: 'an agent with the key of a customer',
      rule: 'agent-without-key',
      mail: () => ({ from: ANNA, to: [desk.key(1, 'customer')], reply: 'Hej' }),
      at: 1,
    },
    {
      what: "a customer's mail that an agent forwards",
      rule: 'agent-forward',
      before: () => withTrust({ authservId: 'mx.acme.test', check: 'server', agents: 'verified' }),
      mail: () => ({
        from: ANNA,
        subject: 'Fwd: Musen',
        headers: [verified],
        returnPath: ANNA.address,
        reply: 'Tag den.',
        forwarded: {
          from: { name: 'Lee', address: 'lee@customer.test' },
          to: [],
          cc: [],
          subject: 'Musen',
          date: null,
          text: 'Den er væk.',
        },
      }),
      at: 3,
    },
    {
      what: 'a bounce',
      rule: 'delivery-report',
      before: () => withTrust({ authservId: null, check: 'none', agents: 'plausible' }),
      mail: async () => {
        await sent()
        const { id } = await rowTo('kim@customer.test', 'comment-added')
        const verp = bounceAddress(desk.ctx.policy.secrets, 'support@acme.test', id) ?? ''
        const gone = { action: 'failed', status: '5.1.1', permanent: true, diagnostic: 'no such user' } as const
        return {
          from: DAEMON,
          returnPath: '',
          to: [{ name: null, address: verp }],
          bounce: { recipients: [{ address: 'kim@customer.test', ...gone }], originalMessageId: null },
        }
      },
      at: 1,
    },
    {
      what: 'a bounce of a mail that is none of ours',
      rule: 'delivery-report',
      mail: () => ({ from: DAEMON, returnPath: '', bounce: { recipients: [], originalMessageId: 'x@y.test' } }),
    },
    {
      what: 'an out-of-office answer to the case',
      rule: 'automatic-answer',
      mail: () => ({ to: [desk.key(1, 'customer')], automatic: { kind: 'out-of-office', evidence: 'x' } }),
      at: 1,
    },
    {
      what: 'an out-of-office answer to nothing',
      rule: 'automatic-answer',
      mail: () => ({ automatic: { kind: 'out-of-office', evidence: 'x' } }),
    },
    {
      what: 'our own mail come back',
      rule: 'own-mail',
      mail: async () => ({ messageId: (await rowTo('kim@customer.test', 'comment-added')).message_id }),
    },
    { what: 'a command that merges', rule: 'agent-with-key', mail: () => byAnna(2, '#merge 1'), at: 2 },
    {
      what: 'an answer to the case that was merged',
      rule: 'member-of-case',
      mail: () => ({ to: [desk.key(2, 'customer')], reply: 'Også den.' }),
      at: 1,
    },
    {
      what: 'a participant who leaves',
      rule: 'leave-case',
      mail: async () => {
        await desk.take({ to: [desk.key(1, 'customer')], cc: [{ name: 'Pat', address: 'pat@customer.test' }] })
        const { person_id } = await desk.store.db
          .selectFrom('person_addresses')
          .selectAll()
          .where('address', '=', 'pat@customer.test')
          .executeTakeFirstOrThrow()
        const mailbox = { address: 'support@acme.test', plusAddress: true }
        const address = new URL(leaveLink(desk.ctx.policy.secrets, mailbox, 1, person_id)).pathname
        const from = { name: 'Pat', address: 'pat@customer.test' }
        return { from, to: [{ name: null, address }], subject: 'leave', reply: '', text: '' }
      },
      at: 1,
    },
    {
      what: 'somebody who ends a kind of mail',
      rule: 'stop-topic',
      mail: async () => {
        const { person_id } = await desk.store.db
          .selectFrom('person_addresses')
          .selectAll()
          .where('address', '=', 'pat@customer.test')
          .executeTakeFirstOrThrow()
        const key = stopKey(desk.ctx.policy.secrets, 'comments', person_id)
        const address = new URL(stopLink({ address: 'support@acme.test', plusAddress: true }, key)).pathname
        const from = { name: 'Pat', address: 'pat@customer.test' }
        return { from, to: [{ name: null, address }], subject: 'stop', reply: '', text: '' }
      },
    },
    { what: 'a command that closes', rule: 'agent-with-key', mail: () => byAnna(1, '#closed'), at: 1 },
    {
      what: 'an answer to a closed case',
      rule: 'closed-case',
      mail: () => ({ to: [desk.key(1, 'customer')], reply: 'Igen!' }),
      at: 4,
    },
    {
      what: 'spam',
      rule: 'spam',
      mail: () => ({ from: MALLORY, subject: 'Køb', headers: [{ name: 'x-spam-flag', value: 'YES' }] }),
      at: 5,
    },
    {
      what: 'spam that is held',
      rule: 'spam',
      before: () => configure({ filters: { rules: [], spam: 'hold' } }),
      mail: () => ({ from: MALLORY, subject: 'Køb nu', headers: [{ name: 'x-spam-flag', value: 'YES' }] }),
      at: 6,
    },
    {
      what: 'an expired key',
      rule: 'expired-key',
      before: () => configure({ keyDays: 30 }),
      mail: () => {
        const made = desk.world.now() - 40 * DAY
        const address = replyAddress(desk.ctx.policy.secrets, 'support@acme.test', 4, 'customer', made)
        return { to: [{ name: null, address }], reply: 'Er I der?' }
      },
      at: 4,
    },
    { what: 'a guessed number', rule: 'new-case', mail: () => ({ from: MALLORY, subject: 'Re: [#1] Hej' }), at: 7 },
  ]

  it('agrees with what intake does with mails that point at cases', async () => {
    for (const { what, rule, mail, at, before } of STORY) {
      before?.()
      const { told, done } = await compare(desk.mail(await mail()), what)
      expect(told.judgement.rules.at(-1)?.rule, what).toBe(rule)
      const it = done.caseId ? await findCase(desk.store.db, done.caseId) : null
      expect(it?.number, what).toBe(at)
    }
  })

  it('agrees about a blind copy, when it is told the mailbox that it came in by', async () => {
    const { policy } = desk.ctx
    const [support] = policy.mailboxes
    if (!support) throw new Error('there is no mailbox')
    const sales = { ...support, name: 'sales', address: 'sales@acme.test', trust: { ...support.trust } }
    sales.trust = { authservId: 'mx.acme.test', check: 'server', agents: 'verified' }
    configure({ mailboxes: [support, sales] })
    const mail = desk.mail({ from: ANNA, to: [desk.key(1, 'agent')], headers: [] })
    await desk.take({})
    if (mail.parsed.kind !== 'message') throw new Error('unreachable')
    const { message } = mail.parsed
    const told = await explain(desk.ctx, message, mail.identity, { mailbox: sales })
    const elsewhere = await explain(desk.ctx, message, mail.identity)
    const [done] = await desk.takeAll([{ ...mail, place: { ...mail.place, mailbox: 'sales' } }])
    expect(told.judgement.decision.kind).toBe('hold')
    expect({ decision: told.judgement.decision.kind, reason: told.judgement.reason }).toEqual({
      decision: done?.decision,
      reason: done?.reason,
    })
    expect(elsewhere.judgement.decision.kind).not.toBe('hold')
  })

  it('takes nothing in, whatever it explains', async () => {
    await desk.take({})
    const rows = async () => ({ outbox: await desk.outbox(), case: await desk.show(1) })
    const before = await rows()
    const { identity, parsed } = desk.mail({ to: [desk.key(1, 'customer')] })
    if (parsed.kind === 'message') await explain(desk.ctx, parsed.message, identity)
    expect(await rows()).toEqual(before)
  })

  it('says of a mail that was taken in before what became of it, and intake makes nothing of it', async () => {
    const mail = desk.mail({})
    await desk.takeAll([mail])
    if (mail.parsed.kind !== 'message') throw new Error('unreachable')
    const told = await explain(desk.ctx, mail.parsed.message, mail.identity)
    expect(told.caseNumber).toBe(1)
    expect(told.judgement).toMatchObject({
      decision: { kind: 'ignore' },
      reason: "this mail was taken in before, as 'open'",
      rules: [{ rule: 'taken-before', applied: true }],
    })
    const again = { ...mail, place: { ...mail.place, uid: 99 } }
    expect(await desk.takeAll([again])).toMatchObject([{ decision: 'duplicate' }])
    await expect(desk.show(2)).rejects.toThrow()
  })
})
