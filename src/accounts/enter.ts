import { isoTime } from '../core/world.ts'
import { pageUrl } from '../model/thread-key.ts'
import { type AccountRow, organisationRequiresSecond } from '../store/accounts/accounts.ts'
import { listFactors } from '../store/accounts/factors.ts'
import { listPasskeys } from '../store/accounts/passkeys.ts'
import { hasSignedInFrom } from '../store/accounts/security-log.ts'
import { isKnownDevice } from '../store/accounts/sessions.ts'
import type { Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import { writeAccountMail } from './mails.ts'
import { record } from './record.ts'
import { beginSession, raiseSession, type Session, type Way } from './sessions.ts'
import { hashToken, isToken } from './tokens.ts'

/** Somebody who has proven themselves in one way. */
export interface Entering {
  person: Person
  account: AccountRow
  way: Way
  /** Whether two factors were checked elsewhere already, and that is believed. */
  strong?: boolean
  visit: Visit
  /** The cookie of a device that needs no second factor for a while. */
  deviceToken: unknown
}

export interface Entered {
  /** For the session's cookie. */
  token: string
  session: Session
}

/** Lets somebody in, as far as what they have proven goes: all the way, to the second factor, or to setting one up. */
export async function enter(tx: Db, ctx: AccountContext, who: Entering): Promise<Entered> {
  const { person, visit, way } = who
  const stage = await stageOf(tx, ctx, who)
  const ways: Way[] = stage === 'full' && (await isRemembered(tx, ctx, who)) ? [way, 'device'] : [way]
  const entered = await beginSession(tx, ctx, { personId: person.id, stage, ways, visit })
  if (stage === 'full') await noteSignIn(tx, ctx, person, entered.session, visit)
  return entered
}

/** The second factor came: the session is whole. */
export async function enterFully(
  tx: Db,
  ctx: AccountContext,
  person: Person,
  session: Session,
  way: Way,
  visit: Visit,
): Promise<Entered> {
  const entered = await raiseSession(tx, ctx, session, { stage: 'full', way })
  await noteSignIn(tx, ctx, person, entered.session, visit)
  return entered
}

/** A passkey is two factors in one (it is unlocked by a finger or a PIN), and so needs no other. */
async function stageOf(tx: Db, ctx: AccountContext, who: Entering): Promise<Session['stage']> {
  if (who.way === 'passkey' || who.strong) return 'full'
  const factors = (await listFactors(tx, who.person.id)).filter((it) => it.confirmed_at !== null)
  const usable = factors.some((it) => it.kind !== 'emergency')
  const needed = await needsSecond(tx, ctx, who)
  // Somebody who has no more than the password must not get to set up a factor of their own beside the owner's passkey.
  const keyed = needed && (await listPasskeys(tx, who.person.id)).length > 0
  if (usable || keyed) return (await isRemembered(tx, ctx, who)) ? 'full' : 'second'
  return needed ? 'setup' : 'full'
}

/** Whether somebody must have a second factor: by themselves, their organisation or their role. */
export async function needsSecond(
  db: Db,
  ctx: AccountContext,
  { person, account }: Pick<Entering, 'person' | 'account'>,
): Promise<boolean> {
  const { requireSecond } = ctx.policy
  if (account.requires_second === 1) return true
  if (person.kind === 'agent' ? requireSecond.agents : requireSecond.contacts) return true
  return await organisationRequiresSecond(db, person.id)
}

async function isRemembered(tx: Db, ctx: AccountContext, { person, deviceToken }: Entering): Promise<boolean> {
  if (!isToken(deviceToken)) return false
  return await isKnownDevice(tx, person.id, hashToken(deviceToken), isoTime(ctx.world.now()))
}

/** Written down, and told by mail where nobody has signed in from there before. */
async function noteSignIn(tx: Db, ctx: AccountContext, person: Person, session: Session, visit: Visit): Promise<void> {
  const before = await hasSignedInFrom(tx, person.id, visit)
  await record(tx, ctx, { personId: person.id, visit }, 'signed-in', session.ways.join('+'))
  if (before !== 'elsewhere') return
  const securityUrl = pageUrl(ctx.policy.portalUrl, 'account')
  const { device, network: place } = visit
  await writeAccountMail(tx, ctx, person, { kind: 'new-sign-in', device, place, securityUrl }, false)
}
