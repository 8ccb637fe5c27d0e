import type { MailboxConfig } from '../config/config.ts'
import { quietLog } from '../core/log.ts'
import { realWorld } from '../core/world.ts'
import { connectMailbox } from './connect.ts'
import type { MailboxConnection } from './mailbox.ts'
import { makeAccessTokens, type TokenStore } from './oauth.ts'

/** A look at the mails that come into a folder from now on, without touching them. */
export interface NewMails {
  /** What came since the last call, after `milliseconds` at the latest; at once where something has come. */
  next(milliseconds: number): Promise<Uint8Array[]>
  close(): Promise<void>
}

/** Connects, and remembers where the folder ends now. Throws PosthornError, as every method does. */
export async function watchNewMails(mailbox: MailboxConfig, tokens: TokenStore): Promise<NewMails> {
  const { auth } = mailbox.imap
  const accessTokens =
    auth.kind === 'oauth2' ? makeAccessTokens(mailbox.name, auth, { tokens, world: realWorld }) : null
  const connection = await connectMailbox(mailbox, { log: quietLog, accessTokens })
  let nextUid = await endOf(connection)
  const never = new AbortController().signal
  return {
    next: async (milliseconds) => {
      const fetched = await connection.fetchFrom(nextUid, MOST)
      if (fetched.length === 0) await connection.wait(milliseconds, never)
      const mails = fetched.length > 0 ? fetched : await connection.fetchFrom(nextUid, MOST)
      nextUid = Math.max(nextUid, ...mails.map(({ uid }) => uid + 1))
      return mails.map(({ source }) => source)
    },
    close: async () => await connection.close(),
  }
}

/** UIDs that are asked for at once. */
const MOST = 1_000

async function endOf(connection: MailboxConnection): Promise<number> {
  const { uidNext } = await connection.select()
  return uidNext ?? ((await connection.uids()).at(-1) ?? 0) + 1
}
