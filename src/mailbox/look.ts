import type { MailboxConfig } from '../config/config.ts'
import { quietLog } from '../core/log.ts'
import { realWorld } from '../core/world.ts'
import { connectMailbox } from './connect.ts'
import { makeAccessTokens, type TokenStore } from './oauth.ts'

/** What a mailbox holds now: connects, logs in, lists the UIDs and leaves. Throws PosthornError. */
export async function lookAtFolder(
  mailbox: MailboxConfig,
  tokens: TokenStore,
): Promise<{ uidValidity: string; uids: number[] }> {
  const { auth } = mailbox.imap
  const accessTokens =
    auth.kind === 'oauth2' ? makeAccessTokens(mailbox.name, auth, { tokens, world: realWorld }) : null
  const connection = await connectMailbox(mailbox, { log: quietLog, accessTokens })
  try {
    const { uidValidity } = await connection.select()
    return { uidValidity, uids: await connection.uids() }
  } finally {
    await connection.close()
  }
}
