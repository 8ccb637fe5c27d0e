import { join } from 'node:path'
import type { CheckOptions } from './authentication/check.ts'
import type { AccountHelp, CaseContext, CasePolicy } from './cases/context.ts'
import { tellDeliveryFailed } from './cases/delivery-failure.ts'
import { mailboxDown, mailboxUp, type Outage } from './cases/mailbox-alarm.ts'
import { syncAgents } from './cases/sync-agents.ts'
import type { BrandConfig, Config, MailboxConfig } from './config/config.ts'
import { trustPolicy } from './config/trust.ts'
import { PosthornError } from './core/errors.ts'
import type { Log } from './core/log.ts'
import type { World } from './core/world.ts'
import { DELIVERY_DEFAULTS, type Delivery, startDelivery } from './delivery/deliver.ts'
import { outboxStore } from './delivery/outbox-store.ts'
import { openTransport } from './delivery/transport.ts'
import type { DigestContext } from './digest/edition.ts'
import { startDigests } from './digest/start.ts'
import { makeIntake } from './intake.ts'
import { startTelling } from './knowledge/start.ts'
import type { TokenStore } from './mailbox/oauth.ts'
import { watchMailbox } from './mailbox/watch.ts'
import { openParserPool, type ParserPool } from './message/pool.ts'
import type { Notice } from './model/notice.ts'
import { compose } from './outbox/compose.ts'
import type { OutgoingMail } from './outbox/outgoing-mail.ts'
import type { Portal } from './portal/portal.ts'
import { loadTemplates } from './render/load.ts'
import { loadPages } from './render/pages.ts'
import type { TemplateProblem } from './render/render.ts'
import { listLearned } from './store/mailbox-trust.ts'
import { migrate } from './store/migrate.ts'
import type { NoticeContext } from './store/notices.ts'
import { findToken, writeToken } from './store/oauth-tokens.ts'
import { openStore, type Store } from './store/open.ts'

/** The running program. */
export interface App {
  store: Store
  /** The web pages; null where none are configured. */
  portal: Portal | null
  /** Finishes what is in flight, starts nothing new, and closes everything. Twice is once. */
  stop(): Promise<void>
}

/** The folder of the mail templates that come with the program. */
export const TEMPLATES = join(import.meta.dirname, '../templates')

/** Where templates are looked for: a file in a later folder takes the place of the same one in an earlier folder. */
export function templateFolders({ templates }: Pick<Config, 'templates'>): string[] {
  return templates === null ? [TEMPLATES] : [TEMPLATES, templates]
}

export interface AppDeps {
  world: World
  log: Log
  /** false: takes mail in and leaves what is due in the outbox. */
  delivery?: boolean
  /** Asks the DNS about senders; the machine's own servers unless given. */
  resolver?: CheckOptions['resolver'] | undefined
}

/**
 * Wires the stages and starts them: migrates, watches every mailbox, sends what is due. Throws where the store cannot be opened.
 * With `delivery: false` it takes mail in and leaves what is due in the outbox.
 */
export async function startApp(config: Config, deps: AppDeps): Promise<App> {
  const { world, log } = deps
  // Before anything is opened: a template that is not right should be all that is said.
  const toMail = deps.delivery === false ? null : composer(config, log)
  const store = await openStore(config.database, config.dataFolder, log, { blobInline: config.limits.blobInline })
  const applied = await migrate(store)
  if (applied.length > 0) log.info({ applied }, 'the database was brought up to date')
  const policy = await loadPolicy(config, store)
  warnOfUnknownServers(policy, log)
  const ctx: CaseContext = { store, world, policy, accounts: await accountsFor(config, { store, world, policy }) }
  await syncAgents(ctx, config.agents)
  let delivery: Delivery | null = null
  const portal = await startPages(config, ctx, log, () => delivery?.nudge())
  const spoolFolder = join(config.dataFolder, 'spool')
  const pool = await openParserPool({ ...parserLimits(config), spoolFolder: join(spoolFolder, 'parser') })
  delivery = toMail && deliver(config, ctx, { log, toMail })
  const stopping = new AbortController()
  const intake = makeIntake({
    ...{ ctx, pool, log, limits: config.limits, clamd: config.clamd, resolver: deps.resolver },
    committed: () => delivery?.nudge(),
  })
  const tokens = tokenStore(store, world)
  const alarms = mailboxAlarms(config, ctx, () => delivery?.nudge())
  const watching = config.mailboxes.map((mailbox) =>
    watchMailbox(
      mailbox,
      { intake, tokens, world, log, mailSize: config.limits.mailSize, spoolFolder, ...alarms },
      stopping.signal,
    ),
  )
  const timed = startTimed(config, ctx, { log, committed: () => delivery?.nudge() })
  log.info({ mailboxes: config.mailboxes.length, agents: config.agents.length }, 'posthorn has started')
  return { store, portal, stop: stopper({ stopping, watching, timed, portal, pool, delivery, store, log }) }
}

