#!/usr/bin/env node
import { Command } from 'commander'
import { keepCompiledModules } from './core/compile-cache.ts'
import { describeError } from './core/errors.ts'

type Register = (program: Command) => void

/** Each command's file, loaded only when it is called: `inspect` should not pay for the database. */
const COMMANDS: Record<string, () => Promise<Register>> = {
  start: async () => (await import('./cli/start.ts')).registerStart,
  migrate: async () => (await import('./cli/migrate.ts')).registerMigrate,
  check: async () => (await import('./cli/check.ts')).registerCheck,
  config: async () => (await import('./cli/config.ts')).registerConfig,
  inspect: async () => (await import('./cli/inspect.ts')).inspectCommand,
  explain: async () => (await import('./cli/explain.ts')).registerExplain,
  cases: async () => (await import('./cli/cases.ts')).registerCases,
  ledger: async () => (await import('./cli/ledger.ts')).registerLedger,
  hold: async () => (await import('./cli/hold.ts')).registerHold,
  suppression: async () => (await import('./cli/suppression.ts')).registerSuppression,
  preferences: async () => (await import('./cli/preferences.ts')).registerPreferences,
  digest: async () => (await import('./cli/digest.ts')).registerDigest,
  areas: async () => (await import('./cli/areas.ts')).registerAreas,
  articles: async () => (await import('./cli/articles.ts')).registerArticles,
  outbox: async () => (await import('./cli/outbox.ts')).registerOutbox,
  mail: async () => (await import('./cli/mail.ts')).registerMail,
  mailbox: async () => (await import('./cli/mailbox.ts')).registerMailbox,
  user: async () => (await import('./cli/user.ts')).registerUser,
  agent: async () => (await import('./cli/agent.ts')).registerAgent,
  demo: async () => (await import('./cli/demo.ts')).registerDemo,
}

/** Registers the command that is called, or all of them for help and for a command that does not exist. */
async function makeProgram(called: string | undefined): Promise<Command> {
  const program = new Command('posthorn').description(
    'a support mailbox becomes cases, and everyone who should hear of it does',
  )
  const one = called === undefined || !Object.hasOwn(COMMANDS, called) ? undefined : COMMANDS[called]
  const wanted = one ? [one] : Object.values(COMMANDS)
  for (const load of wanted) (await load())(program)
  return program
}

keepCompiledModules()
try {
  const program = await makeProgram(process.argv[2])
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`posthorn: ${describeError(error)}\n`)
  process.exitCode = 1
}
