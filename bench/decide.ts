import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { CasePolicy } from '../src/cases/context.ts'
import { gatherFacts } from '../src/cases/gather-facts.ts'
import { quietLog } from '../src/core/log.ts'
import type { Facts } from '../src/decision/facts.ts'
import { decide } from '../src/decision/rules.ts'
import type { Message } from '../src/message/message.ts'
import { BUDGET_DEFAULTS } from '../src/model/policy.ts'
import { bounceAddress, ownMessageId, replyAddress } from '../src/model/thread-key.ts'
import { migrate } from '../src/store/migrate.ts'
import { openStore, type Store } from '../src/store/open.ts'
import type { Db } from '../src/store/schema.ts'
import { makeMessage } from '../test/support/messages.ts'
import { watched } from '../test/support/queries.ts'
import { cpu, type Figure } from './measure.ts'

const FEW = 10_000
const MANY = Number(process.env.BENCH_CASES ?? 1_000_000)
const MAILS = 1_000
const ROUNDS = 7
const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const AT = '2026-11-20T10:00:00.000Z'

const SUPPORT = 'support@acme.test'
const policy: CasePolicy = {
  budgets: BUDGET_DEFAULTS,
  secrets: ['the benchmark signs with this and nothing else'],
  mailboxes: [
    {
      name: 'support',
      address: SUPPORT,
      language: 'da',
      defaults: { product: null, category: null },
      participants: { policy: 'same-organisation', most: 10 },
      trust: { authservId: null, check: 'none', agents: 'plausible' },
    },
  ],
}

/**
 * What deciding costs in CPU a mail: the rules alone, and with the facts that they need out of a store of 10 thousand and of
 * 1 million cases. Mails point at cases all over the store, the two stores take turns, and of the rounds the best one counts.
 */
export async function benchDecide(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
  try {
    const [few, many] = [await fill(join(folder, 'few'), FEW), await fill(join(folder, 'many'), MANY)]
    const [inFew, inMany] = await compare(few, many)
    const rules = await rulesAlone(many)
    const queries = { few: await countQueries(few), many: await countQueries(many) }
    await few.store.close()
    await many.store.close()
    const note = Object.entries(queries.many).map(([shape, count]) => `${shape} ${count}`)
    const differ = Object.keys(queries.few).filter((shape) => queries.few[shape] !== queries.many[shape])
    return [
      { name: 'deciding, rules alone, CPU a mail', value: rules, unit: 'ms', most: 0.2 },
      { name: `deciding with facts, ${FEW} cases`, value: inFew, unit: 'ms' },
      { name: `deciding with facts, ${MANY} cases`, value: inMany, unit: 'ms' },
      { name: `deciding with ${MANY} against ${FEW} cases`, value: inMany / inFew, unit: 'times', most: 1.2 },
      {
        name: 'queries a mail, most of any shape',
        value: Math.max(...Object.values(queries.many)),
        unit: 'times',
        most: 10,
        note: note.join(', '),
      },
      { name: 'shapes that cost other queries among more cases', value: differ.length, unit: 'times', most: 0 },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Filled {
  store: Store
  mails: Message[]
}

/** CPU a mail of gathering and deciding, in milliseconds, in each of the two. */
async function compare(few: Filled, many: Filled): Promise<[number, number]> {
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, side] of [few, many].entries()) {
      const { ms } = await cpu(async () => await gatherAndDecide(side))
      // The first round is the compiler's.
      if (round > 0) best[index] = Math.min(best[index] ?? ms, ms / MAILS)
    }
  }
  return [best[0] ?? 0, best[1] ?? 0]
}

async function gatherAndDecide({ store, mails }: Filled): Promise<void> {
  await store.transaction(async (tx) => {
    for (const mail of mails) decide(mail, await factsOf(tx, mail))
  })
}

async function rulesAlone({ store, mails }: Filled): Promise<number> {
  const known: Facts[] = []
  for (const mail of mails) known.push(await factsOf(store.db, mail))
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round += 1) {
    const { ms } = await cpu(() => {
      for (const [index, mail] of mails.entries()) {
        const facts = known[index]
        if (facts) decide(mail, facts)
      }
    })
    best = Math.min(best, ms / MAILS)
  }
  return best
}

/** The queries of one mail of each shape. */
async function countQueries({ store, mails }: Filled): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [index, [shape, rule]] of SHAPES.entries()) {
    const mail = mails[index]
    let count = 0
    const db = watched(store.db, () => {
      count += 1
    })
    if (!mail) throw new Error('there are fewer mails than shapes')
    const decided = decide(mail, await factsOf(db, mail)).rules.at(-1)?.rule
    if (decided !== rule) throw new Error(`'${shape}' is decided by ${decided}, not by ${rule}`)
    counts[shape] = count
  }
  return counts
}

async function factsOf(db: Db, mail: Message): Promise<Facts> {
  const [mailbox] = policy.mailboxes
  if (!mailbox) throw new Error('there is no mailbox')
  return await gatherFacts(db, policy, mailbox, mail, { now: NOW })
}

