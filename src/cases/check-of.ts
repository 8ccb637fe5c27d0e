import { unreachable } from '../core/errors.ts'
import type { Check } from '../decision/trust.ts'
import { type AuthenticationResults, resultsOfServer } from '../message/authentication-results.ts'
import type { Message } from '../message/message.ts'
import type { MailboxTrust } from './context.ts'

/** Who checked a mail and what was found, by the mailbox's policy; null where nobody is to. A mail that was not checked has no results. */
export function checkOf(trust: MailboxTrust, message: Message, ownCheck: AuthenticationResults | null): Check | null {
  switch (trust.check) {
    case 'none':
      return null
    case 'own':
      return { by: 'posthorn', results: ownCheck?.results ?? [] }
    case 'server':
      return serverCheck(trust.authservId, message)
    default:
      return unreachable(trust.check)
  }
}

function serverCheck(authservId: string | null, message: Message): Check {
  const results = authservId === null ? null : resultsOfServer(message.headers, authservId)
  return { by: authservId ?? 'the mail server', results: results ?? [] }
}
