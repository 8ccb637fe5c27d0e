import type { Command } from 'commander'
import { PosthornError } from '../core/errors.ts'
import { normaliseAddress } from '../model/address.ts'
import { liftSuppression, listSuppressions } from '../store/suppressions.ts'
import { printJson, printTable, withConfigOption, withStore } from './open.ts'

/** `posthorn suppression list|remove`: addresses that are not written to, since a mail to them failed for good. */
export function registerSuppression(program: Command): void {
  const suppression = program.command('suppression').description('addresses that are not written to')
  withConfigOption(suppression.command('list').description('all of them, each with the reason'))
    .option('--json', 'one JSON object a line')
    .action(async (options: { config: string; json?: boolean }) => {
      await withStore(options.config, async ({ store }) => {
        const rows = await listSuppressions(store.db)
        if (options.json) printJson(rows)
        else
          printTable(
            rows.map(({ address, at, reason }) => ({ address, at, reason })),
            120,
          )
      })
    })
  withConfigOption(
    suppression
      .command('remove')
      .description('write to an address again; a mail from it does the same by itself')
      .argument('<address>'),
  ).action(async (address: string, options: { config: string }) => {
    await withStore(options.config, async ({ store }) => {
      const lifted = await liftSuppression(store.db, normaliseAddress(address))
      if (!lifted) {
        throw new PosthornError('not-suppressed', `${address} is not suppressed`, {
          temporary: false,
          hint: "'posthorn suppression list' shows which addresses are.",
        })
      }
      process.stdout.write(
        `${normaliseAddress(address)} is written to again; what was not sent meanwhile stays unsent\n`,
      )
    })
  })
}
