import type { FastifyInstance } from 'fastify'
import type { AccountContext } from '../../accounts/context.ts'
import type { Providers } from '../../accounts/providers.ts'
import { sweepAccounts } from '../../accounts/upkeep.ts'
import type { Log } from '../../core/log.ts'
import type { AccountPages } from '../../render/account-pages.ts'
import { makeLater } from './later.ts'
import { accountRoutes } from './routes.ts'

/** What the pages of accounts are made of. */
export interface AccountSetup {
  ctx: AccountContext
  pages: AccountPages
  /** The files of templates/assets, by their names. */
  scripts: Readonly<Record<string, string>>
  providers: Providers
  brand: string
  address: string
  timeZone: string
  /** Something was committed that is to be sent. */
  committed: () => void
}

/** Milliseconds. */
const SWEEP_EVERY = 15 * 60_000

/** Puts the pages of accounts on the server. `done` resolves when what was answered first and done later is done. */
export async function openAccountPages(
  server: FastifyInstance,
  setup: AccountSetup,
  log: Log,
): Promise<{ done(): Promise<void> }> {
  const later = makeLater(log)
  const { origin, pathname, protocol } = new URL(setup.ctx.policy.portalUrl)
  const deps = {
    ...setup,
    origin,
    base: pathname.replace(/\/+$/, ''),
    secure: protocol === 'https:',
    log,
    later: (what: string, work: () => Promise<void>) =>
      later.add(what, async () => {
        await work()
        setup.committed()
      }),
  }
  await server.register(async (part) => await accountRoutes(part, deps))
  const sweeping = setInterval(() => later.add('upkeep', async () => await sweepAccounts(setup.ctx)), SWEEP_EVERY)
  server.addHook('onClose', async () => clearInterval(sweeping))
  return { done: later.done }
}
