import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccountContext } from '../src/accounts/context.ts'
import { makeHasher } from '../src/accounts/hasher.ts'
import { PASSWORD_PRESETS } from '../src/accounts/password-rules.ts'
import { ensureAccount } from '../src/accounts/people.ts'
import { signIn } from '../src/accounts/sign-in.ts'
import type { App } from '../src/app.ts'
import { isoTime, realWorld } from '../src/core/world.ts'
import { BUDGET_DEFAULTS } from '../src/model/policy.ts'
import { updateAccount } from '../src/store/accounts/accounts.ts'
import { mailServers } from '../test/support/mail-servers.ts'
import { startBenchApp, takenIn } from './bench-app.ts'
import { makeMails } from './mails.ts'
import type { Figure } from './measure.ts'

const MAILS = Number(process.env.BENCH_SIGN_IN_MAILS ?? 4_000)
const WARM_UP = 300
/** 100 a minute. */
const EVERY = 600
/** Milliseconds of a stretch with sign-ins, and of one without, in turns: what the machine does besides falls on both. */
const STRETCH = 2 * EVERY
const PASSWORD = 'tre blå elefanter danser'
const PEOPLE = 20

/**
 * Intake from a real IMAP server into SQLite while 100 people a minute sign in with the real Argon2id (64 MiB, in threads of
 * its own), against the same intake while nobody does, in mails a second.
 */
export async function benchSignIn(): Promise<Figure[]> {
  const kind = mailServers.at(-1)
  if (!kind) throw new Error('there is no IMAP server')
  const server = await kind.start()
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
  try {
    const user = server.newUser()
    await server.append(
      user,
      'INBOX',
      makeMails(MAILS).map((mail) => mail.raw),
    )
    const app = await startBenchApp(folder, [{ name: 'support', ...server.imap(user), user }])
    const ctx = await withPeople(app)
    await takenIn(app, WARM_UP)
    const { busy, quiet, waits } = await inTurns(app, ctx)
    await app.stop()
    waits.sort((a, b) => a - b)
    return [
      { name: 'a sign-in beside intake, median', value: waits[Math.floor(waits.length / 2)] ?? Number.NaN, unit: 'ms' },
      {
        name: 'intake without sign-ins against with 100 a minute',
        value: quiet / busy,
        unit: 'times',
        most: 1.25,
        note: `${quiet.toFixed(0)} and ${busy.toFixed(0)} mails a second, ${waits.length} sign-ins`,
      },
    ]
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function withPeople({ store }: App): Promise<AccountContext> {
  const ctx: AccountContext = {
    store,
    world: realWorld,
    hasher: makeHasher(),
    sms: null,
    policy: {
      secrets: ['the benchmark signs with this and nothing else'],
      mailboxes: [{ name: 'support', address: 'support@acme.test', language: 'da' }],
      budgets: BUDGET_DEFAULTS,
      portalUrl: 'https://help.acme.test',
      passwords: PASSWORD_PRESETS.nist,
      requireSecond: { agents: false, contacts: false },
    },
  }
  const hash = await ctx.hasher.hash(PASSWORD)
  for (let n = 0; n < PEOPLE; n += 1)
    await store.transaction(async (tx) => {
      const { person } = await ensureAccount(tx, ctx, { address: addressOf(n), name: `Kim ${n}`, language: 'da' })
      await updateAccount(tx, person.id, { password_hash: hash, activated_at: isoTime(realWorld.now()) })
    })
  return ctx
}

const addressOf = (n: number) => `kim${n % PEOPLE}@sign-in.test`

interface Rates {
  /** Mails a second. */
  busy: number
  quiet: number
  /** Milliseconds that each sign-in took. */
  waits: number[]
}

async function inTurns(app: App, ctx: AccountContext): Promise<Rates> {
  const sums = { busy: { mails: 0, ms: 0 }, quiet: { mails: 0, ms: 0 } }
  const waits: number[] = []
  for (let turn = 0; ; turn += 1) {
    const side = turn % 2 === 0 ? 'quiet' : 'busy'
    const [from, begun] = [await takenIn(app, 0), performance.now()]
    const work = side === 'busy' ? [0, EVERY].map(async (after) => await enter(ctx, after, waits)) : []
    await Promise.all([realWorld.sleep(STRETCH), ...work])
    const to = await takenIn(app, 0)
    // Where the mails ended within a stretch, it says nothing.
    if (to >= MAILS) break
    sums[side].mails += to - from
    sums[side].ms += performance.now() - begun
  }
  const rate = ({ mails, ms }: { mails: number; ms: number }) => (mails * 1_000) / ms
  return { busy: rate(sums.busy), quiet: rate(sums.quiet), waits }
}

async function enter(ctx: AccountContext, after: number, waits: number[]): Promise<void> {
  await realWorld.sleep(after)
  const begun = performance.now()
  const wish = { address: addressOf(waits.length), password: PASSWORD, deviceToken: null, browserToken: null }
  const { kind } = await signIn(ctx, wish, { device: 'Firefox, Linux', network: '192.0.2.1' })
  if (kind !== 'in') throw new Error(`the sign-in failed: ${kind}`)
  waits.push(performance.now() - begun)
}
