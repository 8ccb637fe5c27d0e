import { pageUrl } from '../model/thread-key.ts'
import { findFactor } from '../store/accounts/factors.ts'
import { listPasskeys } from '../store/accounts/passkeys.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import { rememberDevice } from './devices.ts'
import { makeEmergencyCode, useEmergencyCode } from './emergency.ts'
import { type Entered, enterFully } from './enter.ts'
import { writeAccountMail } from './mails.ts'
import { findKnownById, isOpen, type Known } from './people.ts'
import { record } from './record.ts'
import type { Session } from './sessions.ts'
import { checkSmsCode, maskNumber, provenNumber } from './sms.ts'
import { noteSuccess, takeTurn } from './throttle.ts'
import { checkTotp } from './totp.ts'

/** By what the second step can be taken here. A passkey takes it too, on its own. */
export type SecondWay = 'totp' | 'sms' | 'emergency'

export interface SecondWays {
  totp: boolean
  /** The number, masked; null: no codes by SMS. */
  sms: string | null
  emergency: boolean
  passkey: boolean
}

/** What somebody can take the second step by. */
export async function secondWays(db: Db, ctx: Pick<AccountContext, 'sms'>, personId: string): Promise<SecondWays> {
  const totp = await findFactor(db, personId, 'totp')
  const number = ctx.sms && (await provenNumber(db, personId))
  return {
    totp: totp !== null && totp.confirmed_at !== null,
    sms: number && maskNumber(number),
    emergency: (await findFactor(db, personId, 'emergency')) !== null,
    passkey: (await listPasskeys(db, personId)).length > 0,
  }
}

export type SecondTaken =
  /** `deviceToken`: for the cookie of a device to be remembered. `newCode`: the emergency code that takes the place of the used one. */
  | ({ kind: 'in'; deviceToken: string | null; newCode: string | null } & Entered)
  /** `wait`: milliseconds before the next try. */
  | { kind: 'wrong'; wait: number }
  /** It was not looked at: too many tries came before. */
  | { kind: 'wait'; wait: number }
  /** No code by SMS is waited for any more. */
  | { kind: 'over' }

/**
 * The second step of signing in: after the password or a link. Throttled as passwords are, and for each account besides: six
 * digits are guessed sooner. Whoever gets as far as this knows the password, so that no session of theirs counts as known.
 */
export async function takeSecondStep(
  ctx: AccountContext,
  session: Session,
  answer: { way: SecondWay; code: string; remember: boolean },
  visit: Visit,
): Promise<SecondTaken> {
  if (session.stage !== 'second') throw new Error(`session ${session.id} is not at the second step`)
  const known = await findKnownById(ctx.store.db, session.personId)
  if (!known || !isOpen(known.account)) return { kind: 'over' }
  const attempt = { what: 'second', address: known.person.address, network: visit.network }
  const { wait, next } = await ctx.store.transaction(async (tx) => await takeTurn(tx, ctx, attempt))
  if (wait > 0) return { kind: 'wait', wait }
  return await ctx.store.transaction(async (tx) => {
    const checked = await check(tx, ctx, session, answer)
    if (checked !== 'right') {
      await record(tx, ctx, { personId: session.personId, visit }, 'second-failed', answer.way)
      return checked === 'over' ? { kind: 'over' } : { kind: 'wrong', wait: next }
    }
    await noteSuccess(tx, attempt)
    const newCode = answer.way === 'emergency' ? await replaceEmergencyCode(tx, ctx, known, visit) : null
    const deviceToken = answer.remember ? await rememberDevice(tx, ctx, session.personId, visit) : null
    const entered = await enterFully(tx, ctx, known.person, session, answer.way, visit)
    return { kind: 'in', ...entered, deviceToken, newCode }
  })
}

async function check(
  tx: Db,
  ctx: AccountContext,
  session: Session,
  { way, code }: { way: SecondWay; code: string },
): Promise<'right' | 'wrong' | 'over'> {
  if (way === 'sms') return (await checkSmsCode(tx, ctx, session, 'enter', code)).kind
  const { personId } = session
  const right = way === 'totp' ? await checkTotp(tx, ctx, personId, code) : await useEmergencyCode(tx, personId, code)
  return right ? 'right' : 'wrong'
}

/** The code is gone: a new one at once, told by mail in case that it was somebody else. */
async function replaceEmergencyCode(tx: Db, ctx: AccountContext, { person }: Known, visit: Visit): Promise<string> {
  await record(tx, ctx, { personId: person.id, visit }, 'emergency-used')
  const securityUrl = pageUrl(ctx.policy.portalUrl, 'account')
  await writeAccountMail(tx, ctx, person, { kind: 'emergency-code-used', securityUrl }, false)
  return await makeEmergencyCode(tx, ctx, person.id)
}
