import { isoTime } from '../core/world.ts'
import { countKnownDevices, deleteKnownDevices, insertKnownDevice } from '../store/accounts/sessions.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import { record } from './record.ts'
import { newToken } from './tokens.ts'

/** Milliseconds that a device needs no second factor: 30 days. Its cookie is kept as long. */
export const DEVICE_LIFE = 30 * 86_400_000

/** From now on this device needs no second factor for a while. The token is for its cookie alone. */
export async function rememberDevice(tx: Db, ctx: AccountContext, personId: string, visit: Visit): Promise<string> {
  const { token, hash } = newToken(ctx.world)
  const now = ctx.world.now()
  await insertKnownDevice(tx, {
    token_hash: hash,
    person_id: personId,
    device: visit.device,
    created_at: isoTime(now),
    expires_at: isoTime(now + DEVICE_LIFE),
  })
  await record(tx, ctx, { personId, visit }, 'device-remembered')
  return token
}

/** How many devices of a person need no second factor. */
export async function countDevices(ctx: Pick<AccountContext, 'store' | 'world'>, personId: string): Promise<number> {
  return await countKnownDevices(ctx.store.db, personId, isoTime(ctx.world.now()))
}

/** From now on all of a person's devices need the second factor again. */
export async function forgetDevices(tx: Db, ctx: AccountContext, personId: string, visit: Visit): Promise<void> {
  await deleteKnownDevices(tx, personId)
  await record(tx, ctx, { personId, visit }, 'devices-forgotten')
}
