import type { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { jsonSchema } from '../config/schema.ts'
import { withConfigOption } from './open.ts'

/** `posthorn config check` and `posthorn config schema`. */
export function registerConfig(program: Command): void {
  const config = program.command('config').description('the configuration file')
  withConfigOption(config.command('check'))
    .description('read and check the configuration, without connecting to anything')
    .action(({ config: path }: { config: string }) => {
      const { mailboxes, agents } = loadConfig(path, process.env)
      const counts = `mailboxes: ${mailboxes.map((it) => it.name).join(', ')}; agents: ${agents.length}`
      process.stdout.write(`${path} is right (${counts})\n`)
    })
  config
    .command('schema')
    .description('print the JSON Schema of posthorn.yaml, for editors')
    .action(() => void process.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`))
}
