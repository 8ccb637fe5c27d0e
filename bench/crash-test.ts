import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { startImapServer } from '../src/sandbox/imap-server.ts'
import { startSmtpServer } from '../src/sandbox/smtp-server.ts'
import { makeMails, mulberry } from './mails.ts'

/**
 * `npm run crash-test [-- KILLS MAILS SEED]`: kills the program with SIGKILL at random moments while it takes mails in and
 * sends their notices, then lets it finish and counts: every mail has exactly one case or comment, no outbox row is lost, and a
 * mail that was sent twice carries the same Message-ID. Exit status 0 when all of that holds.
 */
const [kills = 200, count = 300, seed = 1] = process.argv.slice(2).map(Number)
const AGENTS = ['anna@acme.test', 'bo@acme.test']

const folder = await mkdtemp(join(tmpdir(), 'posthorn-crash-'))
const random = mulberry(seed)
const mails = makeMails(count, seed, { replies: 0.4, attachments: 0.05 })
const imap = await startImapServer({
  users: [{ user: 'support@acme.test', password: 'sandbox', address: 'support@acme.test' }],
})
const smtp = await startSmtpServer()
const config = join(folder, 'posthorn.yaml')
await writeFile(config, configText())

const started = Date.now()
await killOften()
await finish()
const verdict = judge()
report(verdict)
await imap.close()
await smtp.close()
await rm(folder, { recursive: true, force: true })
process.exit(verdict.wrong.length === 0 ? 0 : 1)

/** Mails arrive bit by bit over the first three quarters of the lives, so that every life has something to do. */
async function killOften(): Promise<void> {
  let given = 0
  for (let life = 1; life <= kills; life++) {
    const until = Math.min(count, Math.ceil((count * life) / (kills * 0.75)))
    const child = start()
    await firstLine(child)
    for (; given < until; given++) imap.append('support@acme.test', 'INBOX', mails[given]?.raw ?? '')
    await wait(Math.floor(random() * 1_200))
    child.kill('SIGKILL')
    await once(child, 'exit')
    if (life % 20 === 0) process.stderr.write(`${life} kills, ${given} mails given, ${smtp.mails.length} sent\n`)
  }
}

/** The last life is left alone until everything that is due has been sent. */
async function finish(): Promise<void> {
  const child = start()
  const deadline = Date.now() + 180_000
  while (Date.now() < deadline && !settled()) await wait(200)
  child.kill('SIGTERM')
  await once(child, 'exit')
}

function start(): ChildProcess {
  return spawn(process.execPath, ['src/main.ts', 'start', '--config', config], { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** The first line of its log: from here on it may be killed at any moment. */
async function firstLine(child: ChildProcess): Promise<void> {
  if (child.stderr) await Promise.race([once(child.stderr, 'data'), once(child, 'exit')])
  child.stderr?.resume()
}

function query<T>(sql: string): T[] {
  const db = new Database(join(folder, 'posthorn.db'), { readonly: true })
  try {
    return db.prepare(sql).all() as T[]
  } finally {
    db.close()
  }
}

function settled(): boolean {
  const [row] = query<{ mails: number; due: number }>(
    "select (select count(*) from mails) as mails, (select count(*) from outbox where status in ('waiting', 'sending')) as due",
  )
  return row?.mails === count && row.due === 0
}

interface Verdict {
  mails: number
  cases: number
  comments: number
  rows: number
  sent: number
  sentAgain: number
  wrong: string[]
}

function judge(): Verdict {
  const wrong: string[] = []
  const opened = query<{ message_id: string; n: number }>(
    'select mails.message_id, count(*) as n from mails join cases on cases.id = mails.case_id where mails.comment_id is null group by mails.message_id',
  )
  const commented = query<{ message_id: string; n: number }>(
    'select message_id, count(*) as n from comments group by message_id',
  )
  const times = new Map<string, number>()
  for (const { message_id, n } of [...opened, ...commented]) times.set(message_id, (times.get(message_id) ?? 0) + n)
  for (const mail of mails)
    if (times.get(mail.messageId) !== 1)
      wrong.push(`${mail.messageId} became ${times.get(mail.messageId) ?? 0} cases or comments`)
  wrong.push(...judgeCases(opened.length))
  const rows = query<{ id: string; status: string; message_id: string; to_address: string }>(
    'select id, status, message_id, to_address from outbox',
  )
  const deliveries = new Map<string, number>()
  for (const { raw } of smtp.mails) {
    const id = /^message-id:\s*<([^>]+)>/im.exec(raw.toString('latin1'))?.[1] ?? ''
    deliveries.set(id, (deliveries.get(id) ?? 0) + 1)
  }
  for (const row of rows) {
    if (row.status !== 'sent') wrong.push(`outbox row ${row.id} is ${row.status}`)
    if (!deliveries.has(row.message_id)) wrong.push(`outbox row ${row.id} never arrived`)
  }
  const known = new Set(rows.map((row) => row.message_id))
  for (const id of deliveries.keys()) if (!known.has(id)) wrong.push(`a mail ${id} was sent that no row knows`)
  const sentAgain = [...deliveries.values()].reduce((sum, n) => sum + n - 1, 0)
  return {
    mails: mails.length,
    cases: opened.length,
    comments: commented.length,
    rows: rows.length,
    sent: smtp.mails.length,
    sentAgain,
    wrong,
  }
}

/** Every case has the rows that its opening and its comments should have caused: none was lost. */
function judgeCases(cases: number): string[] {
  const [counts] = query<{ cases: number; comments: number; rows: number }>(
    'select (select count(*) from cases) as cases, (select count(*) from comments) as comments, (select count(*) from outbox) as rows',
  )
  const expected = cases * (1 + AGENTS.length) + (counts?.comments ?? 0) * AGENTS.length
  const wrong = counts?.cases === cases ? [] : [`${counts?.cases} cases for ${cases} opening mails`]
  return counts?.rows === expected ? wrong : [...wrong, `${counts?.rows} outbox rows where ${expected} are expected`]
}

function report(verdict: Verdict): void {
  const { wrong, ...figures } = verdict
  process.stdout.write(
    `${JSON.stringify({ kills, seconds: Math.round((Date.now() - started) / 1000), ...figures, wrong: wrong.length })}\n`,
  )
  for (const line of wrong.slice(0, 40)) process.stdout.write(`${line}\n`)
}

function configText(): string {
  return JSON.stringify({
    database: `sqlite:${join(folder, 'posthorn.db')}`,
    secret: 'the crash test signs with this and nothing else',
    mailboxes: [
      {
        name: 'support',
        address: 'support@acme.test',
        language: 'da',
        brand: 'Acme',
        pollSeconds: 5,
        after: { move: 'Processed' },
        imap: { host: imap.host, port: imap.port, tls: 'none', user: 'support@acme.test', password: 'sandbox' },
      },
    ],
    smtp: { host: smtp.host, port: smtp.port, tls: 'none' },
    brands: [{ name: 'Acme', fromName: 'Acme Support', signature: 'Acme', supportContact: 'support@acme.test' }],
    agents: AGENTS.map((email) => ({ name: email.split('@')[0], email })),
  })
}
