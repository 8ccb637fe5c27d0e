import { Writable } from 'node:stream'
import { type App, startApp } from '../src/app.ts'
import { parseConfig } from '../src/config/load.ts'
import { makeLog, quietLog } from '../src/core/log.ts'
import { realWorld } from '../src/core/world.ts'

export interface BenchMailbox {
  name: string
  host: string
  port: number
  user: string
}

/** The program taking mail in from mailboxes into SQLite in `folder`, with two agents and every default; nothing is sent. */
export async function startBenchApp(
  folder: string,
  mailboxes: BenchMailbox[],
  onLine?: (line: { msg?: string }) => void,
): Promise<App> {
  const text = JSON.stringify({
    database: `sqlite:${folder}/posthorn.db`,
    secret: 'the benchmark signs with this and nothing else',
    mailboxes: mailboxes.map(({ name, host, port, user }) => ({
      name,
      address: `${name}@acme.test`,
      language: 'da',
      after: 'leave',
      imap: { host, port, tls: 'none', user, password: 'secret' },
    })),
    limits: { mailSize: '100 MB' },
    smtp: { host: '127.0.0.1', port: 25, tls: 'none' },
    brands: [{ name: 'Acme', fromName: 'Acme Support', signature: 'Acme', supportContact: 'support@acme.test' }],
    agents: ['anna', 'bo'].map((name) => ({ name, email: `${name}@private.test` })),
  })
  const log = onLine ? makeLog('info', lineStream(onLine)) : quietLog
  return await startApp(parseConfig(text, {}, `${folder}/posthorn.yaml`), { world: realWorld, log, delivery: false })
}

function lineStream(onLine: (line: { msg?: string }) => void): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).split('\n').filter(Boolean)) onLine(JSON.parse(line))
      done()
    },
  })
}

/** Resolves when `count` mails have been taken in, with how many there are. */
export async function takenIn(app: App, count: number): Promise<number> {
  for (;;) {
    const { n } = await app.store.db
      .selectFrom('mails')
      .select((eb) => eb.fn.countAll().as('n'))
      .executeTakeFirstOrThrow()
    if (Number(n) >= count) return Number(n)
    await realWorld.sleep(20)
  }
}