/** What cases ask of accounts; null where there are no web pages. Loaded only where there are, as the pages are. */
export async function accountsFor(config: Config, parts: Omit<CaseContext, 'accounts'>): Promise<AccountHelp | null> {
  if (!config.portal) return null
  const { accountHelp } = await import('./account-setup.ts')
  return accountHelp(config, config.portal, parts)
}

/** What begins by the clock, and not because something came in. */
function startTimed(config: Config, ctx: CaseContext, deps: { log: Log; committed: () => void }): Timed[] {
  return [startDigests({ ctx: digestContext(config, ctx), ...deps }), startTelling({ ctx, ...deps })]
}

interface Timed {
  stop(): Promise<void>
}

/** What digests are prepared with. */
export function digestContext(config: Config, { store, world, policy }: CaseContext): DigestContext {
  return { store, world, policy, schedules: config.digests, timeZone: config.timeZone }
}

/** Whoever runs Posthorn hears of a mailbox that stays away, and of its coming back. */
function mailboxAlarms({ administrator }: Config, ctx: CaseContext, committed: () => void) {
  return {
    onDown: async (outage: Outage) => {
      const raised = await mailboxDown(ctx, administrator, outage)
      if (raised) committed()
      return raised
    },
    onUp: async (mailbox: string) => {
      await mailboxUp(ctx, administrator, mailbox)
      committed()
    },
  }
}

/** Before anything else runs: where the pages cannot be served, the store is all that has to be closed. */
async function startPages(config: Config, ctx: CaseContext, log: Log, committed: () => void): Promise<Portal | null> {
  if (!config.portal) return null
  // Loaded only where it is configured: a web server costs 25 MB.
  const { startPortal } = await import('./portal/portal.ts')
  const { accountSetup } = await import('./account-setup.ts')
  try {
    const brandOf = (mailbox: string) => senderOf(config, mailbox).brand.fromName
    const portal = await startPortal(config.portal.listen, {
      ctx,
      pages: loadPages(templateFolders(config)),
      brandOf,
      committed,
      accounts: accountSetup(config, config.portal, ctx, { folders: templateFolders(config), committed }),
      proxies: config.portal.proxies,
      log,
    })
    log.info({ listen: portal.url, url: config.portal.url }, 'the web pages are served')
    return portal
  } catch (error) {
    await ctx.store.close()
    throw error
  }
}

/** The worker that empties the outbox. */
function deliver(config: Config, ctx: CaseContext, { log, toMail }: { log: Log; toMail: ToMail }): Delivery {
  const { store, world } = ctx
  return startDelivery({
    outbox: outboxStore(
      store,
      world,
      noticeContext(config),
      async (tx, row, failure) => await tellDeliveryFailed(tx, ctx, row, failure),
    ),
    transport: openTransport(config.smtp),
    compose: toMail,
    world,
    log,
    options: { ...DELIVERY_DEFAULTS, connections: config.smtp.connections, perDomain: config.smtp.perDomain },
  })
}

/** What a row of the outbox becomes a notice with. */
export function noticeContext(config: Config): NoticeContext {
  return { secrets: config.secrets, mailbox: (name) => senderOf(config, name).mailbox }
}

