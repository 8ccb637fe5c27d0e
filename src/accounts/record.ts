import { isoTime } from '../core/world.ts'
import { insertSecurityLog } from '../store/accounts/security-log.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'

/** What the security log tells: each a key of the strings `security.…`. */
export const SECURITY_EVENTS = [
  'signed-up',
  'activated',
  'signed-in',
  'sign-in-failed',
  'signed-out',
  'signed-out-everywhere',
  'session-ended',
  'password-changed',
  'password-reset',
  'reset-asked',
  'link-asked',
  'second-on',
  'second-off',
  'second-failed',
  'emergency-made',
  'emergency-used',
  'device-remembered',
  'devices-forgotten',
  'passkey-added',
  'passkey-removed',
  'passkey-refused',
  'identity-linked',
  'identity-unlinked',
  'identity-move-asked',
  'identity-moved',
  'identity-moved-away',
  'address-change-asked',
  'address-changed',
  'address-change-undone',
  'name-changed',
  'invited',
  'disabled',
  'enabled',
  'second-required',
  'second-not-required',
  'second-reset',
] as const
export type SecurityEvent = (typeof SECURITY_EVENTS)[number]

/** Writes a line into a person's security log, in the caller's transaction. `detail` is short and holds no secret. */
export async function record(
  tx: Db,
  ctx: Pick<AccountContext, 'world'>,
  who: { personId: string | null; visit: Visit | null; actor?: string },
  what: SecurityEvent,
  detail = '',
): Promise<void> {
  await insertSecurityLog(tx, {
    id: ctx.world.id(),
    person_id: who.personId,
    at: isoTime(ctx.world.now()),
    what,
    detail: detail.slice(0, 300),
    device: who.visit?.device ?? '',
    network: who.visit?.network ?? '',
    actor: who.actor ?? '',
  })
}
