import type { TextFormat } from './format.ts'

const ADDRESS = '<?[^\\s<>"\']{1,320}@[^\\s<>"\']{1,253}>?'
const line = (before: string, after = '') => new RegExp(`^\\s{0,20}${before}\\s{0,9}(${ADDRESS})${after}`, 'i')

/** Providers, Windows mailers, gateways and groupware that write reports of their own in English. */
export const PROVIDER_FORMATS: readonly TextFormat[] = [
  {
    name: 'LSMTP (LISTSERV)',
    recipient: line('Error-for:'),
    ends: /^\s*Error-End:/i,
  },
  {
    name: 'Exchange 5.5 and 2000 to 2003',
    begins:
      /did not reach the following recipient|recipient\(?s?\)? could not be (?:reached|delivered)|delivery to the following recipients? (?:has )?failed|could not be reached:/i,
    ends: /^\s*(?:original message headers|diagnostic information for administrators)/i,
    recipient:
      /^\s{0,20}(?:recipient:\s?\[?)?((?:c=|smtp:|'|<)?[^\s]{0,300}@[^\s]{1,253})(?:\s(?:on|am|le|den|at)\b.{0,400}|;? on .{0,400}|\s*[\])>;]?\s*)$/i,
  },
  {
    name: 'MDaemon',
    begins: /did not receive a copy of your message|following (?:addresses|recipients) did not receive/i,
    ends: /^\s*-{3} session transcript/i,
    recipient: line('>?', '\\s*$'),
  },
  {
    name: 'recipient on a line of its own after a sentence',
    begins:
      /(?:deliver(?:ed|y)?|relayed|reach(?:ed)?|send|sent|remis|receive).{0,160}\b(?:recipients?(?:\(s\))?|address(?:es|\(es\))?|users?|to|a)\b.{0,120}[:.\w]\s*$/i,
    ends: /^\s*(?:original message headers|no action is required|please reply to)/i,
    recipient: line(
      '(?:[*>-]{1,2}\\s|recipient:\\s?\\[?(?:smtp:)?|")?',
      '[\\])">;:]{0,3}(?:\\s{0,9}(?:\\(|;|on |\\.\\.\\. ).{0,400})?\\s*$',
    ),
  },
  {
    name: 'recipient on a line of its own, failed recipients headed',
    begins: /^\W{0,30}(?:failed (?:recipients?|addresses)|failure reasons|message not delivered to)/i,
    recipient: line('(?:[*>-]{1,2}\\s)?', '>?(?::|\\s|$)'),
  },
  {
    name: 'recipient named in a sentence',
    recipient: new RegExp(
      `(?:\\b(?:undeliverable to|unable to deliver (?:message|mail|your message)? ?to|delivery failed \\d{1,4} attempts:|unknown user:|user unknown:|invalid final delivery userid:|intended recipient:|failed recipient:|undeliverable address:|originally addressed to|the following message, addressed to|quota violation for|your message to(?: address)?|message for|mailbox is full:|destination address was unknown:|local mailbox|gateway for|addressed to email address ?:|address to which your message was addressed,|unknown address|recipient address:|final recipient:|recipient:)\\s{0,9}['"]?)(${ADDRESS})`,
      'i',
    ),
  },
  {
    name: 'address first, verdict behind it',
    recipient: new RegExp(
      `^\\s{0,20}(${ADDRESS})[>:]?\\s?(?:-|\\.\\.\\.|:|\\()?\\s?(?:no such user|user unknown|unknown user|unknown host|invalid address|error,|unknown or illegal|domain does not exist|mailbox (?:full|unavailable|not found)|requested action|host unknown|not found|does not exist|5\\d\\d\\b|4\\d\\d\\b)`,
      'i',
    ),
  },
  {
    name: 'SMTP dialogue (InterScan, hMailServer, KDDI, ezweb …)',
    recipient: new RegExp(`^\\s{0,20}(?:[<>]{1,3}\\s?|sent <<<\\s?|.{0,30}sent:\\s?)RCPT TO:\\s?(${ADDRESS})`, 'i'),
  },
]