type ToMail = (notice: Notice) => OutgoingMail

/** Makes notices into mails. Loads the templates, and throws where one of them is not right. */
export function composer(config: Config, log: Pick<Log, 'error'>): ToMail {
  const composing = {
    templates: loadTemplates(templateFolders(config)),
    portalUrl: config.portal?.url ?? null,
    timeZone: config.timeZone,
    noticeAttachments: config.limits.noticeAttachments,
    report: ({ error, ...problem }: TemplateProblem & { row: string }) =>
      log.error(
        { ...problem, err: error },
        'a template of your own could not be filled in, and the built-in one was sent; `posthorn mail lint` may say why',
      ),
  }
  return (notice) => compose(notice, { ...composing, ...senderOf(config, notice.mailbox) })
}

/** A mailbox or a brand that is gone from the configuration falls back to the first one. */
function senderOf(config: Config, name: string): { mailbox: MailboxConfig; brand: BrandConfig } {
  const mailbox = config.mailboxes.find((it) => it.name === name) ?? config.mailboxes[0]
  const brand = config.brands.find((it) => it.name === mailbox?.brand) ?? config.brands[0]
  if (!mailbox || !brand)
    throw new PosthornError('config', 'the configuration holds no mailbox or no brand', { temporary: false })
  return { mailbox, brand }
}

interface Running {
  stopping: AbortController
  watching: Promise<void>[]
  timed: Timed[]
  portal: Portal | null
  pool: ParserPool
  delivery: Delivery | null
  store: Store
  log: Log
}

/** Against the stream: first nothing comes in, then none goes out, then the store closes. */
function stopper(running: Running): () => Promise<void> {
  let stopped: Promise<void> | null = null
  const stop = async () => {
    running.stopping.abort()
    await Promise.all([...running.watching, ...running.timed.map((it) => it.stop()), running.portal?.close()])
    await running.pool.close()
    await running.delivery?.stop()
    await running.store.close()
    running.log.info('posthorn has stopped')
  }
  return () => (stopped ??= stop())
}

/** The part of the configuration that decides about cases. `learned`: each mailbox's authserv-id, as calibrate found it. */
export function casePolicy(config: Config, learned: ReadonlyMap<string, string> = new Map()): CasePolicy {
  const mailboxes = config.mailboxes.map((mailbox) => ({
    ...mailbox,
    trust: trustPolicy(mailbox.trust, learned.get(mailbox.name) ?? null),
  }))
  const { rules, spam } = config
  return {
    secrets: config.secrets,
    portalUrl: config.portal?.url ?? null,
    keyDays: config.keys.expireDays,
    filters: { rules, spam },
    mailboxes,
    budgets: config.budgets,
    digests: {
      agents: config.digests.agents !== null,
      contacts: config.digests.contacts !== null,
      articles: config.digests.articles !== null,
    },
  }
}

/** The same with what `posthorn mailbox calibrate` learned, out of a migrated store. */
export async function loadPolicy(config: Config, store: Store): Promise<CasePolicy> {
  const learned = await listLearned(store.db)
  return casePolicy(config, new Map(learned.flatMap((it) => (it.authservId ? [[it.mailbox, it.authservId]] : []))))
}

function warnOfUnknownServers({ mailboxes }: CasePolicy, log: Log): void {
  for (const { name, trust } of mailboxes)
    if (trust.check === 'server' && trust.authservId === null)
      log.warn(
        { mailbox: name },
        "the mail server's check is to be used, but its name is not known: run 'posthorn mailbox calibrate', or set trust.authservId",
      )
}

function parserLimits(config: Config) {
  const { parseSeconds, parseMemory, blobInline } = config.limits
  return { threads: 1, parseSeconds, parseMemory, inlineLimit: blobInline }
}

/** Rotated refresh tokens, kept in the store. */
export function tokenStore(store: Store, world: Pick<World, 'now'>): TokenStore {
  return {
    read: async (mailbox) => await findToken(store.db, mailbox),
    write: async (mailbox, token, hash) => await writeToken(store.db, mailbox, token, hash, world.now()),
  }
}
