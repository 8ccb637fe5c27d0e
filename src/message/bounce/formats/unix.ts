import type { TextFormat } from './format.ts'

const ALIAS = /^\s{0,8}\((?:generated|expanded) from:? (<?[^\s<>()]{1,320}@[^\s<>()]{1,253}>?)\)/

/** sendmail, Postfix, Exim, qmail, Courier, OpenSMTPD and those who word their reports like them. */
export const UNIX_FORMATS: readonly TextFormat[] = [
  {
    name: 'Postfix',
    begins: /^(?:this is the .{1,80} (?:program|system) at host|\s*the (?:.{1,40} program|mail system)\s*$)/i,
    recipient: /^(<[^>]{1,320}>)(?:\s\(expanded from.{0,400})?:?(?:\s|$)/,
  },
  {
    name: 'qmail and its kin (Yahoo, Outblaze, secureserver, newmail.ru, sina …)',
    recipient: /^(<[^>\s]{1,320}>):\s*$/,
  },
  {
    name: 'Exim',
    begins:
      /(?:address(?:es|\(es\))? failed|^failed):?\s*$|following address failed|addresses? to which the message has not yet been delivered|not yet been delivered to the following/i,
    ends: /^(?:no action is required|-{3,}|the following text was generated|included is a copy)/i,
    recipient: /^\s{0,8}(?:save to \S{1,200} )?["<]?([^\s<>"]{1,320}@[^\s<>"]{1,253})[">]?:?(?:\s.{0,1500})?$/,
  },
  {
    name: 'sendmail',
    begins: /^\s*-{3,5}\s?the following addresses had\b|^\s*-{3,5} the following addresses (?:have|were)/i,
    ends: /^\s*-{3,5}\s?(?:transcript|message header|unsent|original|returned)/i,
    recipient: /^\s{0,4}(?:>>> )?(<?[^\s<>()]{1,320}@[^\s<>()]{1,253}>?)(?:\s.{0,1000})?$/,
  },
  {
    name: 'sendmail, transcript alone',
    begins: /^\s*-{3,5}\s?transcript of (?:the )?session follows/i,
    recipient: /^\d{3} (?:\d\.\d{1,3}\.\d{1,3} )?(<?[^\s<>]{1,320}@[^\s<>]{1,253}>?)\.\.\. /,
  },
  {
    name: 'Postfix under another name (Yandex …)',
    recipient:
      /^(<[^>\s]{1,320}>)(?:\s\(expanded from.{0,400})?: (?:host|connect|unknown|mail|name|temporary|permission|command|user|\d{3}\b|lost|can)/i,
  },
  {
    name: 'Exim and sendmail, an address that hides what it stands for',
    recipient: ALIAS,
  },
  {
    name: 'Courier',
    begins:
      /^\s*unable to deliver|^this is a delivery status notification from|your message to the following recipients/i,
    recipient: /^\s{0,4}(<[^>]{1,320}>):\s*$/,
  },
  {
    name: 'OpenSMTPD',
    begins:
      /^\s*(?:an error has occurred while attempting to deliver|a message could not be delivered to|a message is delayed)/i,
    recipient: /^\s{0,4}([^\s<>]{1,320}@[^\s<>:]{1,253}):(?:\s.{0,1000})?$/,
  },
]
