import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, startApp } from '../app.ts'
import type { Config } from '../config/config.ts'
import { parseConfig } from '../config/load.ts'
import { quietLog } from '../core/log.ts'
import { realWorld } from '../core/world.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { startPage } from './page.ts'
import { makePerson } from './person.ts'
import { playStory } from './story.ts'

const SUPPORT = 'support@acme.example'
const KIM = { name: 'Kim Sørensen', address: 'kim@fjordbyg.example' }
const ANNA = { name: 'Anna Holm', address: 'anna.holm@private.example' }
const BO = { name: 'Bo Dahl', address: 'bo.dahl@private.example' }

/**
 * Plays the story on embedded servers and a database in a temporary folder, and tells it on stdout as it really happens.
 * With `once` it ends there; otherwise it stays up with a page on 127.0.0.1:`port` until it is interrupted.
 * Throws where a step did not happen.
 */
export async function runDemo(options: { once: boolean; port: number }): Promise<void> {
  const { app, sandbox, close } = await openDemo()
  try {
    say('Posthorn on an embedded IMAP and SMTP server and SQLite. What follows happens now, through real servers.\n')
    const people = { kim: makePerson(sandbox, KIM), anna: makePerson(sandbox, ANNA) }
    await playStory({ app, ...people, supportAddress: SUPPORT, say, clock: () => performance.now() })
    say('\nThe story is true from end to end.')
    if (!options.once) await stayUp(app, sandbox, options.port)
  } finally {
    await close()
  }
}

/** The program on embedded servers, with a database in a temporary folder that goes when it is closed. */
export async function openDemo(): Promise<{ app: App; sandbox: Sandbox; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-demo-'))
  const sandbox = await startSandbox({ addresses: [SUPPORT, KIM.address, ANNA.address, BO.address] })
  const app = await startApp(demoConfig(sandbox, folder), { world: realWorld, log: quietLog })
  const close = async () => {
    await app.stop()
    await sandbox.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { app, sandbox, close }
}

/** The page of the demo, for the people in its story. */
export async function openPage(app: App, sandbox: Sandbox, port: number) {
  return await startPage({ app, sandbox, people: [KIM, ANNA, BO], support: SUPPORT, port })
}

async function stayUp(app: App, sandbox: Sandbox, port: number): Promise<void> {
  const page = await openPage(app, sandbox, port)
  say(`\nWrite a mail as anybody, and read every mailbox: ${page.url}\nCtrl-C ends it.`)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  await page.close()
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** What an administrator would write, with every default. */
function demoConfig({ imap, smtp, userFor }: Sandbox, folder: string): Config {
  const password = userFor(SUPPORT)?.password ?? ''
  const file = {
    database: `sqlite:${join(folder, 'posthorn.db')}`,
    secret: 'the demo signs with this and with nothing else',
    mailboxes: [
      {
        name: 'support',
        address: SUPPORT,
        language: 'da',
        pollSeconds: 30,
        imap: { host: imap.host, port: imap.port, tls: 'none', user: SUPPORT, password },
      },
    ],
    smtp: { host: smtp.host, port: smtp.port, tls: 'none' },
    brands: [{ name: 'Acme', fromName: 'Acme Support', signature: 'Acme ApS', supportContact: SUPPORT }],
    agents: [
      { name: ANNA.name, email: ANNA.address, language: 'da' },
      { name: BO.name, email: BO.address, language: 'en' },
    ],
  }
  return parseConfig(JSON.stringify(file), {}, join(folder, 'posthorn.yaml'))
}
