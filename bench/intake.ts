import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { ImapFlow } from 'imapflow'
import { MailParser } from 'mailparser'
import { tokenStore } from '../src/app.ts'
import { syncAgents } from '../src/cases/sync-agents.ts'
import type { MailboxConfig } from '../src/config/config.ts'
import { trustPolicy } from '../src/config/trust.ts'
import { quietLog } from '../src/core/log.ts'
import { realWorld } from '../src/core/world.ts'
import { makeIntake } from '../src/intake.ts'
import type { Intake } from '../src/mailbox/intake.ts'
import { watchMailbox } from '../src/mailbox/watch.ts'
import { openParserPool } from '../src/message/pool.ts'
import { BUDGET_DEFAULTS } from '../src/model/policy.ts'
import { migrate } from '../src/store/migrate.ts'
import { openStore, type Store } from '../src/store/open.ts'
import { mailServers } from '../test/support/mail-servers.ts'
import { makeMails } from './mails.ts'
import { cpu, type Figure } from './measure.ts'

const COUNT = Number(process.env.BENCH_MAILS ?? 2_000)
const GROUP = 50
const AGENTS = 2
/** Mails before the measured ones, for both sides: what is measured is not the compiler. */
const WARM_UP = 300

/**
 * Intake of 2,000 mixed mails from a real IMAP server into SQLite, outbox rows included, against the bare library stages added
 * up: ImapFlow in ranges, MailParser with its skip options, raw better-sqlite3 in groups of 50 with as many rows. CPU of all
 * threads of this process; the IMAP server is another process where Dovecot is installed.
 */
export async function benchIntake(): Promise<Figure[]> {
  const kind = mailServers.at(-1)
  if (!kind) throw new Error('there is no IMAP server')
  const server = await kind.start()
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
  try {
    const mails = makeMails(COUNT + WARM_UP)
    const users = [server.newUser(), server.newUser()] as const
    await server.append(
      users[0],
      'INBOX',
      mails.slice(0, WARM_UP).map((mail) => mail.raw),
    )
    await server.append(
      users[1],
      'INBOX',
      mails.slice(WARM_UP).map((mail) => mail.raw),
    )
    const { host, port } = server.imap(users[1])
    await parseBare(mails.slice(0, WARM_UP).map((mail) => mail.raw))
    const fetched = await cpu(async () => await fetchBare(host, port, users[1]))
    const parsed = await cpu(async () => await parseBare(fetched.value))
    const whole = await takeIn(
      folder,
      users.map((user, i) => ({ ...mailboxConfig(`support${i}`), imap: server.imap(user) })),
    )
    const stored = { ms: await storeBare(folder) }
    const bare = fetched.ms + parsed.ms + stored.ms
    return [
      { name: `intake, CPU a mail (${kind.name})`, value: whole / COUNT, unit: 'ms' },
      {
        name: 'bare stages: fetch, parse, store',
        value: bare / COUNT,
        unit: 'ms',
        note: [fetched, parsed, stored].map((it) => (it.ms / COUNT).toFixed(3)).join(' + '),
      },
      { name: 'intake against the bare stages', value: whole / bare, unit: 'times', most: 1.5 },
    ]
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Both mailboxes one after the other; the CPU of the second, by which time everything is compiled. */
async function takeIn(folder: string, mailboxes: MailboxConfig[]): Promise<number> {
  const store = await openStore({ engine: 'sqlite', path: join(folder, 'posthorn.db') }, folder, quietLog)
  await migrate(store)
  const ctx = {
    store,
    world: realWorld,
    policy: {
      secrets: ['the benchmark signs with this and nothing else'] as const,
      mailboxes: mailboxes.map((mailbox) => ({ ...mailbox, trust: trustPolicy(mailbox.trust, null) })),
      budgets: BUDGET_DEFAULTS,
    },
  }
  await syncAgents(
    ctx,
    Array.from({ length: AGENTS }, (_, i) => ({
      name: `Agent ${i}`,
      email: `agent${i}@private.test`,
      language: 'da' as const,
    })),
  )
  const pool = await openParserPool({
    threads: 1,
    parseSeconds: 20,
    parseMemory: 512 * 1_048_576,
    spoolFolder: join(folder, 'parser'),
    inlineLimit: 262_144,
  })
  const intake = makeIntake({
    ctx,
    pool,
    log: quietLog,
    limits: { attempts: 3, mailSize: 40_000_000 },
    committed: () => undefined,
  })
  let used = 0
  for (const mailbox of mailboxes)
    used = (await cpu(async () => await takeMailbox(mailbox, intake, { store, folder }))).ms
  const { n } = await store.db
    .selectFrom('mails')
    .select((eb) => eb.fn.countAll().as('n'))
    .executeTakeFirstOrThrow()
  if (Number(n) !== COUNT + WARM_UP) throw new Error(`${n} of ${COUNT + WARM_UP} mails were taken in`)
  await pool.close()
  await store.close()
  return used
}

/** Watches a mailbox until all that is in it has been taken in. */
async function takeMailbox(
  mailbox: MailboxConfig,
  intake: Intake,
  { store, folder }: { store: Store; folder: string },
): Promise<void> {
  const stopping = new AbortController()
  const whole = Promise.withResolvers<void>()
  const looked = async (...args: Parameters<Intake['looked']>) => {
    await intake.looked(...args)
    whole.resolve()
  }
  const deps = {
    intake: { ...intake, looked },
    tokens: tokenStore(store, realWorld),
    world: realWorld,
    log: quietLog,
    mailSize: 40_000_000,
    spoolFolder: folder,
  }
  const watching = watchMailbox(mailbox, deps, stopping.signal)
  await whole.promise
  stopping.abort()
  await watching
}

async function fetchBare(host: string, port: number, user: string): Promise<Buffer[]> {
  const client = new ImapFlow({
    host,
    port,
    secure: false,
    doSTARTTLS: false,
    logger: false,
    disableAutoEnable: true,
    disableAutoIdle: true,
    auth: { user, pass: 'secret' },
  })
  await client.connect()
  await client.mailboxOpen('INBOX')
  const sources: Buffer[] = []
  for (let from = 1; from <= COUNT; from += GROUP) {
    const range = await client.fetchAll(`${from}:${from + GROUP - 1}`, { uid: true, source: true })
    for (const { source } of range) if (source) sources.push(source)
  }
  await client.logout()
  return sources
}

interface BareMail {
  text: string
  attachments: { sha256: string; content: Buffer }[]
}

async function parseBare(sources: Buffer[]): Promise<BareMail[]> {
  const parsed: BareMail[] = []
  for (const source of sources) parsed.push(await parseOne(source))
  return parsed
}

async function parseOne(source: Buffer): Promise<BareMail> {
  const parser = new MailParser({
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    skipTextLinks: true,
  })
  const mail: BareMail = { text: '', attachments: [] }
  return await new Promise((resolve, reject) => {
    parser.on('data', (data) => {
      if (data.type === 'text') mail.text = data.text ?? ''
      else if (data.type === 'attachment') collect(data, mail)
    })
    parser.on('error', reject)
    parser.on('end', () => resolve(mail))
    parser.end(source)
  })
}

function collect(data: { content: NodeJS.ReadableStream; release(): void }, mail: BareMail): void {
  const chunks: Buffer[] = []
  const hash = createHash('sha256')
  data.content.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    chunks.push(chunk)
  })
  data.content.on('end', () => {
    mail.attachments.push({ sha256: hash.digest('hex'), content: Buffer.concat(chunks) })
    data.release()
  })
}

