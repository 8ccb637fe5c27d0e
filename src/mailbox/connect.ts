import type { MailboxConfig } from '../config/config.ts'
import { PosthornError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { connectImap } from './imap.ts'
import type { MailboxConnection } from './mailbox.ts'
import type { AccessTokens } from './oauth.ts'

/** A logged-in connection, by password or by access token. A token that the server refuses is not used again. */
export async function connectMailbox(
  mailbox: MailboxConfig,
  deps: { log: Log; accessTokens: AccessTokens | null; silence?: number | undefined },
): Promise<MailboxConnection> {
  const { accessTokens, log, silence } = deps
  if (!accessTokens) return await connectImap(mailbox, { log, silence })
  const accessToken = await accessTokens.get()
  try {
    return await connectImap(mailbox, { log, accessToken, silence })
  } catch (error) {
    if (error instanceof PosthornError && error.code === 'imap-login') accessTokens.discard()
    throw error
  }
}
