import { readFileSync } from 'node:fs'
import type { AccountContext } from './accounts/context.ts'
import { makeHasher } from './accounts/hasher.ts'
import { helpBackIn } from './accounts/help-back-in.ts'
import { PASSWORD_PRESETS } from './accounts/password-rules.ts'
import { makeProviders } from './accounts/providers.ts'
import { makeSmsSender } from './accounts/sms-gateway.ts'
import type { AccountHelp, CaseContext } from './cases/context.ts'
import type { BrandConfig, Config, PortalConfig } from './config/config.ts'
import type { AccountSetup } from './portal/account/open.ts'
import { loadAccountPages } from './render/account-pages.ts'
import { readTemplate } from './render/folders.ts'

/** Files of templates/assets that the pages load. */
const SCRIPTS = ['account.js', 'effort.js', 'passkeys.js']

/** Joins the configuration with the pages of accounts: the brand and the address are those of the first mailbox. */
export function accountSetup(
  config: Config,
  portal: PortalConfig,
  parts: CaseContext,
  { folders, committed }: { folders: readonly string[]; committed: () => void },
): AccountSetup {
  const [mailbox] = config.mailboxes
  const brand = brandOf(config)
  return {
    ctx: accountContext(config, portal, parts),
    pages: loadAccountPages(folders),
    scripts: {
      ...Object.fromEntries(SCRIPTS.map((name) => [name, readTemplate(folders, `assets/${name}`)])),
      'effort-worker.js': readFileSync(new URL(import.meta.resolve('altcha/workers/pbkdf2')), 'utf8'),
    },
    providers: makeProviders(config.identityProviders, parts.world),
    brand: brand?.fromName ?? '',
    address: mailbox?.address ?? '',
    timeZone: config.timeZone,
    committed,
  }
}

/** What the verbs on accounts are called with, by the pages and by the command line. */
export function accountContext(
  config: Config,
  portal: PortalConfig,
  { store, world, policy }: Pick<CaseContext, 'store' | 'world' | 'policy'>,
): AccountContext {
  return {
    store,
    world,
    hasher: makeHasher(),
    policy: {
      ...policy,
      portalUrl: portal.url,
      passwords: PASSWORD_PRESETS[passwordsOf(brandOf(config))],
      requireSecond: portal.requireSecond,
    },
    sms: config.sms && { ...config.sms, send: makeSmsSender(config.sms) },
  }
}

/** What cases ask of accounts. */
export function accountHelp(config: Config, portal: PortalConfig, parts: Omit<CaseContext, 'accounts'>): AccountHelp {
  const ctx = accountContext(config, portal, parts)
  return { helpBackIn: async (tx, person, by) => await helpBackIn(tx, ctx, person, by) }
}

function brandOf(config: Config): BrandConfig | undefined {
  return config.brands.find((it) => it.name === config.mailboxes[0]?.brand) ?? config.brands[0]
}

function passwordsOf(brand: BrandConfig | undefined): BrandConfig['passwords'] {
  return brand?.passwords ?? 'nist'
}
