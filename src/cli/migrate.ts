import type { Command } from 'commander'
import { migrate } from '../store/migrate.ts'
import { withConfigOption, withStore } from './open.ts'

/** `posthorn migrate`: brings the database up to date, as `start` does too. */
export function registerMigrate(program: Command): void {
  withConfigOption(program.command('migrate').description('bring the database up to date')).action(
    async (options: { config: string }) => {
      await withStore(options.config, async ({ store }) => {
        const applied = await migrate(store)
        process.stdout.write(applied.length > 0 ? `applied ${applied.join(', ')}\n` : 'the database is up to date\n')
      })
    },
  )
}
