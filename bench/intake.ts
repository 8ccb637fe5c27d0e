import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { ImapFlow } from 'imapflow'
import { MailParser } from 'mailparser'
import { tokenStore } from '../src/app.ts'
import { syncAgents } from '../src/cases/sync-agents.ts'
import type { MailboxConfig } from '../src/config/config.ts'
import { quietLog } from '../src/core/log.ts'
import { realWorld } from '../src/core/world.ts'
import { makeIntake } from '../src/intake.ts'
import { watchMailbox } from '../src/mailbox/watch.ts'
import { openParserPool } from '../src/message/pool.ts'
import { migrate } from '../src/store/migrate.ts'
import { openStore } from '../src/store/open.ts'
import { mailServers } from '../test/support/mail-servers.ts'
import { type MadeMail, makeMails } from './mails.ts'
import { cpu, type Figure } from './measure.ts'

const COUNT = 2_000
const GROUP = 50
const AGENTS = 2

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
    const user = server.newUser()
    const mails = makeMails(COUNT)
    await server.append(
      user,
      'INBOX',
      mails.map((mail) => mail.raw),
    )
    const { host, port } = server.imap(user)
    const fetched = await cpu(async () => await fetchBare(host, port, user))
    const parsed = await cpu(async () => await parseBare(fetched.value))
    const stored = await cpu(async () => storeBare(join(folder, 'bare.db'), mails, parsed.value))
    const bare = fetched.ms + parsed.ms + stored.ms
    const whole = await takeIn(folder, { ...mailboxConfig(), imap: server.imap(user) })
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

async function takeIn(folder: string, mailbox: MailboxConfig): Promise<number> {
  const store = await openStore({ engine: 'sqlite', path: join(folder, 'posthorn.db') }, folder, quietLog)
  await migrate(store)
  const ctx = {
    store,
    world: realWorld,
    policy: { secrets: ['the benchmark signs with this and nothing else'] as const, mailboxes: [mailbox] },
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
  const stopping = new AbortController()
  const intake = makeIntake({
    ctx,
    pool,
    log: quietLog,
    limits: { attempts: 3, mailSize: 40_000_000 },
    committed: () => undefined,
  })
  const whole = Promise.withResolvers<void>()
  const looked = {
    ...intake,
    looked: async (...args: Parameters<typeof intake.looked>) => {
      await intake.looked(...args)
      whole.resolve()
    },
  }
  const used = await cpu(async () => {
    const watching = watchMailbox(
      mailbox,
      {
        intake: looked,
        tokens: tokenStore(store, realWorld),
        world: realWorld,
        log: quietLog,
        mailSize: 40_000_000,
        spoolFolder: folder,
      },
      stopping.signal,
    )
    await whole.promise
    stopping.abort()
    await watching
  })
  const { n } = await store.db
    .selectFrom('mails')
    .select((eb) => eb.fn.countAll().as('n'))
    .executeTakeFirstOrThrow()
  if (Number(n) !== COUNT) throw new Error(`${n} of ${COUNT} mails were taken in`)
  await pool.close()
  await store.close()
  return used.ms
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

/** As many rows and bytes as intake writes, with prepared statements and nothing else. */
function storeBare(path: string, mails: MadeMail[], parsed: BareMail[]): void {
  const db = new Database(path)
  db.pragma('journal_mode = wal')
  db.pragma('synchronous = full')
  db.exec(
    'create table blobs (sha256 text primary key, size integer, content blob); create table rows (id text primary key, kind text, a text, b text, c text)',
  )
  const blob = db.prepare('insert into blobs values (?, ?, ?) on conflict do nothing')
  const row = db.prepare('insert into rows values (?, ?, ?, ?, ?)')
  const kinds = ['ledger', 'mail', 'case', 'change', 'message-id', 'outbox', 'outbox', 'outbox']
  for (let from = 0; from < mails.length; from += GROUP) {
    db.transaction(() => {
      for (let i = from; i < Math.min(from + GROUP, mails.length); i++) {
        const raw = mails[i]?.raw ?? Buffer.alloc(0)
        blob.run(createHash('sha256').update(raw).digest('hex'), raw.length, raw)
        for (const it of parsed[i]?.attachments ?? []) blob.run(it.sha256, it.content.length, it.content)
        for (const kind of kinds)
          row.run(randomUUID(), kind, parsed[i]?.text ?? '', mails[i]?.messageId, mails[i]?.from)
      }
    })()
  }
  db.close()
}

function mailboxConfig(): Omit<MailboxConfig, 'imap'> {
  return {
    name: 'support',
    address: 'support@acme.test',
    folder: 'INBOX',
    after: { kind: 'leave' },
    language: 'da',
    brand: 'Acme',
    plusAddress: true,
    pollSeconds: 60,
    defaults: { product: null, category: null },
  }
}
