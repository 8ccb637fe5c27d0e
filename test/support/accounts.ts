import { createHash } from 'node:crypto'
import type { AccountContext, Visit } from '../../src/accounts/context.ts'
import { makeHasher } from '../../src/accounts/hasher.ts'
import { PASSWORD_PRESETS } from '../../src/accounts/password-rules.ts'
import { BUDGET_DEFAULTS } from '../../src/model/policy.ts'
import { type EngineName, openTestStore, type TestStore } from './databases.ts'
import { type TestWorld, testWorld } from './world.ts'

export const PORTAL = 'https://help.acme.test/support'
export const GOOD = 'tre blå elefanter danser'
export const HOME: Visit = { device: 'Firefox, Linux', network: '192.0.2.1' }
export const AWAY: Visit = { device: 'Chrome, Windows', network: '203.0.113.9' }

/** What was written to somebody about an account. */
export interface Written {
  kind: string
  to: string
  status: string
  reason: string | null
  data: Record<string, string>
}

export interface Accounts {
  ctx: AccountContext
  world: TestWorld
  store: TestStore
  /** Everything that was written to an address, oldest first. */
  written(address: string): Promise<Written[]>
  /** The token at the end of the first URL in the last mail of a kind to an address. */
  token(address: string, kind: string): Promise<string>
  close(): Promise<void>
}

/** Accounts on a store of their own, with passwords that are hashed in no time. Secrets differ and are the same in each run. */
export async function openAccounts(
  engine: EngineName,
  over: Partial<AccountContext['policy']> = {},
): Promise<Accounts> {
  const store = await openTestStore(engine)
  let secrets = 0
  const world: TestWorld = {
    ...testWorld(),
    secret: (bytes) => {
      secrets += 1
      return createHash('shake256', { outputLength: bytes }).update(String(secrets)).digest()
    },
  }
  const policy: AccountContext['policy'] = {
    secrets: ['a secret of at least thirty-two characters'],
    mailboxes: [{ name: 'support', address: 'support@acme.test', language: 'da' }],
    budgets: { ...BUDGET_DEFAULTS, perAddressPerDay: 50 },
    portalUrl: PORTAL,
    passwords: PASSWORD_PRESETS.nist,
    requireSecond: { agents: false, contacts: false },
    ...over,
  }
  const hasher = makeHasher({ memory: 8, passes: 1, atOnce: 2, waiting: 100 })
  const ctx = { store, world, policy, hasher, sms: null }
  const written = async (address: string) => {
    const rows = await store.db
      .selectFrom('outbox')
      .selectAll()
      .where('to_address', '=', address)
      .orderBy('id')
      .execute()
    return rows.map((row) => ({
      kind: row.kind,
      to: row.to_address,
      status: row.status,
      reason: row.last_error,
      data: JSON.parse(row.data) as Record<string, string>,
    }))
  }
  return {
    ctx,
    world,
    store,
    written,
    token: async (address, kind) => {
      const mail = (await written(address)).findLast((it) => it.kind === kind)
      const url = mail?.data.url ?? mail?.data.undoUrl ?? mail?.data.resetUrl
      if (!url) throw new Error(`no mail '${kind}' with a link was written to ${address}`)
      return url.slice(url.lastIndexOf('/') + 1)
    },
    close: async () => await store.close(),
  }
}
