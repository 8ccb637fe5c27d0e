import type { Command } from 'commander'
import { templateFolders, tokenStore } from '../app.ts'
import type { Config, MailboxConfig } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { describeError, PosthornError } from '../core/errors.ts'
import { quietLog } from '../core/log.ts'
import { realWorld } from '../core/world.ts'
import { openTransport } from '../delivery/transport.ts'
import { lookAtFolder } from '../mailbox/look.ts'
import { loadTemplates } from '../render/load.ts'
import { pendingMigrations } from '../store/migrate.ts'
import { openStore, type Store } from '../store/open.ts'
import { findPause } from '../store/switches.ts'
import { checkDkim, systemTxt } from './check-dkim.ts'
import { printJson, withConfigOption } from './open.ts'
import { describePause } from './outbox.ts'

interface Finding {
  what: string
  works: boolean
  /** What was found, or what went wrong and what to do. */
  detail: string
}

/** `posthorn check`: connects to everything in the configuration. Exit status 1 where something does not work. */
export function registerCheck(program: Command): void {
  withConfigOption(
    program.command('check').description('connect to everything in the configuration, and say what works'),
  )
    .option('--json', 'one JSON object a line')
    .action(async (options: { config: string; json?: boolean }) => {
      const config = loadConfig(options.config, process.env)
      const findings = await findAll(config)
      if (options.json) printJson(findings)
      else
        for (const it of findings) process.stdout.write(`${it.works ? 'ok    ' : 'FAILED'}  ${it.what}: ${it.detail}\n`)
      const failed = findings.filter((it) => !it.works).length
      if (failed > 0)
        throw new PosthornError('check', `${failed} of ${findings.length} parts do not work`, { temporary: false })
    })
}

/** Everything at once but for the mailboxes' tokens, which need the database. */
async function findAll(config: Config): Promise<Finding[]> {
  const store = await openStore(config.database, config.dataFolder, quietLog)
  try {
    const checks = [
      tried(`database (${config.database.engine})`, async () => await checkDatabase(store)),
      tried('outbox', async () => await checkOutbox(store)),
      ...config.mailboxes.map((mailbox) =>
        tried(`mailbox ${mailbox.name}`, async () => await checkMailbox(store, mailbox)),
      ),
      tried(`smtp ${config.smtp.host}:${config.smtp.port}`, async () => await checkSmtp(config)),
      ...(config.smtp.dkim
        ? [tried(`dkim ${config.smtp.dkim.domain}`, async () => await checkDkim(config, systemTxt()))]
        : []),
      tried('templates', async () => {
        loadTemplates(templateFolders(config))
        return 'every mail in every language'
      }),
    ]
    return await Promise.all(checks)
  } finally {
    await store.close()
  }
}

async function tried(what: string, check: () => Promise<string>): Promise<Finding> {
  try {
    return { what, works: true, detail: await check() }
  } catch (error) {
    return { what, works: false, detail: describeError(error) }
  }
}

async function checkDatabase(store: Store): Promise<string> {
  const pending = await pendingMigrations(store)
  return pending.length === 0 ? 'up to date' : `reached; 'posthorn migrate' or 'start' will apply ${pending.join(', ')}`
}

async function checkOutbox(store: Store): Promise<string> {
  if ((await pendingMigrations(store)).length > 0) return 'there once the database is up to date'
  const pause = await findPause(store.db)
  return pause ? describePause(pause) : 'not paused'
}

async function checkMailbox(store: Store, mailbox: MailboxConfig): Promise<string> {
  const { uids, uidValidity } = await lookAtFolder(mailbox, tokenStore(store, realWorld))
  return `${uids.length} mails in ${mailbox.folder} (UIDVALIDITY ${uidValidity})`
}

async function checkSmtp(config: Config): Promise<string> {
  const transport = openTransport(config.smtp)
  try {
    await transport.verify()
    return 'connected and logged in'
  } finally {
    transport.close()
  }
}
