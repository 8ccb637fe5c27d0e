import { isoTime } from '../core/world.ts'
import type { Db } from './schema.ts'

/** The refresh token that a provider gave in place of the configured one, or null. */
export async function findToken(
  db: Db,
  mailbox: string,
): Promise<{ refreshToken: string; configuredHash: string } | null> {
  const row = await db.selectFrom('oauth_tokens').selectAll().where('mailbox', '=', mailbox).executeTakeFirst()
  return row ? { refreshToken: row.refresh_token, configuredHash: row.configured_hash } : null
}

/** Keeps a rotated refresh token; durable when it resolves. `now`: milliseconds since 1970. */
export async function writeToken(
  db: Db,
  mailbox: string,
  refreshToken: string,
  configuredHash: string,
  now: number,
): Promise<void> {
  const row = { refresh_token: refreshToken, configured_hash: configuredHash, updated_at: isoTime(now) }
  await db
    .insertInto('oauth_tokens')
    .values({ mailbox, ...row })
    .onConflict((conflict) => conflict.column('mailbox').doUpdateSet(row))
    .execute()
}