const kimOf = (n: number) => ({ name: `Kim ${n}`, address: `kim${n}@customer.test` })
const to = (address: string | null) => [{ name: null, address: address ?? SUPPORT }]
const keyOf = (n: number) => to(replyAddress(policy.secrets, SUPPORT, n, 'customer', NOW))
const STRANGER = { name: 'Lee', address: 'lee@elsewhere.test' }

/** The rule that decides, and what a mail about case `n` is like. */
const SHAPES: [string, string, (n: number) => Partial<Message>][] = [
  ['new', 'new-case', (n) => ({ from: { name: 'New', address: `new${n}@customer.test` } })],
  ['new of a known sender', 'new-case', (n) => ({ from: kimOf(n) })],
  ['reply by key', 'member-of-case', (n) => ({ from: kimOf(n), to: keyOf(n) })],
  [
    'reply to our Message-ID',
    'member-of-case',
    (n) => ({ from: kimOf(n), inReplyTo: [ownMessageId(policy.secrets, 'acme.test', n, rowId(n))] }),
  ],
  ['reply to a known Message-ID', 'member-of-case', (n) => ({ from: kimOf(n), inReplyTo: [`mail${n}@customer.test`] })],
  ['stranger with a key', 'stranger-with-key', (n) => ({ from: STRANGER, to: keyOf(n) })],
  [
    'bounce',
    'delivery-report',
    (n) => ({
      from: null,
      returnPath: '',
      to: to(bounceAddress(policy.secrets, SUPPORT, rowId(n))),
      bounce: {
        recipients: [{ ...kimOf(n), action: 'failed', status: '5.1.1', permanent: true, diagnostic: 'no such user' }],
        originalMessageId: null,
      },
    }),
  ],
]

/** Mails of all shapes in turns, each about another case; the steps are too large for a page to be met again. */
function mailsAbout(cases: number): Message[] {
  return Array.from({ length: MAILS }, (_, index) => {
    const [, , shape] = SHAPES[index % SHAPES.length] ?? []
    const n = 1 + ((index * 7_919) % cases)
    return makeMessage({ messageId: `bench-${index}@customer.test`, subject: `Sag ${n}`, ...shape?.(n) })
  })
}

/** A store with cases, one contact, opening Message-ID, comment and sent mail each. */
async function fill(folder: string, cases: number): Promise<Filled> {
  const path = join(folder, 'posthorn.db')
  const store = await openStore({ engine: 'sqlite', path }, folder, quietLog)
  await migrate(store)
  const database = new Database(path)
  database.pragma('foreign_keys = off')
  database.pragma('synchronous = off')
  database.transaction(() => insertAll(database, cases))()
  database.pragma('wal_checkpoint(truncate)')
  database.close()
  return { store, mails: mailsAbout(cases) }
}

const id = (kind: string, n: number) => `01k${kind}${String(n).padStart(22, '0')}`
const rowId = (n: number) => id('o', n)

function insertAll(database: Database.Database, cases: number): void {
  const tables = Object.entries(rowsOf(1)).map(([table, row]) => {
    const names = Object.keys(row)
    return {
      table,
      run: database.prepare(`insert into ${table} (${names.join()}) values (${names.map(() => '?').join()})`),
    }
  })
  for (let n = 1; n <= cases; n += 1) {
    const rows = rowsOf(n)
    for (const { table, run } of tables) run.run(...Object.values(rows[table] ?? {}))
  }
}

function rowsOf(n: number): Record<string, Record<string, string | number | null>> {
  const [person, it, comment] = [id('p', n), id('c', n), id('m', n)]
  const kim = kimOf(n)
  const common = { created_at: AT }
  return {
    people: { id: person, kind: 'contact', name: kim.name, ...common },
    person_addresses: { address: kim.address, person_id: person, is_primary: 1, ...common },
    cases: {
      id: it,
      number: n,
      title: `Sag ${n}`,
      description: 'Den virker ikke.',
      description_quoted: '',
      status: 'open',
      priority: 'normal',
      contact_id: person,
      mailbox: 'support',
      language: 'da',
      answer_by: 'email',
      updated_at: AT,
      ...common,
    },
    comments: {
      id: comment,
      case_id: it,
      position: 1,
      author_name: 'Anna Holm',
      author_address: 'anna@private.test',
      role: 'agent',
      visibility: 'public',
      channel: 'mail',
      text: 'Sluk og tænd.',
      quoted: '',
      signature: '',
      ...common,
    },
    message_ids: { message_id: `mail${n}@customer.test`, case_id: it, ...common },
    outbox: {
      id: rowId(n),
      kind: 'comment-added',
      case_id: it,
      comment_id: comment,
      to_address: kim.address,
      person_id: person,
      language: 'da',
      mailbox: 'support',
      data: '{}',
      message_id: ownMessageId(policy.secrets, 'acme.test', n, rowId(n)),
      status: 'sent',
      attempts: 1,
      next_attempt_at: AT,
      sent_at: AT,
      ...common,
    },
  }
}
