import { LETTER, REPLY_PREFIX } from './phrases.ts'
import type { Evidence } from './rule.ts'
import { ROBOT_LOCAL } from './senders.ts'

const MAIL_CLIENT =
  /\b(?:outlook|thunderbird|apple mail|iphone mail|ipad mail|mutt|k-?9|evolution|kmail|roundcube|airmail|spark|em client|the bat|lotus notes|hcl notes|gnus|claws|sylpheed|postbox|mailmate|zimbra|open-xchange|sogo|horde|squirrelmail|mozilla|icedove|alpine|pine|geary|vivaldi|betterbird|fairemail|bluemail|samsung|android|groupwise|rainloop|snappymail|mailspring|gmx|webmail)/i

const CLIENT_ONLY_HEADERS = [
  'thread-index',
  'x-ms-has-attach',
  'x-universally-unique-identifier',
  'x-mozilla-status',
  'x-clientproxiedby',
]

/**
 * What speaks for a person behind a mail whose headers are only suspicious: company gateways and relays put
 * Precedence, List-Unsubscribe, Feedback-ID and X-Loop on everything that passes. Null where nothing does.
 */
export function personBehind(mail: Evidence, text: string): string | null {
  if (isRobot(mail)) return null
  if (mail.headers('auto-submitted').some((value) => /^no\b/i.test(value))) return 'Auto-Submitted: no'
  const client = [...mail.headers('x-mailer'), ...mail.headers('user-agent')].find((value) => MAIL_CLIENT.test(value))
  if (client) return `a mail client, ${client}`
  const header = CLIENT_ONLY_HEADERS.find((name) => mail.headers(name).length > 0)
  if (header) return `the header ${header}`
  if (mail.parsed.inReplyTo.length > 0) return 'In-Reply-To'
  if (REPLY_PREFIX.test(mail.subject) && mail.parsed.references.length > 0) return 'References'
  return LETTER.some((pattern) => pattern.test(text)) ? 'a letter closed by hand' : null
}

/** The sender is an address that nobody answers from. */
export function isRobot(mail: Evidence): boolean {
  const address = mail.parsed.from?.address ?? ''
  return ROBOT_LOCAL.test(address.slice(0, address.lastIndexOf('@')).slice(0, 200))
}