/** The very rows that intake wrote, into a database made by the same migrations, with prepared statements and nothing else. */
async function storeBare(folder: string): Promise<number> {
  const path = join(folder, 'bare.db')
  const made = await openStore({ engine: 'sqlite', path }, folder, quietLog)
  await migrate(made)
  await made.close()
  const from = new Database(join(folder, 'posthorn.db'), { readonly: true })
  const tables = TABLES.map((name) => ({
    name,
    rows: from.prepare(`select * from ${name} order by rowid`).raw().all() as unknown[][],
  }))
  from.close()
  const db = new Database(path)
  db.pragma('journal_mode = wal')
  db.pragma('synchronous = full')
  db.pragma('cache_size = -32768')
  // The groups cut across parents and children.
  db.pragma('foreign_keys = off')
  const groups = Math.ceil((COUNT + WARM_UP) / GROUP)
  const inserts = tables.map(({ name, rows }) => ({
    rows,
    each: Math.ceil(rows.length / groups),
    statement: db.prepare(`insert or replace into ${name} values (${rows[0]?.map(() => '?').join()})`),
  }))
  const { ms } = await cpu(() => {
    for (let group = 0; group < groups; group++) {
      db.transaction(() => {
        for (const { rows, each, statement } of inserts)
          for (const row of rows.slice(group * each, (group + 1) * each)) statement.run(...row)
      })()
    }
  })
  db.close()
  return (ms * COUNT) / (COUNT + WARM_UP)
}

/** Those that intake fills, parents first. */
const TABLES = [
  'people',
  'person_addresses',
  'cases',
  'blobs',
  'mails',
  'comments',
  'change_log',
  'ledger',
  'message_ids',
  'attachments',
  'outbox',
]

function mailboxConfig(name: string): Omit<MailboxConfig, 'imap'> {
  return {
    name,
    address: 'support@acme.test',
    folder: 'INBOX',
    after: { kind: 'leave' },
    language: 'da',
    brand: 'Acme',
    plusAddress: true,
    verp: true,
    pollSeconds: 60,
    defaults: { product: null, category: null },
    participants: { policy: 'same-organisation', most: 10 },
    trust: { authservId: null, check: null, agents: null },
  }
}
