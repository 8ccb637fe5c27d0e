import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { ImapFlow } from 'imapflow'
import { MailParser } from 'mailparser'
import { quietLog } from '../src/core/log.ts'
import { migrate } from '../src/store/migrate.ts'
import { openStore } from '../src/store/open.ts'
import { mailServers } from '../test/support/mail-servers.ts'
import { type BenchMailbox, startBenchApp, takenIn } from './bench-app.ts'
import { makeMails } from './mails.ts'
import { cpu, type Figure } from './measure.ts'

const COUNT = Number(process.env.BENCH_MAILS ?? 2_000)
const GROUP = 50
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
    const mails = makeMails(COUNT + WARM_UP).map((mail) => mail.raw)
    const user = server.newUser()
    await server.append(user, 'INBOX', mails)
    const { host, port } = server.imap(user)
    await parseBare(mails.slice(0, WARM_UP))
    const fetched = await cpu(async () => await fetchBare(host, port, user))
    const parsed = await cpu(async () => await parseBare(fetched.value))
    const whole = await takeIn(folder, { name: 'support', host, port, user })
    const stored = { ms: await storeBare(folder) }
    const stages = [fetched, parsed, stored].map(({ ms }) => ms / mails.length)
    const bare = stages.reduce((sum, ms) => sum + ms, 0)
    return [
      { name: `intake, CPU a mail (${kind.name})`, value: whole, unit: 'ms' },
      {
        name: 'bare stages: fetch, parse, store',
        value: bare,
        unit: 'ms',
        note: stages.map((ms) => ms.toFixed(3)).join(' + '),
      },
      { name: 'intake against the bare stages', value: whole / bare, unit: 'times', most: 1.5 },
    ]
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** CPU a mail, in milliseconds, from the end of the warm-up on: by then everything is compiled. */
async function takeIn(folder: string, mailbox: BenchMailbox): Promise<number> {
  const app = await startBenchApp(folder, [mailbox])
  const before = await takenIn(app, WARM_UP)
  const { ms } = await cpu(async () => await takenIn(app, WARM_UP + COUNT))
  await app.stop()
  return ms / (WARM_UP + COUNT - before)
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
  for (let from = 1; from <= COUNT + WARM_UP; from += GROUP) {
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
  return ms
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
