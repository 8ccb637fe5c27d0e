import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mailServers } from '../test/support/mail-servers.ts'
import { type BenchMailbox, startBenchApp, takenIn } from './bench-app.ts'
import { makeMails } from './mails.ts'
import type { Figure } from './measure.ts'

const LARGE = 50 * 1_048_576
const MANY = Number(process.env.BENCH_MEMORY_MAILS ?? 20_000)

/** Peak memory of the whole process with a 50 MB attachment, and whether it grows over 20,000 mails. Each in a process of its own. */
export async function benchMemory(): Promise<Figure[]> {
  const kind = mailServers.at(-1)
  if (!kind) throw new Error('there is no IMAP server')
  const server = await kind.start()
  try {
    const { host, port } = server.imap('x')
    const [large, many] = [server.newUser(), server.newUser()]
    await server.append(large, 'INBOX', [largeMail()])
    const peak = await measure({ name: 'support', host, port, user: large }, [1])
    const mails = makeMails(MANY, 3, { replies: 0.4, attachments: 0 }).map((mail) => mail.raw)
    // Several clients at once, since the server writes each mail to the disk before it answers.
    await Promise.all(
      [0, 1, 2, 3].map(
        async (share) =>
          await server.append(
            many,
            'INBOX',
            mails.filter((_, i) => i % 4 === share),
          ),
      ),
    )
    const growth = await measure({ name: 'support', host, port, user: many }, [MANY / 4, MANY])
    const [early = Number.NaN, late = Number.NaN] = growth.rss
    return [
      { name: 'peak memory with an attachment of 50 MB', value: peak.peak, unit: 'MB', most: 250 },
      {
        name: `memory after ${MANY} mails against ${MANY / 4}`,
        value: late / early,
        unit: 'times',
        most: 1.25,
        note: `${early.toFixed(0)} and ${late.toFixed(0)} MB`,
      },
    ]
  } finally {
    await server.close()
  }
}

interface Measured {
  /** MB. */
  peak: number
  /** MB, when each count was reached. */
  rss: number[]
}

async function measure(mailbox: BenchMailbox, counts: number[]): Promise<Measured> {
  const child = fork(import.meta.filename, [JSON.stringify({ mailbox, counts })])
  const [measured] = await once(child, 'message')
  await ended(child)
  return measured as Measured
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) await once(child, 'exit')
}

function largeMail(): Buffer {
  const line = `${Buffer.alloc(57, 0xa7).toString('base64')}\r\n`
  const head =
    'From: Kim <kim@customer.test>\r\nTo: support@acme.test\r\nSubject: Stor\r\nMessage-ID: <large@customer.test>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHej\r\n--b\r\nContent-Type: application/zip; name=stor.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n'
  return Buffer.concat([Buffer.from(head), Buffer.from(line.repeat(Math.ceil(LARGE / 57))), Buffer.from('--b--\r\n')])
}

/** The measured process. */
async function run({ mailbox, counts }: { mailbox: BenchMailbox; counts: number[] }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
  const app = await startBenchApp(folder, [mailbox])
  const rss: number[] = []
  for (const count of counts) {
    await takenIn(app, count)
    rss.push(process.memoryUsage.rss() / 1_048_576)
  }
  await app.stop()
  rmSync(folder, { recursive: true, force: true })
  process.send?.({ peak: process.resourceUsage().maxRSS / 1_024, rss })
  process.disconnect()
}

const job = process.argv[2]
if (process.send && job) await run(JSON.parse(job))
