/**
 * How mail clients mark up quoted mails, forwards and signatures. Data only: a row for each mark, with the clients that write it.
 *
 * Left out on purpose, because authors' own words stand inside or below them: Gmail's `gmail_extra` (wraps answers and signatures too)
 * and Outlook's empty `appendonsend` (also in mails that quote nothing; the header block below it has marks of its own).
 */

/**
 * quote: a quoted mail begins with the element's first line. quote-box: and the element holds nothing but the quoted mail.
 * quote-divider, signature-divider: an empty element above it. forward, signature: the element's first line begins one.
 */
export type Role = 'quote' | 'quote-box' | 'quote-divider' | 'forward' | 'signature' | 'signature-divider'

type Row = readonly [role: Role, mark: string, client: string]

/** By class, lower case, without the prefixes that webmails put before the classes of a mail they show. */
const CLASSES: readonly Row[] = [
  ['quote', 'gmail_quote', 'Gmail, K-9, AOSP Mail, Samsung'],
  ['quote', 'gmail_attr', 'Gmail'],
  ['quote', 'moz-cite-prefix', 'Thunderbird'],
  ['quote', 'protonmail_quote', 'Proton'],
  ['quote', 'tutanota_quote', 'Tuta'],
  ['quote', 'missive_quote', 'Missive'],
  ['quote', 'front-blockquote', 'Front'],
  ['quote', 'freshdesk_quote', 'Freshdesk'],
  ['quote', 'zendesk_quote', 'Zendesk'],
  ['quote', 'outlookmessageheader', 'Outlook 2003'],
  ['quote', 'ms-outlook-mobile-reference-message', 'Outlook mobile'],
  ['quote', 'inoteshistory', 'HCL Notes'],
  ['quote', 'aolreplacedbody', 'AOL'],
  ['quote', 'wordsectionreply', 'Outlook'],
  ['quote', '-x-evo-cite-prefix', 'Evolution'],
  ['quote', 'zmail_extra', 'Zoho'],
  ['quote', 'gmx_quote', 'GMX'],
  ['quote', 'sparrow_quote', 'Sparrow'],
  ['quote', 'nylas-quote', 'Nylas'],
  ['quote', 'superhuman-quote', 'Superhuman'],
  ['quote', 'mailbird-quote', 'Mailbird'],
  ['quote', 'history_container', 'Salesforce'],
  ['quote-box', 'yahoo_quoted', 'Yahoo, AOL'],
  ['forward', 'moz-forward-container', 'Thunderbird'],
  ['forward', 'gmail_forward', 'Gmail'],
  ['signature', 'gmail_signature', 'Gmail'],
  ['signature', 'gmail_signature_prefix', 'Gmail'],
  ['signature', 'moz-signature', 'Thunderbird'],
  ['signature', 'protonmail_signature_block', 'Proton'],
  ['signature', 'ms-outlook-mobile-signature', 'Outlook mobile'],
  ['signature', 'k9mail-signature', 'K-9'],
  ['signature', '-x-evo-signature', 'Evolution'],
  ['signature', '-x-evo-signature-wrapper', 'Evolution'],
  ['signature', 'front-signature', 'Front'],
  ['signature', 'bloop_sign', 'Airmail'],
  ['signature', 'missive_signature', 'Missive'],
  ['signature', 'tutanota_signature', 'Tuta'],
  ['signature', 'yahoo_signature', 'Yahoo'],
  ['signature', 'snappymail-signature', 'SnappyMail'],
]

/** By id, lower case, without such prefixes and without a number at the end. */
const IDS: readonly Row[] = [
  ['quote', 'divrplyfwdmsg', 'Outlook on the web, Outlook.com'],
  ['quote', 'mail-editor-reference-message-container', 'Outlook mobile and new Outlook'],
  ['quote', 'ms-outlook-mobile-body-separator-line', 'Outlook mobile'],
  ['quote', 'reply-intro', 'Roundcube'],
  ['quote', 'replybody', 'Roundcube'],
  ['quote', 'isreplycontent', 'NetEase'],
  ['quote', 'isforwardcontent', 'NetEase'],
  ['quote', 'oriMsgHtmlSeperator'.toLowerCase(), 'Alibaba'],
  ['quote', 'composeserverreplybody', 'Samsung'],
  ['quote', 'mailcontent_quote', 'Samsung'],
  ['quote', 'history_container', 'Salesforce'],
  ['quote-box', 'yahoo_quoted', 'Yahoo, AOL'],
  ['quote-box', 'olk_src_body_section', 'Outlook 2011 for Mac'],
  ['quote-divider', 'stopspelling', 'Hotmail, Windows Live'],
  ['quote-divider', 'zwchr', 'Zimbra'],
  ['forward', 'forwardbody', 'Roundcube'],
  ['signature', 'signature', 'Outlook on the web'],
  ['signature', 'ms-outlook-mobile-signature', 'Outlook mobile'],
  ['signature', 'applemailsignature', 'Apple Mail'],
  ['signature', 'composer_signature', 'Samsung'],
  ['signature', '_rc_sig', 'Roundcube'],
  ['signature', 'zm-_id_-sgn', 'Zoho'],
  ['signature', 'bloop_sign', 'Airmail'],
  ['signature-divider', 'linebreakatbeginningofsignature', 'Apple iOS'],
]

/** By `name`, lower case. */
const NAMES: readonly Row[] = [
  ['quote-box', 'quote', 'GMX, web.de, mail.com'],
  ['quote', 'messagereplysection', 'Spark'],
  ['signature', 'messagesignaturesection', 'Spark'],
]

/** By `data-marker`, lower case. */
const DATA_MARKERS: readonly Row[] = [
  ['quote-divider', '__divider__', 'Zimbra'],
  ['quote', '__headers__', 'Zimbra'],
  ['quote', '__quoted_text__', 'Zimbra'],
  ['signature', '__sig_pre__', 'Zimbra'],
  ['signature', '__sig_post__', 'Zimbra'],
]

/** By the name of the element itself. */
const ELEMENTS: readonly Row[] = [['signature', 'signature', 'Mailspring']]

const byMark = (rows: readonly Row[]) => new Map(rows.map(([role, mark]) => [mark, role]))

export const ROLE_OF_CLASS = byMark(CLASSES)
export const ROLE_OF_ID = byMark(IDS)
export const ROLE_OF_NAME = byMark(NAMES)
export const ROLE_OF_DATA_MARKER = byMark(DATA_MARKERS)
export const ROLE_OF_ELEMENT = byMark(ELEMENTS)

/** Classes and ids with which clients mark the blockquote of a quoted mail; every class with 'quote' in it counts too. */
export const QUOTING_BLOCKQUOTES = new Set([
  'cite', // eM Client
  'cite2', // eM Client
  'clean_bq', // Airmail
  'isreplycontent', // NetEase
  'qt', // Fastmail
  'outlook-cite', // Outlook on the web
])

/**
 * What a webmail puts before the classes and ids of a mail it shows or quotes: Outlook.com, Hotmail, Gmail, Fastmail, Yahoo.
 * Bounded by the length of the token, which is capped.
 */
export const CLASS_PREFIXES = /^(?:x_|ecx|gmail-|qt-|m_-?\d+|ydp[0-9a-f]+|yiv\d+)+/

/** Gmail gives forwards the markup of replies; only this start of their first line, the same in every language, tells them apart. */
export const GMAIL_FORWARD = '---------- '
