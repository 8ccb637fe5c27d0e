import type { Command } from 'commander'
import { startApp } from '../app.ts'
import { loadConfig } from '../config/load.ts'
import { makeLog } from '../core/log.ts'
import { realWorld } from '../core/world.ts'
import { withConfigOption } from './open.ts'

/** `posthorn start`: runs until SIGTERM or SIGINT; a second signal does not wait. */
export function registerStart(program: Command): void {
  withConfigOption(program.command('start').description('take mail in and send notices, until it is stopped')).action(
    async (options: { config: string }) => {
      const config = loadConfig(options.config, process.env)
      const log = makeLog(config.log.level)
      const app = await startApp(config, { world: realWorld, log })
      const signal = await nextSignal()
      log.info({ signal }, 'stopping: what is in flight is finished first')
      void nextSignal().then(() => process.exit(1))
      await app.stop()
    },
  )
}

async function nextSignal(): Promise<NodeJS.Signals> {
  return await new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
}
