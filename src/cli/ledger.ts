import type { Command } from 'commander'
import { tokenStore } from '../app.ts'
import type { MailboxConfig } from '../config/config.ts'
import { describeError } from '../core/errors.ts'
import { realWorld } from '../core/world.ts'
import { lookAtFolder } from '../mailbox/look.ts'
import { findFolder, listLedger } from '../store/mails.ts'
import type { Opened } from './open.ts'
import { printJson, printTable, withConfigOption, withStore } from './open.ts'

/** `posthorn ledger`: what is on each server held against what was taken in. */
export function registerLedger(program: Command): void {
  withConfigOption(
    program
      .command('ledger')
      .description('what each mailbox holds against what was taken in: unaccounted is 0, or something was lost'),
  )
    .option('--json', 'one JSON object a line')
    .action(async (options: { config: string; json?: boolean }) => {
      await withStore(options.config, async (opened) => {
        const rows = []
        for (const mailbox of opened.config.mailboxes) rows.push(await reconcile(opened, mailbox))
        if (options.json) printJson(rows)
        else printTable(rows)
      })
    })
}

/**
 * One mailbox: `onServer` mails in the folder now, `taken` places in the ledger under the present UIDVALIDITY, of which `done`
 * (made or met their case, or are kept because of their size) and `quarantined`. `unaccounted`: on the server and not in the
 * ledger, or in the ledger and neither done nor quarantined.
 */
async function reconcile({ store, log }: Opened, mailbox: MailboxConfig) {
  const seen = await findFolder(store.db, mailbox.name)
  const now = await lookAtFolder(mailbox, tokenStore(store, realWorld)).catch((error: unknown) => {
    log.warn(
      { mailbox: mailbox.name, error: describeError(error) },
      'the mailbox cannot be reached: its last known state is shown',
    )
    return null
  })
  const uidValidity = now?.uidValidity ?? seen?.uid_validity ?? ''
  const rows = await listLedger(store.db, mailbox.name, uidValidity)
  const done = rows.filter((row) => row.status === 'done' || row.status === 'kept').length
  const quarantined = rows.filter((row) => row.status === 'quarantined').length
  const inLedger = new Set(rows.map((row) => row.uid))
  const missing = now?.uids.filter((uid) => !inLedger.has(uid)).length ?? 0
  const onServer = now?.uids.length ?? seen?.on_server ?? 0
  return {
    mailbox: mailbox.name,
    uidValidity,
    onServer,
    taken: rows.length,
    done,
    quarantined,
    unaccounted: missing + rows.length - done - quarantined,
  }
}
