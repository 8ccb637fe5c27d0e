import type { Command } from 'commander'
import { PosthornError } from '../core/errors.ts'
import { isoTime, realWorld } from '../core/world.ts'
import { listOutbox, retryOutbox } from '../store/outbox.ts'
import { printJson, printTable, withConfigOption, withStore } from './open.ts'

/** `posthorn outbox list` and `posthorn outbox retry`. */
export function registerOutbox(program: Command): void {
  const outbox = program.command('outbox').description('mails that are due, sent or failed')
  withConfigOption(outbox.command('list').description('the newest rows'))
    .option('--json', 'one JSON object a line')
    .option('--status <status>', 'waiting, sending, sent, failed or suppressed')
    .option('--most <n>', 'how many', '200')
    .action(async (options: { config: string; json?: boolean; status?: string; most: string }) => {
      await withStore(options.config, async ({ store }) => {
        const rows = await listOutbox(store.db, { status: options.status ?? null, most: Number(options.most) })
        if (options.json) return printJson(rows)
        printTable(
          rows.map(({ id, kind, to, status, attempts, lastError }) => ({ id, kind, to, status, attempts, lastError })),
        )
      })
    })
  withConfigOption(
    outbox
      .command('retry')
      .description('send failed rows again, at once')
      .argument('[id...]', 'rows; all failed ones where none is named'),
  ).action(async (ids: string[], options: { config: string }) => {
    await withStore(options.config, async ({ store }) => {
      const due = await retryOutbox(store.db, ids, isoTime(realWorld.now()))
      if (ids.length > 0 && due < ids.length) {
        throw new PosthornError(
          'not-failed',
          `${ids.length - due} of ${ids.length} rows are not failed or do not exist`,
          { temporary: false, hint: "'posthorn outbox list --status failed' shows which are." },
        )
      }
      process.stdout.write(`${due} rows are due again\n`)
    })
  })
}
