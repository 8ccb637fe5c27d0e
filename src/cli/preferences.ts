import type { Command } from 'commander'
import { loadPolicy } from '../app.ts'
import { PosthornError } from '../core/errors.ts'
import { realWorld } from '../core/world.ts'
import { normaliseAddress } from '../model/address.ts'
import { MODES, type Mode, TOPICS, type Topic } from '../model/preferences.ts'
import type { NotifyContext } from '../notify/context.ts'
import { type PreferencesView, setPreferences, viewPreferences } from '../notify/preferences.ts'
import { findPersonByAddress, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { type Opened, printJson, printTable, withConfigOption, withStore } from './open.ts'

/** `posthorn preferences show|set`: what somebody is told of, and how. */
export function registerPreferences(program: Command): void {
  const preferences = program.command('preferences').description('what somebody is told of, and how')
  withConfigOption(
    preferences.command('show').description('what somebody has chosen, and what else there is').argument('<address>'),
  )
    .option('--json', 'one JSON object a line')
    .action(async (address: string, options: { config: string; json?: boolean }) => {
      await withStore(options.config, async (opened) => {
        const rows = linesOf(await view(opened, address))
        if (options.json) printJson(rows)
        else
          printTable(
            rows.map(({ topic, mailbox, mode, choices }) => ({ topic, mailbox, mode, choices: choices.join(', ') })),
          )
      })
    })
  withConfigOption(
    preferences
      .command('set')
      .description('chooses for somebody, as they could on their own page')
      .argument('<address>')
      .argument('<topic>', TOPICS.join(', '))
      .argument('<mode>', `${MODES.join(', ')}; default, with --mailbox: as for all mailboxes`),
  )
    .option('--mailbox <name>', 'for one mailbox alone (agents)', '')
    .action(async (address: string, topic: string, mode: string, options: { config: string; mailbox: string }) => {
      const choice = { topic: topicNamed(topic), mailbox: options.mailbox, mode: modeNamed(mode) }
      await withStore(options.config, async ({ config, store }) => {
        const ctx: NotifyContext = { world: realWorld, policy: await loadPolicy(config, store) }
        const person = await requirePerson(store.db, address)
        await store.transaction(async (tx) => await setPreferences(tx, ctx, person, [choice]))
        const where = options.mailbox === '' ? '' : ` (${options.mailbox})`
        process.stdout.write(`${person.address}: ${topic}${where} is now '${mode}'\n`)
      })
    })
}

async function view({ config, store }: Opened, address: string): Promise<PreferencesView> {
  const person = await requirePerson(store.db, address)
  const found = await viewPreferences(store.db, { policy: await loadPolicy(config, store) }, person.id)
  if (!found) throw new Error(`person ${person.id} is gone`)
  return found
}

function linesOf({ choices }: PreferencesView) {
  return choices.map(({ topic, mailbox, mode, modes }) => ({
    topic,
    mailbox: mailbox || 'all',
    mode: mode ?? 'default',
    choices: modes.map((it) => it ?? 'default'),
  }))
}

async function requirePerson(db: Db, address: string): Promise<Person> {
  const person = await findPersonByAddress(db, normaliseAddress(address))
  if (person) return person
  throw new PosthornError('no-such-person', `nobody is known who has the address ${address}`, {
    temporary: false,
    hint: 'People are known from their first mail on; agents from the configuration.',
  })
}

function topicNamed(text: string): Topic {
  const topic = TOPICS.find((it) => it === text)
  if (topic) return topic
  throw new PosthornError('no-such-topic', `there is no topic '${text}'`, {
    temporary: false,
    hint: `There are: ${TOPICS.join(', ')}.`,
  })
}

function modeNamed(text: string): Mode | null {
  if (text === 'default') return null
  const mode = MODES.find((it) => it === text)
  if (mode) return mode
  throw new PosthornError('no-such-mode', `'${text}' is no way to be told`, {
    temporary: false,
    hint: `There are: ${MODES.join(', ')}, and default for one mailbox.`,
  })
}
