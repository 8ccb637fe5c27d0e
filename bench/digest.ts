import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { quietLog } from '../src/core/log.ts'
import { isoTime, realWorld } from '../src/core/world.ts'
import type { DigestContext } from '../src/digest/edition.ts'
import { runByHand } from '../src/digest/run.ts'
import { BUDGET_DEFAULTS } from '../src/model/policy.ts'
import { insertRows } from '../src/store/insert.ts'
import { migrate } from '../src/store/migrate.ts'
import { openStore, type Store } from '../src/store/open.ts'
import type { Db, Tables } from '../src/store/schema.ts'
import { cpu, type Figure } from './measure.ts'

const FEW = 1_000
const MANY = 10_000
/** Cases of each contact, with a comment each. */
const CASES = 2
const BATCH = 500
const DAY = 86_400_000

/** What the digest of 10,000 contacts keeps in memory at once, against that of 1,000; each in a process of its own. */
export async function benchDigest(): Promise<Figure[]> {
  const few = await measure(FEW)
  const many = await measure(MANY)
  return [
    {
      name: `live heap at its peak, digest for ${MANY} people against ${FEW}`,
      value: many.heap / few.heap,
      unit: 'times',
      most: 1.2,
      note: `${few.heap.toFixed(1)} and ${many.heap.toFixed(1)} MB; whole process ${few.rss.toFixed(0)} and ${many.rss.toFixed(0)} MB`,
    },
    { name: 'preparing a digest, for each person', value: many.ms / MANY, unit: 'ms', note: 'CPU, on SQLite' },
  ]
}

interface Measured {
  /** MB that are in use behind a page, at the most. */
  heap: number
  rss: number
  ms: number
}

async function measure(people: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
  try {
    const store = await open(folder)
    await migrate(store)
    await fill(store, people)
    await store.close()
    const child: ChildProcess = fork(import.meta.filename, [JSON.stringify({ folder, people })])
    const [measured] = await once(child, 'message')
    if (child.exitCode === null) await once(child, 'exit')
    return measured as Measured
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function open(folder: string): Promise<Store> {
  return await openStore({ engine: 'sqlite', path: join(folder, 'posthorn.db') }, folder, quietLog)
}

/** Contacts who want comments in a digest, with cases that something happened in since. */
async function fill(store: Store, count: number): Promise<void> {
  for (let first = 0; first < count; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) => first + index)
    await store.transaction(async (tx) => await insertContacts(tx, numbers))
  }
}

async function insertContacts(tx: Db, numbers: number[]): Promise<void> {
  const at = isoTime(realWorld.now() - DAY / 2)
  const people = numbers.map((number) => ({ id: realWorld.id(), number }))
  await insertRows(
    tx,
    'people',
    people.map(({ id, number }) => ({
      ...{ id, kind: 'contact', name: `Kim ${number}`, organisation_id: null, language: 'da' },
      ...{ created_at: at, time_zone: null },
    })) as Tables['people'][],
  )
  await insertRows(
    tx,
    'person_addresses',
    people.map(({ id, number }) => ({
      ...{ address: `kim${number}@customer.test`, person_id: id, is_primary: 1, created_at: at, verified_at: at },
    })),
  )
  await insertRows(
    tx,
    'notification_preferences',
    people.map(({ id }) => ({
      ...{ person_id: id, topic: 'comments', mailbox: '', mode: 'digest', was: null, stopped_with: null },
      updated_at: at,
    })) as Tables['notification_preferences'][],
  )
  const cases = people.flatMap(({ id, number }) =>
    Array.from({ length: CASES }, (_, index) => caseOf(id, number * CASES + index + 1, at)),
  )
  await insertRows(tx, 'cases', cases)
  await insertRows(
    tx,
    'comments',
    cases.map((it) => commentOf(it.id, at)),
  )
}

function caseOf(contactId: string, number: number, at: string): Tables['cases'] {
  const nothing = { product: null, category: null, routine: null, type: null, operating_system: null, version: null }
  const unsolved = { solution_text: null, solution_author_id: null, solution_at: null, solution_accepted: null }
  return {
    ...{ id: realWorld.id(), number, title: `Printeren på ${number}. sal`, description: 'Den virker ikke.' },
    ...{ description_quoted: '', status: 'open', priority: 'normal', contact_id: contactId, organisation_id: null },
    ...{ end_customer: null, assignee_id: null, mailbox: 'support', language: 'da', ...nothing, answer_by: 'email' },
    ...{ ...unsolved, follow_up_of: null, merged_into: null, created_at: at, updated_at: at },
  }
}

function commentOf(caseId: string, at: string): Tables['comments'] {
  return {
    ...{ id: realWorld.id(), case_id: caseId, position: 1, author_id: null, author_name: 'Anna Holm' },
    ...{ author_address: '', role: 'agent', visibility: 'public', channel: 'mail', text: 'Prøv igen.' },
    ...{ quoted: '', signature: '', message_id: null, mail_id: null, created_at: at },
  }
}

/** The measured process. */
async function run({ folder, people }: { folder: string; people: number }): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const store = await open(folder)
  let heap = 0
  let spent = 0
  const look = () => {
    const before = process.cpuUsage()
    collect()
    heap = Math.max(heap, process.memoryUsage().heapUsed / 1_048_576)
    const { user, system } = process.cpuUsage(before)
    spent += (user + system) / 1_000
  }
  const { value, ms } = await cpu(async () => await runByHand(contextOf(store), 'contacts', { committed: look }))
  if (value !== people) throw new Error(`${value} digests instead of ${people}`)
  await store.close()
  process.send?.({ heap, rss: process.resourceUsage().maxRSS / 1_024, ms: ms - spent } satisfies Measured)
  process.disconnect()
}

function contextOf(store: Store): DigestContext {
  const digests = { agents: true, contacts: true, articles: true }
  const mailboxes = [{ name: 'support', address: 'support@acme.test', language: 'da' as const }]
  return {
    store,
    world: realWorld,
    policy: { secrets: ['a secret of at least thirty-two characters'], mailboxes, budgets: BUDGET_DEFAULTS, digests },
    schedules: { agents: null, contacts: '0 8 * * *', articles: null },
    timeZone: 'Europe/Copenhagen',
  }
}

const job = process.argv[2]
if (process.send && job) await run(JSON.parse(job))
