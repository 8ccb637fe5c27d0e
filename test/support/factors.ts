import { Secret, TOTP } from 'otpauth'
import { enter } from '../../src/accounts/enter.ts'
import { turnOnFactor } from '../../src/accounts/factors.ts'
import { findKnown } from '../../src/accounts/people.ts'
import type { Session } from '../../src/accounts/sessions.ts'
import { setPasswordByLink } from '../../src/accounts/set-password.ts'
import { signUp } from '../../src/accounts/sign-up.ts'
import { beginTotp, pendingTotp } from '../../src/accounts/totp.ts'
import { type Accounts, GOOD, HOME } from './accounts.ts'

/** A person with an account, signed in all the way. */
export async function openSession(accounts: Accounts, address: string): Promise<Session> {
  await signUp(accounts.ctx, { name: 'Kim Larsen', address, language: 'da' }, HOME)
  const token = await accounts.token(address, 'welcome')
  const set = await setPasswordByLink(accounts.ctx, { token, password: GOOD, name: null, deviceToken: null }, HOME)
  if (set.kind !== 'in') throw new Error(set.kind)
  return set.session
}

/** The session of somebody who has just typed their password. */
export async function afterPassword(
  { ctx, store }: Accounts,
  address: string,
  deviceToken: string | null = null,
): Promise<Session> {
  const known = await findKnown(store.db, address)
  if (!known?.account) throw new Error(`nobody has the address ${address}`)
  const { person, account } = known
  return await store.transaction(
    async (tx) => (await enter(tx, ctx, { person, account, way: 'password', visit: HOME, deviceToken })).session,
  )
}

/** The code app of somebody: what a phone is that has scanned the picture. */
export interface Phone {
  /** The code at the world's time, `off` milliseconds away. */
  code(off?: number): string
}

export function phoneOf(world: { now(): number }, base32: string): Phone {
  const app = new TOTP({ secret: Secret.fromBase32(base32.replaceAll(' ', '')), digits: 6, period: 30 })
  return { code: (off = 0) => app.generate({ timestamp: world.now() + off }) }
}

/** Begins to set up an app, and gives it to a phone. */
export async function scan(accounts: Accounts, session: Session): Promise<Phone> {
  const { ctx, store, world } = accounts
  await store.transaction(async (tx) => await beginTotp(tx, ctx, session))
  const setup = await pendingTotp(store.db, ctx, session, { address: 'kim@customer.test', issuer: 'Acme' })
  if (!setup) throw new Error('no setup was begun')
  return phoneOf(world, setup.typed)
}

/** Turns the app on; the emergency code that came with it. The clock moves on, for the code has been used. */
export async function turnOnApp(
  accounts: Accounts,
  session: Session,
): Promise<{ phone: Phone; emergencyCode: string }> {
  const phone = await scan(accounts, session)
  const on = await turnOnFactor(accounts.ctx, session, { factor: 'totp', code: phone.code() }, HOME)
  if (on.kind !== 'on') throw new Error(on.kind)
  accounts.world.pass(60_000)
  return { phone, emergencyCode: on.emergencyCode ?? '' }
}
