import { LETTER, REPLY_PREFIX } from './phrases.ts'
import type { Evidence } from './rule.ts'
import { MAIL_CLIENT, MAILING_LOCAL, ROBOT_LOCAL } from './senders.ts'

const CLIENT_HEADERS = ['thread-index', 'x-ms-has-attach', 'x-universally-unique-identifier', 'x-mozilla-status']

/** The mail program that somebody wrote this with, or null. Responders on servers leave no such trace. */
export function clientOf(mail: Evidence): string | null {
  const client = [...mail.headers('x-mailer'), ...mail.headers('user-agent')].find((value) => MAIL_CLIENT.test(value))
  return client ?? CLIENT_HEADERS.find((name) => mail.headers(name).length > 0) ?? null
}

/**
 * What speaks for a person behind a mail whose headers are only suspicious: company gateways and relays put
 * Precedence, List-Unsubscribe, Feedback-ID and X-Loop on everything that passes. Null where nothing does.
 */
export function personBehind(mail: Evidence): string | null {
  if (isRobot(mail) || isMailing(mail)) return null
  if (mail.headers('auto-submitted').some((value) => /^no\b/i.test(value))) return 'Auto-Submitted: no'
  const client = clientOf(mail)
  if (client) return client
  if (mail.parsed.inReplyTo.length > 0) return 'In-Reply-To'
  if (REPLY_PREFIX.test(mail.subject) && mail.parsed.references.length > 0) return 'References'
  return LETTER.some((pattern) => pattern.test(mail.beginning)) ? 'a letter closed by hand' : null
}

/** The sender is an address that nobody answers from. */
export function isRobot(mail: Evidence): boolean {
  return ROBOT_LOCAL.test(localPart(mail))
}

/** The sender is called after newsletters. */
export function isMailing(mail: Evidence): boolean {
  return MAILING_LOCAL.test(localPart(mail))
}

function localPart(mail: Evidence): string {
  const address = mail.parsed.from?.address ?? ''
  return address.slice(0, Math.max(0, address.lastIndexOf('@'))).slice(0, 200)
}
