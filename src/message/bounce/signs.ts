import type { BouncedRecipient } from '../message.ts'
import type { Notice } from './notice.ts'

/** Local parts and names under which mail systems write reports. */
const SYSTEM_LOCAL =
  /^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mail-?delivery(?:[-_.](?:system|subsystem|service))?|mail\.delivery\.system|postmaster|post[-_]office|delivery-?daemon|system[-_. ]?administrator|mailadm(?:in)?|mdaemon|imss|amavisd?|bounce[sd]?|bounced?-mail|microsoftexchange[0-9a-f]{8,}|symantec_antivirus.*|e500_smtp_mail_service|smtp-?gateway|internet-mail-delivery)$/i
const SYSTEM_NAME =
  /^(?:"?(?:mail(?:er)?[- ]?daemon|mail delivery (?:sub)?(?:system|service)|mail administrator|internet mail delivery|delivery subsystem|microsoft outlook|system administrator|systemadministrator|systemadministratör|postmaster|mail system|pmdf e-mail interconnect|interscan.*|content-filter at .*|mailsystem|mail router|administrateur système|administrador del sistema|järjestelmänvalvoja)\b)/i

const DAEMON = /^(?:mailer-?daemon|microsoftexchange[0-9a-f]{8})/i

/** Subjects of reports, in the languages that mailers write; a reply or forward prefix takes their force away. */
const SUBJECTS: readonly RegExp[] = [
  /\bundeliver(?:able|ed)\b|\bnon[- ]?deliver(?:y|able)\b|\bnot delivered\b|\bcould(?:n't| not) be delivered\b|\bunable to deliver\b/i,
  /\bdeliver(?:y|ing)\b.{0,40}\b(?:fail(?:ed|ure)?|problem|delay(?:ed)?|error|notification|status|report|warning|issue)\b/i,
  /\b(?:fail(?:ed|ure)?|problem|delay(?:ed)?|error)\b.{0,30}\bdeliver(?:y|ing)\b|\bfailed mail\b|\bmail fail(?:ed|ure)\b/i,
  /\breturned (?:e-?)?mail\b|\breturn(?:ing|ed)?(?: message)? to sender\b|\bfailure notice\b|\bmail (?:system )?error\b|\bprocessing error\b/i,
  /\b(?:warning: )?(?:message|mail)\b.{0,60}\bdelayed\b|\bdelayed mail\b|\bwarning: could not send\b|\bhas not (?:yet )?been delivered\b/i,
  /\buser unknown\b|\bbounced?\b|\bautomatically rejected mail\b|\byou .{1,120} are not member\b|\bsmtp server: errors from\b|\bloop alert\b/i,
  /\bwarning: .{0,120} - user unknown|\bmessage you sent blocked\b|\bconsidered unsolicited bulk\b/i,
  /^(?:relayed|delivered|leveret|levert|levererat|zugestellt|remis|entregado|entregue)\s?:/i,
  /^(?:ikke leveret|kan ikke leveres|kunne ikke leveres|uleveret|ikke levert|kan ikke leveres|ulevert|uleverbar|kunne ikke levere|returneret mail|returnert|leveringsfejl|leveringsfeil|meldingen kunne ikke)/i,
  /\b(?:ikke leveret|ikke blive leveret|uden levering|leveringsstatus|leveransestatus|leveringen mislykkedes|leveringen er forsinket|levering forsinket)\b/i,
  /^(?:det gick inte att leverera|kan inte levereras|kunde inte levereras|ej levererat|olevererbart?|leveransfel|oleverat|returnerad e-post)/i,
  /\b(?:leveransen? (?:misslyckades|försenad|har försenats)|kunde inte levereras|statusmeddelande om leverans)\b/i,
  /\b(?:unzustellbar|nicht zustellbar|zustell(?:ung|fehler|problem|status)|zurück an absender|konnte nicht zugestellt)/i,
  /\b(?:toimittaminen epäonnistui|ei voitu toimittaa|ei voi toimittaa|toimitusvirhe|perille toimittamatta|viivästynyt)\b/i,
  /(?<!\p{L})(?:non remis|non distribu|échec de (?:la )?(?:remise|distribution|livraison)|non délivr|n'a pas pu être (?:remis|délivr)|remise différée)/iu,
  /\b(?:no se (?:puede|pudo|ha podido) entregar|no entregado|no se entregó|error de entrega|entrega fallida|devuelto|devolución)\b/i,
  /\b(?:não (?:foi )?entregue|falha na entrega|mensagem não entregue|não (?:é )?possível entregar|impossibile recapitare|mancato recapito|non recapitabile|recapito non riuscito|onbestelbaar|niet bezorgd|niet afgeleverd|niet worden bezorgd|mislukt)\b/i,
  /(?:ekki (?:tókst|hægt|unnt) að afhenda|óafhent|óafhendanlegt|nepavyko pristatyti|neizdevās piegādāt|edastamine ebaõnnestus|nu a fost livrat|не вдалося доставити|αδύνατη η παράδοση)/i,
  /(?:не доставлено|недоставлен|не удалось доставить|невозможно доставить|сбой доставки|配信できません|配信不能|送信できません|配達できません|未送達|退信|无法(?:发送|送达|投递)|無法傳遞|投递失败|退回|반송|전송 실패|niedostarczon|nie można dostarczyć|zwrot|nedoručen|nelze doručit|kézbesíthetetlen|teslim edilemedi|iletilemedi)/i,
]

const REPLY_PREFIX = /^\s{0,9}(?:re|sv|vs|aw|antw|wg|fw|fwd|vl|rif|r|tr|rv|enc|odp|ynt|ref)(?:\[\d{1,3}\])?\s?:/i

/** What speaks for a mail being a report of a mail system. */
export interface Signs {
  /** The sender is a mail system (MAILER-DAEMON, postmaster …) or nobody (null return path, empty From). */
  system: boolean
  /** The sender is a program for certain (MAILER-DAEMON): people do write as postmaster. */
  daemon: boolean
  subject: boolean
  /** Headers that only reports have: X-Failed-Recipients, a multipart/report of deliveries, the null return path. */
  headers: boolean
}

export function signsOf(notice: Notice): Signs {
  const { parsed } = notice
  const subject = notice.subject.slice(0, 500)
  const replies = REPLY_PREFIX.test(subject)
  return {
    system: isSystemSender(notice.sender, notice.senderName),
    daemon: DAEMON.test(notice.sender.slice(0, 200)),
    subject: !replies && SUBJECTS.some((pattern) => pattern.test(subject)),
    headers:
      notice.header('x-failed-recipients') !== null ||
      parsed.returnPath === '' ||
      (parsed.contentType.type === 'multipart/report' &&
        (parsed.contentType.params['report-type'] ?? 'delivery-status').toLowerCase() === 'delivery-status'),
  }
}

/** Whether an address or name of From belongs to a mail system. */
export function isSystemSender(address: string, name: string): boolean {
  const bare = address.replace(/[<>"]/g, '').trim()
  const local = bare.includes('@') ? bare.slice(0, bare.indexOf('@')) : bare
  return (
    bare === '' ||
    SYSTEM_LOCAL.test(local.slice(0, 200).replace(/\\$/, '')) ||
    SYSTEM_NAME.test(name.slice(0, 200).trim())
  )
}

const OPENINGS: readonly RegExp[] = [
  /\b(?:could not|cannot|can't|couldn't|was not|has not|wasn't able to|not able to|unable to|failed to) (?:be )?(?:deliver|relay)/i,
  /\b(?:message|mail)\b.{0,80}\b(?:undeliverable|returned|not delivered|did not reach|delivery failed)/i,
  /\b(?:pas pu (?:être|etre) (?:d[ée]livr|remis|distribu)|nicht (?:zugestellt|ausgeliefert) werden|kunne ikke leveres|kunde inte levereras|no (?:se )?pudo (?:ser )?entrega|impossibile recapitare|niet (?:worden )?(?:bezorgd|afgeleverd)|ekki (?:tókst|hægt|unnt) að afhenda)/i,
  /\bnot a member of this mailing list\b|\bduplicated message-id in\b/i,
]

const GREETING =
  /^\W{0,3}(?:hi|hello|dear|hey|good (?:morning|day)|hej|hei|kære|käre|kjære|god (?:morgen|dag)|goddag|moi|hyvä|sæl|hæ|hallo|liebe|lieber|sehr geehrte|guten|bonjour|salut|cher|chère|hola|buenos|estimad|olá|ciao|buongiorno|beste|geachte)(?!\p{L})/iu

/** Whether the text begins as reports do: for senders and subjects that give nothing away. */
export function opensAsReport(notice: Notice): boolean {
  const opening = notice.lines
    .slice(0, 40)
    .filter((line) => /\p{L}/u.test(line))
    .slice(0, 3)
  if (opening.some((line) => line.startsWith('>')) || GREETING.test(opening[0] ?? '')) return false
  const words = opening.join(' ').slice(0, 600)
  return OPENINGS.some((pattern) => pattern.test(words))
}

const DELAYED: readonly RegExp[] = [
  /\b(?:has been|is|was|been|mail|message|delivery) delayed\b|\bdelay in the delivery\b|\bdelivery status notification \(delay(?:ed)?\)/i,
  /\bwarning (?:message )?only\b|\b(?:just|only) a (?:warning|notification about a delay)\b|\badvisory-only\b/i,
  /\bhas not yet been delivered\b|\bnot yet been (?:delivered|able to deliver)\b|\bhas been postponed\b/i,
  /\b(?:delivery attempts will continue|will continue (?:to try|trying|to attempt)|message will be retried|will be retried until|still being retried|will keep trying)\b/i,
  /\bno action is required on your part\b|\byou do not need to resend your message\b/i,
  /(?<!\p{L})(?:forsinket|er ikke leveret endnu|försenats|försenad|viivästynyt|verzögert|retardé|retrasad[oa]|atrasad[oa]|ritardat[oa]|vertraagd|opóźnion)(?!\p{L})/iu,
]

const DONE: readonly RegExp[] = [
  /\b(?:has been|was|were|been|is) (?:successfully )?(?:delivered|relayed)\b|\bsuccessfully (?:delivered|relayed)\b|\bdelivery\b.{0,80}\bis complete\b/i,
  /(?<!\p{L})(?:(?:er|blev|ble|er blevet) (?:leveret|levert)|har levererats|levererades till|wurde (?:erfolgreich )?zugestellt|a été (?:remis|distribué|livré)|se ha entregado|foi entregue|è stato recapitato|is afgeleverd|on toimitettu)(?!\p{L})/iu,
]
const RELAYED =
  /\b(?:relayed|no delivery notification|no delivery status notification)\b|ingen leveringsmeddelelse|ingen leveransebekreftelse/i
const FAILED =
  /\b(?:not|n't|never|unable|failed|failure|fails|undeliver|unsuccessful|problem|error|rejected|refused|returned)|(?<!\p{L})(?:ikke|inte|ikkje|ei|ekki|nicht|pas|no|não|non|niet|nie)(?!\p{L})/iu

/** What the words say became of the mail, where no report's action tells: delivery goes on, is done, or has failed. */
export function outcomeOf(notice: Notice): BouncedRecipient['action'] {
  const text = notice.lines.slice(0, 60).join('\n').slice(0, 4000)
  const words = `${notice.subject.slice(0, 500)}\n${text}`
  if (PERMANENT.test(words)) return 'failed'
  if (DELAYED.some((pattern) => pattern.test(words))) return 'delayed'
  const opening = words.slice(0, 600)
  if (
    RELAYED.test(opening) &&
    DONE.some((pattern) => pattern.test(opening)) &&
    !/\b(?:could not|unable|failed)\b/i.test(opening)
  )
    return 'relayed'
  return DONE.some((pattern) => pattern.test(opening)) && !FAILED.test(opening) ? 'delivered' : 'failed'
}

const PERMANENT =
  /\b(?:failed permanently|permanent(?:ly)? fail|permanent error|permanent fatal|given up|giving up\b(?!,))/i
