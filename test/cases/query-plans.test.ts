import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { explain } from '../../src/cases/explain.ts'
import type { Message } from '../../src/message/message.ts'
import { bounceAddress, leaveLink, stopKey } from '../../src/model/thread-key.ts'
import type { TestStore } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'
import { type Query, watchedStore } from '../support/queries.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }
const PAT = { name: 'Pat', address: 'pat@customer.test' }
const SUPPORT = { name: null, address: 'support@acme.test' }

/** What is no table: the rows of the statement itself. */
const SMALL = /^SCAN (?:CONSTANT ROW|\d+-ROW VALUES CLAUSE)/

describe('the queries of a mail', () => {
  let desk: HelpDesk
  let queries: Query[]
  beforeEach(async () => {
    desk = await openHelpDesk('sqlite')
    queries = []
    desk.ctx.store = watchedStore(desk.store, (query) => queries.push(query))
    await desk.take({ messageId: 'kim-1@customer.test', cc: [PAT] })
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: 'Prøv igen.' })
    await desk.store.db.updateTable('outbox').set({ status: 'sent', attempts: 1 }).execute()
    queries.length = 0
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const verp = async (): Promise<string> => {
    const rows = desk.store.db.selectFrom('outbox').selectAll().where('kind', '=', 'comment-added')
    const { id } = await rows.where('to_address', '=', 'kim@customer.test').executeTakeFirstOrThrow()
    return bounceAddress(desk.ctx.policy.secrets, SUPPORT.address, id) ?? ''
  }
  const gone = {
    recipients: [
      { address: 'kim@customer.test', action: 'failed', status: '5.1.1', permanent: true, diagnostic: 'no such user' },
    ],
    originalMessageId: null,
  } as const
  const leaving = async (): Promise<string> => {
    const rows = desk.store.db.selectFrom('person_addresses').selectAll().where('address', '=', PAT.address)
    const { person_id } = await rows.executeTakeFirstOrThrow()
    return new URL(leaveLink(desk.ctx.policy.secrets, { ...SUPPORT, plusAddress: true }, 1, person_id)).pathname
  }

  /** `count`: how many queries explain makes; intake looks for the mail itself once a batch. */
  const SHAPES: [string, number, () => Partial<Message> | Promise<Partial<Message>>][] = [
    ['a new mail', 3, () => ({})],
    ['an answer with the key', 6, () => ({ to: [desk.key(1, 'customer')], reply: 'Nej.' })],
    [
      'an answer to a known mail',
      7,
      () => ({ inReplyTo: ['kim-1@customer.test'], references: ['kim-1@customer.test'] }),
    ],
    ['a stranger with the key', 5, () => ({ from: MALLORY, to: [desk.key(1, 'customer')] })],
    ["an agent's answer", 6, () => ({ from: ANNA, to: [desk.key(1, 'agent')], reply: 'Og nu?' })],
    [
      "an agent's commands",
      11,
      () => ({ from: ANNA, to: [desk.key(1, 'agent')], reply: '#assign bo\n#tag x\n#merge 1\n#undo\n#split' }),
    ],
    [
      'a bounce',
      6,
      async () => ({
        from: null,
        returnPath: '',
        to: [{ name: null, address: await verp() }],
        bounce: { ...gone, recipients: [...gone.recipients] },
      }),
    ],
    [
      'somebody who leaves',
      6,
      async () => ({
        from: PAT,
        to: [{ name: null, address: await leaving() }],
        subject: 'leave',
        reply: '',
        text: '',
      }),
    ],
    [
      'somebody who ends a kind of mail',
      4,
      async () => {
        const rows = desk.store.db.selectFrom('person_addresses').selectAll().where('address', '=', PAT.address)
        const { person_id } = await rows.executeTakeFirstOrThrow()
        return { from: PAT, subject: `stop ${stopKey(desk.ctx.policy.secrets, 'comments', person_id)}`, reply: '' }
      },
    ],
  ]

  it.each(SHAPES)(
    'of %s: explain makes %i, and each that intake makes finds its rows by an index',
    async (_, count, over) => {
      const mail = desk.mail(await over())
      if (mail.parsed.kind !== 'message') throw new Error('unreachable')
      await explain(desk.ctx, mail.parsed.message, mail.identity)
      const asked = queries.length
      await desk.takeAll([mail])
      expect(queries.length).toBeGreaterThan(asked + 5)
      expect(plansThatScan(desk.store, queries)).toEqual([])
      expect(asked).toBe(count)
    },
  )

  it('are as many for an answer to 1,000 unknown mails as to one', async () => {
    const count = async (references: string[]) => {
      const mail = desk.mail({ references })
      queries.length = 0
      if (mail.parsed.kind === 'message') await explain(desk.ctx, mail.parsed.message, mail.identity)
      return queries.length
    }
    const unknown = (many: number) => Array.from({ length: many }, (_, n) => `old-${n}@customer.test`)
    expect(await count(unknown(1_000))).toBe(await count(unknown(1)))
  })

  it('would be found out if they looked through a table', async () => {
    await desk.ctx.store.db.selectFrom('cases').selectAll().where('title', '=', 'x').execute()
    expect(plansThatScan(desk.store, queries)).toEqual([expect.stringContaining('SCAN cases')])
  })
})

function plansThatScan({ config }: TestStore, queries: Query[]): string[] {
  if (config.engine !== 'sqlite') throw new Error('plans are read on SQLite')
  const database = new Database(config.path, { readonly: true })
  const found = queries.flatMap(({ sql, parameters }) => {
    const steps = database.prepare<unknown[], { detail: string }>(`explain query plan ${sql}`).all(...parameters)
    return steps
      .filter(({ detail }) => /^SCAN/.test(detail) && !SMALL.test(detail))
      .map(({ detail }) => `${detail}: ${sql}`)
  })
  database.close()
  return [...new Set(found)]
}
