import type { TextFormat } from './format.ts'

const ADDRESS = '<?[^\\s<>"\']{1,320}@[^\\s<>"\']{1,253}>?'

/** A line that holds a recipient and nothing else but marks, a bracket, or a verdict set off from it. */
const ALONE = new RegExp(
  `^\\s{0,30}(?:(?:[*>•·-]{1,2}|\\d{1,3}[.)])\\s{1,3}|recipient:\\s?\\[?(?:smtp:)?|to:\\s{1,9}|["'])?(${ADDRESS})` +
    '["\'\\])>;:,.]{0,3}(?:\\s{0,9}(?:\\(|;|<|\\[|on |\\.\\.\\. |- ).{0,400})?\\s*$',
  'i',
)

/** Words right before a recipient within a sentence. */
const NAMED_BEHIND = [
  'undeliverable\\s{1,3}to',
  'unable to deliver (?:message|mail|your message)? ?to:?',
  'error delivering your mail to',
  'unable to send (?:mail |e-?mail )?to',
  'failed to deliver to',
  'rejected (?:the )?recipient',
  'invalid recipient:',
  'not be delivered to:',
  "(?:wasn't|was not|not been|not) delivered to",
  'message to',
  'delivery of email to this address',
  'user mailbox exceeds allowed size:',
  'not a member of this mailing list',
  'duplicated message-id in',
  'your message was addressed,',
  'addressed to:',
  'delivery failed \\d{1,4} attempts:',
  'unknown user:',
  'user unknown:',
  'invalid final delivery userid:',
  'intended recipient:',
  'failed recipient:',
  'undeliverable address:',
  'originally addressed to',
  'the following message, addressed to',
  'quota violation for',
  'your message to(?: address)?',
  'message for',
  'mailbox is full:',
  'destination address was unknown:',
  'local mailbox',
  'gateway for',
  'addressed to email address ?:',
  'recipient address:',
  'final recipient:',
  'recipient:',
]

/** A verdict right behind a recipient at the beginning of a line. */
const VERDICTS = [
  'no such user',
  'user unknown',
  'unknown user',
  'unknown host',
  'invalid address',
  'error,',
  'unknown or illegal',
  'domain does not exist',
  'mailbox (?:full|unavailable|not found)',
  'requested action',
  'host unknown',
  'not found',
  'does not exist',
  '#?[<]?[45]\\d\\d\\b',
  '#?[<]?[45]\\.\\d',
]

/** Providers, Windows mailers, gateways and groupware that write reports of their own in English. */
export const PROVIDER_FORMATS: readonly TextFormat[] = [
  {
    name: 'LSMTP (LISTSERV)',
    recipient: new RegExp(`^\\s{0,9}Error-for:\\s{0,9}(${ADDRESS})`, 'i'),
    ends: /^\s*Error-End:/i,
  },
  {
    name: 'Exchange 5.5 to 2003',
    begins:
      /did not reach the following recipient|could not be reached:|delivery to the following recipients? (?:has )?failed/i,
    ends: /^\s*(?:original message headers|diagnostic information for administrators)/i,
    recipient:
      /^\s{0,20}(?:recipient:\s?\[?)?((?:c=.{0,200}SMTP=|smtp:|'|<)?[^\s]{0,300}@[^\s;]{1,253})(?:\s(?:on|am|le|den|at)\b.{0,400}|;? on .{0,400}|\s*[\])>;]?\s*)$/i,
  },
  {
    name: 'Exchange 2007 and later, the part for administrators',
    begins:
      /^\s*(?:generating server|genererende server|genererande server|generierender server|generator-server|serveur de génération|servidor de generación|server di generazione|bronserver|luova palvelin)/i,
    ends: /^\s*(?:original message headers|oprindelige brevhoveder|ursprungliga meddelandehuvuden|ursprüngliche nachrichtenkopfzeilen)/i,
    recipient: ALONE,
  },
  {
    name: 'a line of its own behind a sentence',
    begins:
      /\b(?:del[ie]ver(?:ed|y|ing)?|relayed|reach(?:ed)?|sen[dt]|receive|affected|undeliverable)\b.{0,160}\b(?:recipients?|address(?:es)?|users?|to)\b/i,
    ends: /^\s*(?:original message headers|no action is required|please reply to)/i,
    recipient: ALONE,
  },
  {
    name: 'a list with a heading',
    begins:
      /addressed to (?:the )?(?:e-?mail )?address\s?:?$|^\W{0,30}(?:failed (?:recipients?|addresses)|failure reasons|message not delivered to|invalid recipients?|(?:the )?following recipients?)/i,
    recipient: ALONE,
  },
  {
    name: 'named in a sentence',
    recipient: new RegExp(`\\b(?:${NAMED_BEHIND.join('|')})\\s{0,9}['"]?(${ADDRESS})`, 'i'),
  },
  {
    name: 'address first, verdict behind it',
    recipient: new RegExp(`^\\s{0,20}(${ADDRESS})[>:]?\\s?(?:-|\\.\\.\\.|:|\\()?\\s?(?:${VERDICTS.join('|')})`, 'i'),
  },
  {
    name: 'AOL, mailboxes of its own without their domain',
    begins: /following recipients? could not be delivered because/i,
    recipient: ALONE,
    bare: /^\s{1,20}([A-Za-z0-9._-]{1,64})\s*$/,
  },
  {
    name: 'Yahoo, the headers of the mail instead of its recipients',
    begins: /able to deliver the following message/i,
    recipient: new RegExp(`(?:^|\\s)To:\\s{0,9}(${ADDRESS})`),
  },
  {
    name: 'SMTP dialogue (InterScan, hMailServer, KDDI, ezweb …)',
    recipient: new RegExp(
      `^\\s{0,20}(?:[<>]{1,3}\\s?|sent <<<\\s?|in:\\s{1,3}|.{0,30}sent:\\s?)?RCPT TO:\\s?(${ADDRESS})`,
      'i',
    ),
  },
]
