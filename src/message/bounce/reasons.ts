/** Why a mailer gave a mail back, as far as it decides whether writing to the address again is any use. */
export interface Reason {
  name: string
  /** True where the address itself is dead: nobody lives there, the host does not exist, it takes no mail at all. */
  permanent: boolean
  /** The enhanced status (RFC 3463) without its class, for reports that give none. */
  detail: string
  /** Enhanced statuses (without the class) that say it by themselves, whatever the words. */
  statuses: readonly string[]
  words: readonly RegExp[]
}

/** Ordered: the first reason whose words are found is taken, so what is more telling stands first. */
export const REASONS: readonly Reason[] = [
  {
    // Exchange Online says so of recipients that its directory lacks (directory-based edge blocking).
    name: 'user unknown',
    permanent: true,
    detail: '1.1',
    statuses: [],
    words: [/\brecipient address rejected: access denied\b/i],
  },
  {
    name: 'mailbox full',
    permanent: false,
    detail: '2.2',
    statuses: ['2.2'],
    words: [
      /\b(?:mail ?box|mailfolder|inbox|account|user|recipient|storage)\b.{0,40}\b(?:is |are )?(?:full|exceed(?:s|ed|ing)|over(?:drawn| quota)?|too full)\b/i,
      /\b(?:over|exceed(?:s|ed|ing)?|exceeds?) (?:his |her |its |the |their |allowed |disk |mail ?box |message |storage |allocated )*(?:quota|storage|size limit of the mailbox)/i,
      /\bquota\b.{0,30}\b(?:exceed|violation|full|reached|limit|overdrawn)|\b(?:disk|mail) quota\b|\bmailbox has exceeded|\binsufficient (?:disk|mailbox|storage) (?:space|quota)|\bnot enough (?:storage|space)/i,
      /\btoo much mail (?:stored|in)|\bmailbox size limit|\boverquota\b|\bover quota\b|\bexdiskquota\b|\bpostfachs?\b.{0,30}\b(?:voll|überschritten)|\bpostkassen? .{0,20}(?:fuld|full)|\bboîte .{0,30}pleine|\bbuzón .{0,20}lleno|переполнен/i,
    ],
  },
  {
    name: 'message too big',
    permanent: false,
    detail: '3.4',
    statuses: ['3.4', '2.3'],
    words: [
      /\b(?:message|mail|size|length)\b.{0,40}\b(?:too (?:big|large|long)|size limit|exceeds? (?:the )?(?:fixed |maximum |size|limit|allowed|length)|exceeded (?:the )?max)/i,
      /\bexceed(?:s|ed)? (?:the )?maximum (?:incoming |inbound )?(?:message|mail)|\bsize limit exceeded\b|\bmaximum (?:message )?size\b/i,
    ],
  },
  {
    name: 'moved',
    permanent: true,
    detail: '1.6',
    statuses: ['1.6'],
    words: [
      /\b(?:has (?:been )?moved|user has moved|address has (?:been )?(?:changed|moved|replaced)|is no longer at|please try <?\S{1,200}@)/i,
    ],
  },
  {
    name: 'blocked, spam, policy or authentication',
    permanent: false,
    detail: '7.1',
    statuses: [],
    words: [
      /\b(?:spam|unsolicited|bulk e?-?mail|black ?list(?:ed)?|block ?list(?:ed)?|blacklisted|blocked|dnsbl|rbl|spamhaus|spamcop|barracuda|reputation|greylist(?:ed)?)\b/i,
      /\b(?:spf|dkim|dmarc|authentication (?:failed|required|check)|unauthenticated|not authenticated|authenticat\w{1,12})\b/i,
      /\b(?:virus|malware|infected|phishing|prohibited attachment|executable|banned)\b/i,
      /\b(?:permission to (?:post|send)|not (?:authori[sz]ed|allowed|permitted) to (?:post|send)|policy|policies|local violation|access denied|mail rejet|mail rejected|transaction failed|receiving mail at a rate|protocol violation|content (?:rejected|filter)|message content|rejected for|message (?:filtered|rejected|refused))\b/i,
      /\b(?:relay(?:ing)? (?:denied|not permitted|access denied|not allowed)|unable to relay|not (?:allowed|permitted) to relay|we do not relay|relaying mail|must (?:be )?authenticat|not configured to relay|relaying)\b/i,
      /\b(?:too many (?:connections|messages|recipients|concurrent|emails)|rate limit|throttl|deferred|temporarily deferred|try (?:again )?later|sending too fast|too (?:fast|frequent))/i,
      /\b(?:reverse dns|ptr record|no ptr|cannot find your (?:reverse )?hostname|your hostname|client host rejected|helo command rejected|fcrdns)\b/i,
      /\bsender (?:address )?(?:rejected|verify failed|denied)|\bsender domain|\bdomain of sender|\bsender (?:is )?(?:unknown|invalid)|\bfrom address\b.{0,40}\brejected|\binvalid sender\b|\brecipient preferences\b|\bnot (?:a )?member\b/i,
    ],
  },
  {
    name: 'account disabled',
    permanent: false,
    detail: '2.1',
    statuses: ['7.13'],
    words: [
      /\b(?:account|mailbox|user|recipient|address|domain)\b.{0,40}\b(?:disabled|suspended|deactivated|inactive|not active|locked|expired|on hold|frozen|blocked|discontinued)\b/i,
      /\b(?:disabled|suspended|inactive|deactivated) (?:account|user|mailbox|recipient|address)\b|\bhas not been collected\b/i,
    ],
  },
  {
    name: 'host unknown',
    permanent: true,
    detail: '1.2',
    statuses: ['1.2'],
    words: [
      /\b(?:host|domain|hostname|mail server)\b.{0,80}\b(?:unknown|not found|does not exist|doesn't exist|not known|cannot be found|couldn't be found|could not be found|unrouteable|invalid)\b/i,
      /\b(?:unknown|unrout(?:e)?able|illegal|invalid|no such|non-?existent|bad) (?:mail |destination |host\/)?(?:host|domain)\b|\bunrouteable (?:mail )?domain\b|\bnxdomain\b|\ball relevant mx records point to non-existent hosts\b/i,
      /\b(?:couldn't|could not|can't|cannot|unable to) (?:find|resolve|look ?up) (?:any |a )?(?:host|domain|mx|mail exchanger|address|gateway|route|server)/i,
    ],
  },
  {
    name: 'takes no mail',
    permanent: true,
    detail: '1.10',
    statuses: ['1.10', '7.27'],
    words: [
      /\b(?:does not|doesn't|do not|not) accept(?:ing)? (?:any )?(?:e-?)?mail\b|\bnull ?mx\b|\bnot accepting mail\b|\bsmtp protocol violation: no mail\b/i,
    ],
  },
  {
    name: 'user unknown',
    permanent: true,
    detail: '1.1',
    statuses: ['1.1', '1.0', '1.3'],
    words: [
      /\b(?:user|users|recipient|addressee|mailbox|account|address|e-?mail|userid|alias|local[- ]part|login|person)\b.{0,60}\b(?:unknown|not? (?:be )?(?:found|known|exist|listed|recogni[sz]ed|valid|available)|does(?:n't| not) (?:exist|have an?\b)|doesn't|not exist(?:s)?|invalid|undeliverable|no longer|nonexist(?:ent|ing)|non-existent|is wrong|unavailable|rejected)\b/i,
      /\b(?:unknown|invalid|no such|illegal|bad|unrouteable|undeliverable|non-?existent|no) (?:or illegal |local |e-?mail |final delivery |destination )?(?:user|recipient|address(?:ee)?|mailbox|account|alias|userid|person|e-?mail|local[- ]part|name)\b/i,
      /\bno (?:mailbox|account|user|recipient|such)\b.{0,40}\b(?:here|by that name|with that name|person|found)\b|\bnot (?:listed in|in (?:the )?(?:domino|address|directory|name))|\b(?:not|isn't) (?:a )?(?:known|valid|registered) (?:user|address|recipient|mailbox)/i,
      /\bthere is no user\b|\bdoes not (?:have|like) (?:a|an|recipient)|\bdidn't recognize|\bwasn't found\b|\bcouldn't be found\b|\bno longer (?:valid|available|in use|on server|employed|works?)\b|\bhas left\b|\bdid not exactly match\b|\bno matches to\b/i,
      /\b(?:findes ikke|ukendt (?:bruger|modtager|adresse)|ukjent (?:bruker|mottaker)|finnes ikke|eksisterer ikke|okänd (?:användare|mottagare)|finns inte|hittades inte|blev ikke fundet|ble ikke funnet)\b/i,
      /\b(?:unbekannt|existiert nicht|nicht (?:bekannt|gefunden|erreichbar)|n'existe pas|inconnue?|introuvable|no existe|desconocid[oa]|inexistente|non esiste|sconosciuto|bestaat niet|onbekend|nie istnieje|neexistuje|ei ole olemassa|tuntematon)\b/i,
      /(?:не существует|не найден|неизвестн|存在しません|見つから|ディレクトリのリストにありません|不存在|不明|존재하지)/,
    ],
  },
  {
    name: 'timed out or network trouble',
    permanent: false,
    detail: '4.7',
    statuses: ['4.7', '4.1', '4.2', '4.4'],
    words: [
      /\b(?:timed? ?out|time-?out|expired|retry|too long|in the queue|not responding|unreachable|not reachable|no answer|no route|refused|loop(?:ing|s)?|too many hops|hop count)\b/i,
      /\b(?:connection|connect|network|transient|temporary|temporarily|unavailable or busy|not be reached|could not connect)\b|\bwithin \d+ (?:days|hours)\b|\baborted after\b/i,
    ],
  },
  {
    name: 'system trouble',
    permanent: false,
    detail: '3.0',
    statuses: ['3.0', '3.5', '3.2', '4.6'],
    words: [
      /\b(?:command (?:died|failed|output)|mailer|system (?:error|failure|config)|internal error|i\/o error|child status|local error|out of (?:memory|disk)|no space left|service unavailable)\b/i,
    ],
  },
]
