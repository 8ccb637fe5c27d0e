import { createHash, timingSafeEqual } from 'node:crypto'
import { isoTime } from '../core/world.ts'
import { deleteFactor, findFactor, writeFactor } from '../store/accounts/factors.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext } from './context.ts'

/** Letters and digits that nobody takes for one another. 32 of them: 5 bits each. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const GROUPS = 6
const GROUP = 4

/**
 * Makes the code that lets its owner in once when the second factor is lost, shown once, in the place of one before. 120 bits:
 * from 112 on a plain hash of it may be kept (ASVS 5.0, 6.5.2). It counts at once: whoever closes the page too early but has it is not locked out.
 */
export async function makeEmergencyCode(tx: Db, ctx: AccountContext, personId: string): Promise<string> {
  const letters = [...ctx.world.secret(GROUPS * GROUP)].map((byte) => LETTERS.charAt(byte & 31)).join('')
  const at = isoTime(ctx.world.now())
  await writeFactor(tx, {
    person_id: personId,
    kind: 'emergency',
    secret: hashOf(letters),
    created_at: at,
    confirmed_at: null,
    last_step: null,
  })
  return letters.replace(/.{4}(?=.)/g, '$&-')
}

/** The person says that they have saved it: from now on their account does not remind them. */
export async function confirmEmergencyCode(tx: Db, ctx: AccountContext, personId: string): Promise<void> {
  const factor = await findFactor(tx, personId, 'emergency')
  if (factor) await writeFactor(tx, { ...factor, confirmed_at: isoTime(ctx.world.now()) })
}

/** Whether it is the person's code; it is gone with that. Small letters, spaces and missing dashes do no harm. */
export async function useEmergencyCode(tx: Db, personId: string, typed: string): Promise<boolean> {
  const factor = await findFactor(tx, personId, 'emergency')
  const letters = typed.toUpperCase().replace(/[^A-Z0-9]/g, '')
  if (!factor || letters.length !== GROUPS * GROUP) return false
  const same = timingSafeEqual(Buffer.from(hashOf(letters)), Buffer.from(factor.secret))
  return same && (await deleteFactor(tx, personId, 'emergency', factor.secret))
}

function hashOf(letters: string): string {
  return createHash('sha256').update(`posthorn:emergency:${letters}`).digest('base64url')
}
