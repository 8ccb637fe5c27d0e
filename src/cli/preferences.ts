import type { Command } from 'commander'
import { loadPolicy } from '../app.ts'
import { PosthornError } from '../core/errors.ts'
import { realWorld } from '../core/world.ts'
import { normaliseAddress } from '../model/address.ts'
import { isLanguage, LANGUAGES, type Language } from '../model/language.ts'
import { MODES, type Mode, TOPICS, type Topic } from '../model/preferences.ts'
import type { NotifyContext } from '../notify/context.ts'
import { type Choice, type PreferencesView, setPreferences, viewPreferences } from '../notify/preferences.ts'
import { type Reading, setReading, viewReading } from '../notify/reader.ts'
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
        const found = await view(opened, address)
        const [rows, reading] = [linesOf(found), await viewReading(opened.store.db, found.person)]
        if (options.json) {
          printJson([...rows, reading])
          return
        }
        printTable(
          rows.map(({ topic, mailbox, mode, choices }) => ({ topic, mailbox, mode, choices: choices.join(', ') })),
        )
        process.stdout.write(`language: ${reading.language ?? AS_ALL}\ntime zone: ${reading.timeZone ?? AS_ALL}\n`)
      })
    })
  withConfigOption(
    preferences
      .command('set')
      .description('chooses for somebody, as they could on their own page')
      .argument('<address>')
      .argument('[topic]', TOPICS.join(', '))
      .argument('[mode]', `${MODES.join(', ')}; default, with --mailbox: as for all mailboxes`),
  )
    .option('--mailbox <name>', 'for one mailbox alone (agents)', '')
    .option('--language <language>', `what they are written in: ${LANGUAGES.join(', ')}; default: that of the case`)
    .option('--time-zone <zone>', "the clock of their digests, like 'Europe/Copenhagen'; default: the configuration's")
    .action(async (address: string, topic: string | undefined, mode: string | undefined, options: SetOptions) => {
      const wishes = wishesOf(topic, mode, options)
      await withStore(options.config, async (opened) => await set(opened, address, wishes))
    })
}

const AS_ALL = 'default'

interface SetOptions {
  config: string
  mailbox: string
  language?: string
  timeZone?: string
}

/** What is to be written. */
interface Wishes {
  choice: Choice | null
  reading: Partial<Reading>
}

function wishesOf(topic: string | undefined, mode: string | undefined, options: SetOptions): Wishes {
  const { mailbox, language, timeZone } = options
  const reading: Partial<Reading> = {
    ...(language === undefined ? {} : { language: languageNamed(language) }),
    ...(timeZone === undefined ? {} : { timeZone: timeZone === AS_ALL ? null : timeZone }),
  }
  if (topic !== undefined && mode !== undefined)
    return { choice: { topic: topicNamed(topic), mailbox, mode: modeNamed(mode) }, reading }
  if (topic === undefined && mailbox === '' && Object.keys(reading).length > 0) return { choice: null, reading }
  throw new PosthornError('no-such-choice', 'it does not say what to set', {
    temporary: false,
    hint: 'Name a topic and a mode, as comments off; or --language, or --time-zone.',
  })
}

async function set({ config, store }: Opened, address: string, { choice, reading }: Wishes): Promise<void> {
  const ctx: NotifyContext = { world: realWorld, policy: await loadPolicy(config, store) }
  const person = await requirePerson(store.db, address)
  await store.transaction(async (tx) => {
    if (choice) await setPreferences(tx, ctx, person, [choice])
    if (Object.keys(reading).length > 0) await setReading(tx, person, reading)
  })
  const where = choice && choice.mailbox !== '' ? ` (${choice.mailbox})` : ''
  const said = [
    ...(choice ? [[`${choice.topic}${where}`, choice.mode]] : []),
    ...('language' in reading ? [['language', reading.language]] : []),
    ...('timeZone' in reading ? [['time zone', reading.timeZone]] : []),
  ]
  for (const [what, value] of said) process.stdout.write(`${person.address}: ${what} is now '${value ?? AS_ALL}'\n`)
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

function languageNamed(text: string): Language | null {
  if (text === AS_ALL) return null
  if (isLanguage(text)) return text
  throw new PosthornError('no-such-language', `nothing is written in the language '${text}'`, {
    temporary: false,
    hint: `There are: ${LANGUAGES.join(', ')}, and default.`,
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
