import type { Log } from '../core/log.ts'
import type { AuthenticationResults } from '../message/authentication-results.ts'
import type { Message } from '../message/message.ts'
import type { MailSource } from '../message/source.ts'
import type { CheckOptions } from './check.ts'

/**
 * What Posthorn finds about a mail's sender where its mailbox asks for that, else null. A check that does not come to an end
 * is logged and null too: it proves nothing, and the mail is judged by its keys.
 */
export async function ownCheck(
  mailbox: { name: string; trust: { check: 'server' | 'own' | 'none' } },
  mail: { source: MailSource; message: Message },
  { log, ...options }: CheckOptions & { log: Log },
): Promise<AuthenticationResults | null> {
  if (mailbox.trust.check !== 'own') return null
  try {
    // Loaded when the first mail asks for it: the checking library costs 40 MB, and most mailboxes have a server that checks.
    const { checkAuthentication } = await import('./check.ts')
    return await checkAuthentication(mail.source, mail.message, options)
  } catch (error) {
    log.warn(
      { mailbox: mailbox.name, messageId: mail.message.messageId, error: String(error) },
      "a mail's sender could not be checked: it counts as not proved",
    )
    return null
  }
}
