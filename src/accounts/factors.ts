import type { Factor } from '../model/notice.ts'
import { pageUrl } from '../model/thread-key.ts'
import { deleteFactor, findFactor } from '../store/accounts/factors.ts'
import { listPasskeys } from '../store/accounts/passkeys.ts'
import { hasFactor } from '../store/accounts/reset-factors.ts'
import { deleteKnownDevices } from '../store/accounts/sessions.ts'
import { holdAccount } from '../store/accounts/ways-in.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import { makeEmergencyCode } from './emergency.ts'
import { type Entered, enterFully, needsSecond } from './enter.ts'
import { writeAccountMail } from './mails.ts'
import { findKnownById, isOpen, type Known } from './people.ts'
import { record } from './record.ts'
import { endSessions, isProven, type Session } from './sessions.ts'
import { checkSmsCode, keepNumber, removeNumber } from './sms.ts'
import { confirmTotp, removeTotp } from './totp.ts'

/** What is turned on and off here. */
export type OwnFactor = Exclude<Factor, 'passkey'>

export type FactorOn =
  /** `entered`: the session is whole now, where it waited for this. `emergencyCode`: shown once; null where there is one. */
  | { kind: 'on'; entered: Entered | null; emergencyCode: string | null }
  /** over: no code of this setup is good any more. unproven: the password is asked for again. */
  | { kind: 'wrong' | 'over' | 'unproven' }

/**
 * Turns a second factor on (or another in its place) by a first code of it: for somebody who has proven themselves lately, or
 * who must set one up before anything else. The first one brings an emergency code along. Other sessions end: they began
 * without it.
 */
export async function turnOnFactor(
  ctx: AccountContext,
  session: Session,
  wish: { factor: OwnFactor; code: string },
  visit: Visit,
): Promise<FactorOn> {
  return await ctx.store.transaction(async (tx) => {
    await holdAccount(tx, session.personId)
    const known = await findKnownById(tx, session.personId)
    if (!known || !(await maySetUp(tx, ctx, known, session))) return { kind: 'unproven' }
    const confirmed = await confirm(tx, ctx, session, wish)
    if (confirmed !== 'right') return { kind: confirmed }
    const emergencyCode = await firstEmergencyCode(tx, ctx, session.personId, visit)
    await noteChange(tx, ctx, known, session, { kind: 'second-factor-on', factor: wish.factor, visit })
    const { person } = known
    const entered = session.stage === 'full' ? null : await enterFully(tx, ctx, person, session, wish.factor, visit)
    return { kind: 'on', entered, emergencyCode }
  })
}

/** Whoever waits to set up their first factor has shown no more than a password: beside a factor of the owner's that is nothing. */
async function maySetUp(tx: Db, ctx: AccountContext, { account }: Known, session: Session): Promise<boolean> {
  if (!isOpen(account)) return false
  if (session.stage === 'setup') return !(await hasFactor(tx, session.personId))
  return isProven(ctx, session)
}

async function confirm(
  tx: Db,
  ctx: AccountContext,
  session: Session,
  { factor, code }: { factor: OwnFactor; code: string },
): Promise<'right' | 'wrong' | 'over'> {
  if (factor === 'totp') return (await confirmTotp(tx, ctx, session, code)) ? 'right' : 'wrong'
  const checked = await checkSmsCode(tx, ctx, session, 'prove', code)
  if (checked.kind === 'right') await keepNumber(tx, ctx, session.personId, checked.number)
  return checked.kind
}

async function firstEmergencyCode(tx: Db, ctx: AccountContext, personId: string, visit: Visit): Promise<string | null> {
  if (await findFactor(tx, personId, 'emergency')) return null
  await record(tx, ctx, { personId, visit }, 'emergency-made')
  return await makeEmergencyCode(tx, ctx, personId)
}

/** needed: it is the last one, and this person must have one. */
export type FactorOff = 'off' | 'none' | 'needed' | 'unproven'

/** Turns a second factor off. With the last one the emergency code and the remembered devices go too. */
export async function turnOffFactor(
  ctx: AccountContext,
  session: Session,
  factor: OwnFactor,
  visit: Visit,
): Promise<FactorOff> {
  if (!isProven(ctx, session)) return 'unproven'
  const { personId } = session
  return await ctx.store.transaction(async (tx) => {
    await holdAccount(tx, personId)
    const known = await findKnownById(tx, personId)
    if (!known?.account || !(await findFactor(tx, personId, factor))) return 'none'
    if ((await isLast(tx, ctx, personId, factor)) && (await needsSecond(tx, ctx, { ...known, account: known.account })))
      return 'needed'
    await (factor === 'totp' ? removeTotp(tx, personId) : removeNumber(tx, personId))
    if (!(await hasOwn(tx, personId))) await deleteFactor(tx, personId, 'emergency')
    await noteChange(tx, ctx, known, session, { kind: 'second-factor-off', factor, visit })
    return 'off'
  })
}

/** Whether nothing is left but this one: a passkey is a factor too; a number is none where no gateway sends to it any more. */
async function isLast(tx: Db, { sms }: AccountContext, personId: string, factor: OwnFactor): Promise<boolean> {
  const other = factor === 'totp' ? 'sms' : 'totp'
  if ((other === 'totp' || sms) && (await findFactor(tx, personId, other))) return false
  return (await listPasskeys(tx, personId)).length === 0
}

async function hasOwn(tx: Db, personId: string): Promise<boolean> {
  return (await findFactor(tx, personId, 'totp')) !== null || (await findFactor(tx, personId, 'sms')) !== null
}

interface Change {
  kind: 'second-factor-on' | 'second-factor-off'
  factor: OwnFactor
  visit: Visit
}

/** Whoever got in before did so under other rules: all other sessions end, and no device is remembered. */
async function noteChange(
  tx: Db,
  ctx: AccountContext,
  { person }: Known,
  session: Session,
  change: Change,
): Promise<void> {
  const { kind, factor, visit } = change
  await endSessions(tx, person.id, session.id)
  await deleteKnownDevices(tx, person.id)
  await record(
    tx,
    ctx,
    { personId: person.id, visit },
    kind === 'second-factor-on' ? 'second-on' : 'second-off',
    factor,
  )
  const securityUrl = pageUrl(ctx.policy.portalUrl, 'account')
  await writeAccountMail(tx, ctx, person, { kind, factor, securityUrl }, false)
}

/** A new emergency code in the place of the old one, which is none any more; null where it is not to be had. */
export async function renewEmergencyCode(ctx: AccountContext, session: Session, visit: Visit): Promise<string | null> {
  if (!isProven(ctx, session)) return null
  return await ctx.store.transaction(async (tx) => {
    if (!(await hasOwn(tx, session.personId))) return null
    await record(tx, ctx, { personId: session.personId, visit }, 'emergency-made')
    return await makeEmergencyCode(tx, ctx, session.personId)
  })
}
