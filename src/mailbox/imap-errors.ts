import type { MailboxConfig } from '../config/config.ts'
import { PosthornError } from '../core/errors.ts'

/** What ImapFlow adds to the errors it throws. */
interface ImapFlowError extends Error {
  code?: string
  authenticationFailed?: boolean
  mailboxMissing?: boolean
  /** What the server said. */
  response?: string
  responseText?: string
}

/** An ImapFlow or socket error as a PosthornError that names the mailbox and says what to do. */
export function imapError(mailbox: MailboxConfig, doing: string, cause: unknown): PosthornError {
  if (cause instanceof PosthornError) return cause
  const error = cause as ImapFlowError
  const said = typeof error.response === 'string' ? error.response : error.responseText
  const server = `${mailbox.imap.host}:${mailbox.imap.port}`
  const where = `mailbox ${mailbox.name}: ${doing} at ${server}${said ? ` (the server said: ${said})` : ''}`
  if (error.authenticationFailed)
    return new PosthornError('imap-login', `${where}: login refused`, { hint: loginHint(mailbox), cause })
  if (error.mailboxMissing)
    return new PosthornError('imap-folder', `${where}: the folder ${mailbox.folder} does not exist`, {
      hint: `Create it on the server, or set the folder of the mailbox ${mailbox.name} to one that exists.`,
      cause,
    })
  return new PosthornError('imap-connection', `${where} failed`, { cause })
}

function loginHint({ name, imap }: MailboxConfig): string {
  return imap.auth.kind === 'password'
    ? `Check imap.user and imap.password of the mailbox ${name}; it is tried again by itself.`
    : `Check that the access granted to Posthorn covers IMAP for ${imap.user} (mailbox ${name}, imap.scope); it is tried again by itself.`
}
