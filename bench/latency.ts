import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startImapServer } from '../src/sandbox/imap-server.ts'
import { startBenchApp } from './bench-app.ts'
import { makeMails } from './mails.ts'
import type { Figure } from './measure.ts'

const MAILS = 60

/** From the server announcing a mail to its case committed, one mail at a time on an idle mailbox. The embedded server announces at once. */
export async function benchLatency(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
  const imap = await startImapServer({ users: [{ user: 'support', password: 'secret', address: 'support@acme.test' }] })
  let heard = Promise.withResolvers<void>()
  const { host, port } = imap
  const app = await startBenchApp(folder, [{ name: 'support', host, port, user: 'support' }], ({ msg }) => {
    if (msg === 'a mail was taken in' || msg === 'mailbox connected') heard.resolve()
  })
  try {
    await heard.promise
    const times: number[] = []
    for (const mail of makeMails(MAILS, 5)) {
      heard = Promise.withResolvers()
      const announced = performance.now()
      imap.append('support', 'INBOX', mail.raw)
      await heard.promise
      times.push(performance.now() - announced)
    }
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.floor(MAILS * share)] ?? Number.NaN
    return [
      { name: 'from the announcement of a mail to its commit, median', value: at(0.5), unit: 'ms', most: 50 },
      { name: 'from the announcement of a mail to its commit, 95 %', value: at(0.95), unit: 'ms' },
    ]
  } finally {
    await app.stop()
    await imap.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
