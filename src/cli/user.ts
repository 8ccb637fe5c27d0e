import { Argument, type Command, Option } from 'commander'
import type { AccountContext } from '../accounts/context.ts'
import {
  disableAccount,
  enableAccount,
  findOrganisation,
  joinOrganisation,
  requireSecond,
  requireSecondOfAll,
  resetSecond,
} from '../accounts/manage.ts'
import { PosthornError } from '../core/errors.ts'
import { realWorld } from '../core/world.ts'
import { normaliseAddress } from '../model/address.ts'
import { LANGUAGES } from '../model/language.ts'
import { type ListedAccount, listAccounts } from '../store/accounts/list.ts'
import { listSecurityLog } from '../store/accounts/security-log.ts'
import { findPersonByAddress, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { ACTOR, accountsOf, type InviteOptions, sayInvited, sendInvitation } from './account-invitation.ts'
import { type Opened, printJson, printTable, withConfigOption, withStore } from './open.ts'

interface Options {
  config: string
  json?: boolean
}

const MOST_LINES = 1_000

/** `posthorn user …`: people's accounts, as an administrator sees to them. Everything stands in the person's security log. */
export function registerUser(program: Command): void {
  const user = program.command('user').description("people's accounts: who has one, and who may come in")
  inviting(user, 'add', 'makes an account, also for somebody nobody knows yet, and sends the mail to activate it', true)
  inviting(
    user,
    'invite',
    'sends somebody who has written before a mail to activate an account, or sends it anew',
    false,
  )
  withConfigOption(user.command('list').description('all accounts'))
    .option('--json', 'one JSON object a line')
    .action(
      async (options: Options) => await withStore(options.config, async ({ store }) => await list(store.db, options)),
    )
  change(user, 'disable', 'nobody gets in by this account: sessions and links end at once', disable)
  change(user, 'enable', 'lets somebody in again whose account was disabled', async (tx, ctx, person) =>
    (await enableAccount(tx, ctx, person, ACTOR)) ? 'enabled' : 'was not disabled',
  )
  change(
    user,
    'reset-2fa',
    'takes away all second factors and passkeys, and tells the person',
    async (tx, ctx, person) => {
      const gone = await resetSecond(tx, ctx, person, ACTOR)
      return gone.length > 0 ? `taken away: ${gone.join(', ')}; they are told by mail` : 'has no second factor'
    },
  )
  requiring(user)
  joining(user)
  logging(user)
}

function inviting(user: Command, name: 'add' | 'invite', description: string, mayBeNew: boolean): void {
  const command = withConfigOption(user.command(name).description(description).argument('<address>'))
    .option('--inviter <name>', 'who the mail says has invited them; the brand unless given')
    .option('--organisation <name>', 'which organisation they belong to; made where there is none of that name')
    .option('--json', 'the result as JSON')
  if (mayBeNew) {
    command.option('--name <name>', 'what they are called; what stands before the @ unless given')
    command.addOption(
      new Option('--language <language>', 'which language they are written to in').choices([...LANGUAGES]),
    )
  }
  command.action(async (address: string, options: InviteOptions & Options) => {
    await withStore(options.config, async (opened) => {
      sayInvited(await sendInvitation(opened, address, { ...options, mayBeNew }), options)
    })
  })
}

type Verb = (tx: Db, ctx: AccountContext, person: Person) => Promise<string>

/** Cases go on by mail: whoever is to be no agent any more is taken out of the configuration besides. */
async function disable(tx: Db, ctx: AccountContext, person: Person): Promise<string> {
  if (!(await disableAccount(tx, ctx, person, ACTOR))) return 'was disabled already'
  const byMail =
    person.kind === 'agent' ? '; as an agent they still work by mail, until posthorn.yaml names them no more' : ''
  return `disabled; all sessions and links have ended${byMail}`
}

function change(user: Command, name: string, description: string, verb: Verb): void {
  withConfigOption(user.command(name).description(description).argument('<address>'))
    .option('--json', 'the result as JSON')
    .action(async (address: string, options: Options) => {
      await withStore(options.config, async (opened) => {
        const person = await requirePerson(opened, address)
        const ctx = accountsOf(opened)
        const done = await opened.store.transaction(async (tx) => await verb(tx, ctx, person))
        say(options, { address: person.address, done })
      })
    })
}

function requiring(user: Command): void {
  withConfigOption(
    user
      .command('require-2fa')
      .description('asks somebody, or everybody in an organisation, for a second factor from the next sign-in on')
      .addArgument(new Argument('[address]', 'of one person')),
  )
    .option('--organisation <name>', 'everybody in it, whoever joins it later too')
    .option('--off', 'asks for it no longer')
    .option('--json', 'the result as JSON')
    .action(async (address: string | undefined, options: Options & { organisation?: string; off?: boolean }) => {
      const wish = { required: !options.off, actor: ACTOR }
      const done = options.off ? 'needs no second factor' : 'needs a second factor from the next sign-in on'
      if ((address === undefined) === (options.organisation === undefined))
        throw failure('whom', 'name one address, or --organisation NAME', "See 'posthorn user require-2fa --help'.")
      await withStore(options.config, async (opened) => {
        if (address !== undefined) await requireOfOne(opened, address, wish)
        const accounts = options.organisation ? await requireOfAll(opened, options.organisation, wish) : 1
        say(options, { address: address ?? options.organisation ?? '', done, accounts })
      })
    })
}

function joining(user: Command): void {
  withConfigOption(
    user.command('join').description('puts somebody into an organisation, which is made where there is none'),
  )
    .argument('<address>')
    .argument('<organisation>')
    .option('--json', 'the result as JSON')
    .action(async (address: string, name: string, options: Options) => {
      await withStore(options.config, async (opened) => {
        const person = await requirePerson(opened, address)
        const it = await opened.store.transaction(
          async (tx) => await joinOrganisation(tx, { world: realWorld }, person, name),
        )
        say(options, { address: person.address, done: `belongs to ${it.name}` })
      })
    })
}

type Requirement = { required: boolean; actor: string }

async function requireOfOne(opened: Opened, address: string, wish: Requirement): Promise<void> {
  const person = await requirePerson(opened, address)
  const ctx = accountsOf(opened)
  const done = await opened.store.transaction(async (tx) => await requireSecond(tx, ctx, person, wish))
  if (!done)
    throw failure('no-account', `${address} has no account`, `'posthorn user invite ${address}' invites them to one.`)
}

async function requireOfAll(opened: Opened, name: string, wish: Requirement): Promise<number> {
  const ctx = accountsOf(opened)
  const organisation = await findOrganisation(opened.store.db, name)
  if (!organisation)
    throw failure(
      'no-such-organisation',
      `there is no organisation '${name}'`,
      "'posthorn user join ADDRESS NAME' makes one and puts somebody into it.",
    )
  return await opened.store.transaction(async (tx) => await requireSecondOfAll(tx, ctx, organisation, wish))
}

function logging(user: Command): void {
  withConfigOption(
    user.command('log').description("somebody's security log: what happened to their account, the newest first"),
  )
    .argument('<address>')
    .option('--json', 'one JSON object a line')
    .action(async (address: string, options: Options) => {
      await withStore(options.config, async (opened) => {
        const person = await requirePerson(opened, address)
        const rows = (await listSecurityLog(opened.store.db, person.id, MOST_LINES)).map(
          ({ at, what, detail, device, network, actor }) => ({ at, what, detail, device, network, actor }),
        )
        if (options.json) printJson(rows)
        else printTable(rows)
      })
    })
}

async function list(db: Db, { json }: Options): Promise<void> {
  const rows = (await listAccounts(db)).map(({ personId: _, ...it }) => ({ ...it, state: stateOf(it) }))
  if (json) printJson(rows)
  else printTable(rows.map(shownOf))
}

type Listed = Omit<ListedAccount, 'personId'> & { state: string }

function shownOf({ address, name, kind, organisation, state, factors, requiresSecond, lastSignedInAt }: Listed) {
  const second = factors.join(', ') || (requiresSecond ? 'required' : '')
  return { address, name, kind, organisation, state, second, lastSignedIn: lastSignedInAt?.slice(0, 16) }
}

function stateOf({ disabledAt, activatedAt }: Pick<ListedAccount, 'disabledAt' | 'activatedAt'>): string {
  if (disabledAt !== null) return 'disabled'
  return activatedAt === null ? 'invited' : 'active'
}

async function requirePerson({ store }: Opened, address: string): Promise<Person> {
  const person = await findPersonByAddress(store.db, normaliseAddress(address))
  if (person) return person
  throw failure(
    'no-such-person',
    `nobody is known who has the address ${address}`,
    `'posthorn user add ${address}' makes an account for them.`,
  )
}

function failure(code: string, message: string, hint: string): PosthornError {
  return new PosthornError(code, message, { temporary: false, hint })
}

function say({ json }: Options, it: { address: string; done: string; accounts?: number }): void {
  const many = it.accounts === undefined || it.accounts === 1 ? '' : ` (${it.accounts} accounts)`
  if (json) printJson([it])
  else process.stdout.write(`${it.address}: ${it.done}${many}\n`)
}
