import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createTransport } from 'nodemailer'
import type { SmtpConfig } from '../src/config/config.ts'
import { makeLog, quietLog } from '../src/core/log.ts'
import { realWorld } from '../src/core/world.ts'
import { DELIVERY_DEFAULTS, startDelivery } from '../src/delivery/deliver.ts'
import { mimeChunks } from '../src/delivery/mime.ts'
import { type OutboxStore, outboxStore } from '../src/delivery/outbox-store.ts'
import { openTransport } from '../src/delivery/transport.ts'
import type { Notice } from '../src/model/notice.ts'
import { compose } from '../src/outbox/compose.ts'
import { migrate } from '../src/store/migrate.ts'
import { openStore, type Store } from '../src/store/open.ts'
import { composing, mailbox } from '../test/support/notices.ts'
import { cpu, type Figure } from './measure.ts'
import { writeRows } from './send-rows.ts'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5)
const SECRETS = ['the benchmark signs with this and nothing else'] as const
const CONNECTIONS = 5
/** Rounds before the measured ones, for both sides: what is measured is not the compiler. */
const WARM_UP = 4

/**
 * 1,000 notifications of 20 cases that are due in SQLite, until each is accepted and recorded as sent, against nodemailer
 * with the very same mails prebuilt ({ raw, envelope }) over the same pool, in alternating rounds of one run.
 *
 * Ours holds everything that happens between the row and the server: claiming, loading, composing, rendering, MIME, SMTP,
 * recording, and a line in the log for each mail. nodemailer holds SMTP alone: nothing of it is read or written. CPU is
 * that of all threads of this process; the server is another one. The median of the rounds counts.
 */
export async function benchSend(): Promise<Figure[]> {
  const server = fork(join(import.meta.dirname, 'smtp-child.ts'))
  const [port] = (await once(server, 'message')) as [number]
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
  const store = await openStore({ engine: 'sqlite', path: join(folder, 'posthorn.db') }, folder, quietLog)
  try {
    await migrate(store)
    const count = await writeRows(store, SECRETS)
    const post = await openPost(store, smtpOf(port), count)
    return figures(await alternate(post, store), count)
  } finally {
    await store.close()
    server.disconnect()
    rmSync(folder, { recursive: true, force: true })
  }
}

function smtpOf(port: number): SmtpConfig {
  return {
    ...{ host: '127.0.0.1', port, tls: 'none', allowSelfSigned: true, user: null, auth: null, dkim: null },
    ...{ connections: CONNECTIONS, perDomain: { connections: CONNECTIONS, perMinute: null } },
  }
}

interface Post {
  ours(): Promise<void>
  bare(): Promise<void>
  close(): Promise<void>
}

/** Both senders, with their connections open and their code warm. */
async function openPost(store: Store, smtp: SmtpConfig, count: number): Promise<Post> {
  const outbox = outboxStore(store, realWorld, { secrets: SECRETS, mailbox: () => mailbox }, async () => undefined)
  const inform = (notice: Notice) => compose(notice, composing)
  let sent = 0
  let done = Promise.withResolvers<void>()
  const log = makeLog(
    'info',
    counter('mail sent', () => ++sent === count && done.resolve()),
  )
  const transport = openTransport(smtp)
  const options = { ...DELIVERY_DEFAULTS, connections: CONNECTIONS, perDomain: smtp.perDomain, pollMs: 60_000 }
  const delivery = startDelivery({ outbox, transport, compose: inform, world: realWorld, log, options })
  const ours = async () => {
    sent = 0
    done = Promise.withResolvers()
    delivery.nudge()
    await done.promise
  }
  await done.promise
  for (let round = 1; round < WARM_UP; round++) {
    await makeDue(store)
    await ours()
  }
  const mails = await prebuild(store, outbox)
  const bare = createTransport({ ...bareOptions(smtp), pool: true })
  const sendBare = async () => {
    await Promise.all(mails.map(async (mail) => await bare.sendMail(mail)))
  }
  for (let round = 0; round < WARM_UP; round++) await sendBare()
  const close = async () => {
    bare.close()
    await delivery.stop()
  }
  return { ours, bare: sendBare, close }
}

function bareOptions({ host, port, connections: maxConnections }: SmtpConfig) {
  return { host, port, secure: false, ignoreTLS: true, maxConnections, maxMessages: 1_000, maxRequeues: 1 }
}

function counter(msg: string, count: () => void): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      if (String(chunk).includes(msg)) count()
      done()
    },
  })
}

/** The mails as they were sent, by the same code. */
async function prebuild(store: Store, outbox: OutboxStore) {
  const mails = []
  const rows = await store.db.selectFrom('outbox').selectAll().orderBy('id').execute()
  for (const notice of (await outbox.load(rows)).values()) {
    if (notice instanceof Error) throw notice
    const mail = compose(notice, composing)
    const chunks: Buffer[] = []
    for await (const chunk of mimeChunks(mail, (file) => outbox.content(file))) chunks.push(chunk)
    mails.push({ raw: Buffer.concat(chunks), envelope: mail.envelope })
  }
  return mails
}

async function makeDue(store: Store): Promise<void> {
  await store.db.updateTable('outbox').set({ status: 'waiting', attempts: 0, sent_at: null, subject: null }).execute()
}

interface Round {
  ours: { cpu: number; wall: number }
  bare: { cpu: number; wall: number }
}

async function alternate(post: Post, store: Store): Promise<Round[]> {
  const rounds: Round[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const bare = await timed(post.bare)
    await makeDue(store)
    rounds.push({ ours: await timed(post.ours), bare })
  }
  await post.close()
  return rounds
}

async function timed(work: () => Promise<void>): Promise<{ cpu: number; wall: number }> {
  const started = performance.now()
  const { ms } = await cpu(work)
  return { cpu: ms, wall: performance.now() - started }
}

function figures(rounds: Round[], count: number): Figure[] {
  const median = (pick: (round: Round) => number) => rounds.map(pick).sort((a, b) => a - b)[rounds.length >> 1] ?? 0
  const ours = median((round) => round.ours.cpu) / count
  const bare = median((round) => round.bare.cpu) / count
  const walls = [median((round) => round.ours.wall), median((round) => round.bare.wall)] as const
  const note = `${walls.map((ms) => `${ms.toFixed(0)} ms`).join(' against ')} for ${count} mails`
  return [
    { name: 'a notification sent and recorded, CPU', value: ours, unit: 'ms' },
    { name: 'nodemailer with a prebuilt mail, CPU', value: bare, unit: 'ms' },
    { name: 'sending against nodemailer, CPU', value: ours / bare, unit: 'times', most: 1.3 },
    { name: 'sending against nodemailer, wall clock', value: walls[0] / walls[1], unit: 'times', note },
  ]
}
