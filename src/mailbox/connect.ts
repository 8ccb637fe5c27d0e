import type { MailboxConfig } from '../config/config.ts'
import { PosthornError } from '../core/errors.ts'
import { type ConnectOptions, connectImap } from './imap.ts'
import type { MailboxConnection } from './mailbox.ts'
import type { AccessTokens } from './oauth.ts'

/** A logged-in connection, by password or by access token. A token that the server refuses is not used again. */
export async function connectMailbox(
  mailbox: MailboxConfig,
  options: ConnectOptions & { accessTokens: AccessTokens | null },
): Promise<MailboxConnection> {
  const { accessTokens, log, signal, silence } = options
  if (!accessTokens) return await connectImap(mailbox, { log, signal, silence })
  const accessToken = await accessTokens.get(signal)
  try {
    return await connectImap(mailbox, { log, signal, silence, accessToken })
  } catch (error) {
    if (error instanceof PosthornError && error.code === 'imap-login') accessTokens.discard()
    throw error
  }
}
