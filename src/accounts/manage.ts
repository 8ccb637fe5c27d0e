import { isoTime } from '../core/world.ts'
import { FACTORS, type Factor } from '../model/notice.ts'
import { pageUrl } from '../model/thread-key.ts'
import { LINK_PURPOSES } from '../store/account-tables.ts'
import { findAccount, insertAccount, updateAccount } from '../store/accounts/accounts.ts'
import { spendLinksOf } from '../store/accounts/links.ts'
import {
  accountsOfOrganisation,
  insertOrganisation,
  listOrganisations,
  type Organisation,
  requireSecondOf,
  setOrganisation,
} from '../store/accounts/organisations.ts'
import { deleteAllFactors, hasFactor } from '../store/accounts/reset-factors.ts'
import { deleteKnownDevices } from '../store/accounts/sessions.ts'
import type { Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext } from './context.ts'
import { writeAccountMail } from './mails.ts'
import { record } from './record.ts'
import { endSessions } from './sessions.ts'

/** What an administrator does to somebody's account. `actor`: their name for the security log. */
type Ctx = Pick<AccountContext, 'world'>

/** What a disabled account's owner may still use: to take back that somebody else has moved it to another address. */
const ENDED_BY_DISABLING = LINK_PURPOSES.filter((purpose) => purpose !== 'undo-address')

/**
 * Nobody gets in by the account any more: sessions, open links and remembered devices end at once. Somebody who has none gets
 * one that is disabled, so that signing up leads nowhere. Says whether that changed anything.
 */
export async function disableAccount(tx: Db, ctx: Ctx, person: Person, actor: string): Promise<boolean> {
  const at = isoTime(ctx.world.now())
  await insertAccount(tx, person.id, at)
  if ((await findAccount(tx, person.id))?.disabled_at) return false
  await updateAccount(tx, person.id, { disabled_at: at })
  await endSessions(tx, person.id, null)
  await deleteKnownDevices(tx, person.id)
  await spendLinksOf(tx, person.id, ENDED_BY_DISABLING, at)
  await record(tx, ctx, { personId: person.id, visit: null, actor }, 'disabled')
  return true
}

/** Lets somebody in again, with the password that they had. Says whether the account was disabled. */
export async function enableAccount(tx: Db, ctx: Ctx, person: Person, actor: string): Promise<boolean> {
  if (!(await findAccount(tx, person.id))?.disabled_at) return false
  await updateAccount(tx, person.id, { disabled_at: null })
  // One that was begun in the moment of disabling.
  await endSessions(tx, person.id, null)
  await record(tx, ctx, { personId: person.id, visit: null, actor }, 'enabled')
  return true
}

/**
 * From now on somebody needs a second factor, or no longer. Whoever has none is signed out, and sets one up at the next
 * sign-in. False where they have no account.
 */
export async function requireSecond(
  tx: Db,
  ctx: Ctx,
  person: Person,
  wish: { required: boolean; actor: string },
): Promise<boolean> {
  if (!(await findAccount(tx, person.id))) return false
  await updateAccount(tx, person.id, { requires_second: Number(wish.required) })
  await noteRequirement(tx, ctx, person.id, wish, '')
  return true
}

/** The same for everybody in an organisation, whoever joins it later too. How many accounts there are comes back. */
export async function requireSecondOfAll(
  tx: Db,
  ctx: Ctx,
  organisation: Organisation,
  wish: { required: boolean; actor: string },
): Promise<number> {
  await requireSecondOf(tx, organisation.id, wish.required)
  const members = await accountsOfOrganisation(tx, organisation.id)
  for (const personId of members) await noteRequirement(tx, ctx, personId, wish, organisation.name)
  return members.length
}

async function noteRequirement(
  tx: Db,
  ctx: Ctx,
  personId: string,
  { required, actor }: { required: boolean; actor: string },
  detail: string,
): Promise<void> {
  if (required && !(await hasFactor(tx, personId))) await endSessions(tx, personId, null)
  const what = required ? 'second-required' : 'second-not-required'
  await record(tx, ctx, { personId, visit: null, actor }, what, detail)
}

/**
 * Takes away every second factor and passkey of somebody who has lost them, and tells them by mail. Sessions and remembered
 * devices end: whoever found the device is out. What was taken away comes back.
 */
export async function resetSecond(tx: Db, ctx: AccountContext, person: Person, actor: string): Promise<string[]> {
  const gone = await deleteAllFactors(tx, person.id)
  if (gone.length === 0) return gone
  await endSessions(tx, person.id, null)
  await deleteKnownDevices(tx, person.id)
  await record(tx, ctx, { personId: person.id, visit: null, actor }, 'second-reset', gone.join(', '))
  const securityUrl = pageUrl(ctx.policy.portalUrl, 'account')
  for (const factor of gone.filter(isFactor))
    await writeAccountMail(tx, ctx, person, { kind: 'second-factor-off', factor, securityUrl }, false)
  return gone
}

function isFactor(text: string): text is Factor {
  return FACTORS.some((factor) => factor === text)
}

/** The organisation of a name, whatever its capitals; null where there is none. */
export async function findOrganisation(db: Db, name: string): Promise<Organisation | null> {
  const wanted = fold(name)
  return (await listOrganisations(db)).find((it) => fold(it.name) === wanted) ?? null
}

/** Makes somebody one of an organisation, which is made where there is none of that name. */
export async function joinOrganisation(tx: Db, ctx: Ctx, person: Person, name: string): Promise<Organisation> {
  const known = await findOrganisation(tx, name)
  const it = known ?? { id: ctx.world.id(), name: name.trim(), requiresSecond: false }
  if (!known) await insertOrganisation(tx, { ...it, createdAt: isoTime(ctx.world.now()) })
  await setOrganisation(tx, person.id, it.id)
  return it
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim()
}
