import { readHeaderLine } from './header-labels.ts'

/**
 * What clients write above a forwarded mail. Framed in dashes ('---------- Forwarded message ---------', Lotus'
 * '----- Forwarded by Kim/ACME on … -----', mutt's '----- Forwarded message from … -----') a line is known by a word stem
 * that says forwarded; unframed ('Begin forwarded message:') only by the whole phrase, as prose has such words too.
 * Parted by '|', folded to lower case.
 */
export const FORWARD_STEMS: Readonly<Record<string, string>> = {
  en: 'forwarded|fwd.msg|fwd:|begin forward',
  da: 'videresendt|vidaresendt|videresend',
  nb: 'videresendt|videreformidlet',
  nn: 'vidaresend|vidaresendt|vidareformidla',
  sv: 'vidarebefordra|vidarebefodra|vidarebeford|vidaresänd',
  fi: 'välitet|edelleenlähete|edelleen lähete|lähetetty edelleen|lähetetään edelleen',
  is: 'framsent|áframsent|áframsend|framsend',
  de: 'weitergeleitet|weiterleitung|weitergesendet',
  fr: 'transféré|transfere|réexpédié|message transmis|faire suivre|réacheminé',
  es: 'reenviad|reexpedid|mensaje remitido',
  pt: 'reencaminhad|encaminhad|reenviad',
  gl: 'reenviad',
  it: 'inoltrat|inoltro',
  nl: 'doorgestuurd|doorgezonden|doorsturen',
  pl: 'przekazan|przekazywan|przesłan|przekierow|przekaż|przesyłan',
  cs: 'přeposlan|přeposílan|předan|přesměrovan|předáv',
  sk: 'preposlan|preposielan|ďalej odoslan|postúpen|presmerovan',
  sl: 'posredovan',
  hr: 'proslijeđen|prosljeđen|prosleđen|proslijedi',
  sr: 'prosleđen|прослеђен|проследјен',
  mk: 'препратен|проследен',
  hu: 'továbbított|továbbküldött|továbbítva',
  ro: 'redirecționat|redirecţionat|retransmis|mesaj transmis|înaintat|transmis mai departe|redirectionat',
  bg: 'препратен|препращан',
  ru: 'переслан|пересылаем|перенаправлен|переправлен|переадресован|переадресац',
  uk: 'переслан|пересилаєт|переадресован|перенаправлен|пересилан',
  be: 'пераслан|перанакірав',
  el: 'προωθ|προωθημέν',
  tr: 'iletilmiş|iletilen ileti|iletilen mesaj|yönlendirilmiş|yönlendirilen|iletilen',
  et: 'edastatud|edasi saadetud|edastatav',
  lv: 'pārsūtīt|pārsūtāma|tālāk nosūtīt',
  lt: 'persiųst|persiunčiam',
  ja: '転送',
  zh: '转发|轉寄|轉發|转寄',
  ko: '전달된|전달한|전달 메시지|전달 메일|전달:|포워드|[전달]',
  ca: 'reenviat|missatge reenviat',
  eu: 'birbidali|berbidali|birbidalitako',
  ga: 'ar aghaidh',
  cy: 'blaenyrr|anfonwyd ymlaen|ymlaenwyd',
  sq: 'përcjell|përcjellë',
  af: 'aangestuur',
  vi: 'chuyển tiếp',
  id: 'diteruskan|terusan',
  ms: 'dimajukan|dipanjangkan',
  th: 'ส่งต่อ',
  hi: 'अग्रेषित|फ़ॉरवर्ड',
  ar: 'محولة|تحويل|معاد توجيه|إعادة توجيه|المعاد توجيه|مُعاد توجيه|أعيد توجيه|معاد إرسال|إعادة إرسال',
  fa: 'ارجاع|هدایت شده|بازارسال|فوروارد',
  he: 'שהועבר|מועבר|הועבר',
}

/** Apple Mail, MailMate, Zoho and others without a frame. A colon at the end may be absent. */
export const FORWARD_PHRASES: Readonly<Record<string, string>> = {
  en: 'begin forwarded message|forwarded message|start of forwarded message|forwarded by|forwarded mail|forwarded email',
  da: 'start på videresendt besked|videresendt besked|videresendt meddelelse|begyndelse på videresendt besked|videresendt mail',
  nb: 'videresendt melding|videresendt e-post|start på videresendt melding|begynnelse på videresendt melding|start videresendt melding',
  nn: 'vidaresend melding|vidaresendt melding|vidaresend e-post',
  sv:
    'vidarebefordrat brev|vidarebefordrat meddelande|början på vidarebefordrat brev|vidarebefordrat mejl|' +
    'början på vidarebefordrat meddelande|början av vidarebefordrat meddelande|vidarebefordrat mail',
  fi: 'välitetty viesti|välitetty viesti alkaa|edelleenlähetetty viesti|välitetyn viestin alku|lähetetty edelleen|alkaa välitetty viesti',
  is: 'framsent skeyti|áframsent skeyti|áframsendur póstur|framsendur póstur|upphaf framsends skeytis|upphaf áframsends skeytis',
  de:
    'anfang der weitergeleiteten nachricht|weitergeleitete nachricht|beginn der weitergeleiteten nachricht|' +
    'anfang der weitergeleiteten e-mail|weitergeleitete e-mail|beginn der weitergeleiteten e-mail|weitergeleitete mail',
  fr:
    'début du message transféré|message transféré|début du message réexpédié|message réexpédié|message transmis|' +
    'courriel transféré|e-mail transféré|début du courriel transféré|début de l’e-mail transféré',
  es: 'inicio del mensaje reenviado|mensaje reenviado|comienzo del mensaje reenviado|correo reenviado|principio del mensaje reenviado',
  pt:
    'início da mensagem reencaminhada|início da mensagem encaminhada|mensagem encaminhada|mensagem reencaminhada|' +
    'início de mensagem encaminhada|início de mensagem reencaminhada|e-mail encaminhado|mensagem reenviada|email encaminhado',
  it: 'inizio messaggio inoltrato|messaggio inoltrato|inizio del messaggio inoltrato|e-mail inoltrata|email inoltrata',
  nl: 'begin doorgestuurd bericht|doorgestuurd bericht|begin van doorgestuurd bericht|doorgestuurde e-mail|doorgestuurde mail',
  pl:
    'początek przekazywanej wiadomości|przekazana wiadomość|wiadomość przekazana|początek przekazanej wiadomości|' +
    'wiadomość napisana przez|treść przekazanej wiadomości|przekazywana wiadomość|przesłana wiadomość',
  cs: 'začátek přeposílané zprávy|přeposlaná zpráva|začátek přeposlané zprávy|přeposílaná zpráva|předávaná zpráva|předaná zpráva',
  sk: 'začiatok preposlanej správy|preposlaná správa|začiatok preposielanej správy|preposielaná správa',
  sl: 'začetek posredovanega sporočila|posredovano sporočilo',
  hr: 'započni proslijeđenu poruku|proslijeđena poruka|početak proslijeđene poruke|proslijeđeno',
  sr: 'početak prosleđene poruke|prosleđena poruka|почетак прослеђене поруке|прослеђена порука',
  hu:
    'továbbított levél kezdete|továbbított üzenet kezdete|továbbított üzenet|továbbított levél|' +
    'a továbbított üzenet kezdete|a továbbított levél kezdete',
  ro:
    'începutul mesajului redirecționat|început mesaj redirecționat|mesaj redirecționat|mesaj redirecţionat|' +
    'începe mesajul redirecționat|mesaj transmis|începutul mesajului retransmis|mesaj înaintat',
  bg: 'начало на препратеното съобщение|препратено съобщение|препратено писмо|започва препратено съобщение',
  ru:
    'начало переадресованного сообщения|начало пересланного сообщения|пересланное сообщение|пересылаемое сообщение|' +
    'переадресованное сообщение|перенаправленное сообщение|начало пересылаемого сообщения|пересланное письмо',
  uk:
    'початок листа, що пересилається|початок переадресованого повідомлення|переслане повідомлення|пересланий лист|' +
    'початок пересланого повідомлення|переадресоване повідомлення|початок повідомлення, що пересилається',
  el: 'έναρξη προωθημένου μηνύματος|προωθημένο μήνυμα|προωθούμενο μήνυμα|αρχή προωθημένου μηνύματος|έναρξη του προωθημένου μηνύματος',
  tr:
    'iletilmiş mesaj|yönlendirilen ileti başlangıcı|iletilen ileti|iletilen ileti başlangıcı|iletilmiş ileti|' +
    'yönlendirilmiş ileti|iletilen mesaj|başlangıç iletilen mesaj|yönlendirilen mesaj|ileti başlangıcı|iletinin başlangıcı|iletilmiş ileti başlangıcı',
  et: 'edastatud kiri|edastatud sõnum|edastatud kirja algus',
  lv: 'pārsūtīts ziņojums|pārsūtīta vēstule|pārsūtītā ziņojuma sākums',
  lt: 'persiųstas laiškas|persiųstas pranešimas|persiųsto laiško pradžia|persiunčiamas laiškas',
  ja: '転送されたメッセージ|転送メッセージ|転送されたメール|以下は転送されたメッセージです|メッセージを転送|転送メール|以下、転送メッセージ',
  zh:
    '开始转发的邮件|以下是转发的邮件|转发的邮件|转发邮件|下面是被转发的邮件|已转发的邮件|转发的信息|开始转发邮件|以下是被轉寄的訊息|' +
    '開始轉寄郵件|開始轉寄的郵件|轉寄的郵件|轉寄郵件|以下是轉寄的郵件|轉寄訊息|開始轉寄訊息|已轉寄的郵件',
  ko: '전달된 메시지|전달된 메시지의 시작|아래는 전달된 메시지입니다|전달된 메일|전달 메시지|아래의 메시지를 전달합니다|전달된 메시지 시작',
  ca: 'inici del missatge reenviat|missatge reenviat|comença el missatge reenviat',
  eu: 'birbidalitako mezuaren hasiera|birbidalitako mezua|berbidalitako mezua',
  vi: 'bắt đầu chuyển tiếp tin nhắn|bắt đầu thư được chuyển tiếp|thư được chuyển tiếp|thư đã chuyển tiếp|tin nhắn được chuyển tiếp|tin nhắn đã chuyển tiếp',
  id: 'mulai pesan yang diteruskan|awal pesan terusan|pesan terusan|pesan yang diteruskan|awal pesan yang diteruskan',
  th: 'เริ่มต้นข้อความที่ส่งต่อ|ข้อความที่ส่งต่อ|จุดเริ่มต้นข้อความที่ส่งต่อ',
  ar: 'بداية الرسالة المعاد توجيهها|بداية الرسالة المُعاد توجيهها|رسالة معاد توجيهها|رسالة محولة|الرسالة المحولة|بدء الرسالة المُعاد توجيهها',
  he: 'תחילת ההודעה שהועברה|הודעה שהועברה|התחלת ההודעה שהועברה|הודעה מועברת|תחילת הודעה שהועברה',
}

/**
 * 'Original message' and its kin: written above replies by some clients, above forwards by others. The mail's subject
 * and the author's own text decide which. Word stems, within dashes.
 */
export const ORIGINAL_STEMS: Readonly<Record<string, string>> = {
  nordic: 'original|oprindelig|opprinnel|opphaveleg|upprun|ursprung|alkuperäi',
  germanic: 'ursprüngl|oorspronkelijk|oorspronklik|origineel',
  romance:
    "originale|originel|initial|d’origine|d'origine|mensagem anterior|jatorrizko|mezu originala|mesaj inițial|inițial|iniţial",
  slavic:
    'oryginaln|pierwotn|původní|pôvodn|izvorn|izvirn|originaln|prvotn|оригинал|исходн|первоначальн|початков|вихідн|арыгінал|изворн',
  baltic: 'algne|algupära|esialgne|algkiri|sākotnēj|oriģināl|pradinis|originalus',
  hungarian: 'eredeti',
  greek: 'αρχικό|πρωτότυπο',
  turkish: 'özgün|orijinal|asıl',
  asian: '元のメッセージ|元メール|元のメール|オリジナル|原始|原邮件|原件|原郵件|원본|gốc|asli|pesan asli|ต้นฉบับ|मूल',
  semitic: 'الأصلية|الأصلي|اصلی|מקורית|המקורי',
}

const END_WORDS = new Set(
  (
    'end ends slut slutning slutt slutten ende fin fine final finalizar terminar fim einde koniec konec kraj край ' +
    'конец кінець канец lõpp pabaiga beigas päättyy loppuu loppu vége sfârșit sfârşit sfârșitul τέλος son sonu lok lokið endir ' +
    'acaba bukaera akhir kết 以上 结束 結束 끝 終わり نهاية סוף'
  ).split(' '),
)

const EDGE = /[\s*_\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u
const DASH = /[-–—―─‐‑]/u
const LONGEST_SEPARATOR = 200

const stems = listed(FORWARD_STEMS)
const phrases = new Set(listed(FORWARD_PHRASES))
const originalStems = listed(ORIGINAL_STEMS)

/** What a separator says, and what follows it on the same line (Yahoo writes the whole header block there). */
export interface Separator {
  kind: 'forward' | 'original'
  rest: string
}

/**
 * Whether a line says that a forwarded mail begins below it. Takes the line without '>' prefixes. Only the line is
 * judged: a header block should follow. O(length), at most 200 characters are looked at.
 */
export function startsForward(line: string): boolean {
  return readSeparator(line)?.kind === 'forward'
}

/** Whether a line is the lower rule of a forwarded mail ('----- End forwarded message -----'). */
export function endsForward(line: string): boolean {
  const framed = unframe(line)
  return framed?.closed === true && hasStem(framed.text, stems) && saysEnd(framed.text)
}

/** Reads a separator line, or null where the line is none. Takes the line without '>' prefixes. */
export function readSeparator(line: string): Separator | null {
  const framed = unframe(line)
  if (framed === null) return isForwardPhrase(line) ? { kind: 'forward', rest: '' } : null
  if (saysEnd(framed.text) && framed.closed) return null
  if (hasStem(framed.text, stems)) return { kind: 'forward', rest: framed.rest }
  if (framed.closed && framed.text.length < 60 && hasStem(framed.text, originalStems)) {
    return { kind: 'original', rest: framed.rest }
  }
  return null
}

/** Whether a short unframed line ends with a colon and says forwarded: enough only above a whole header block. */
export function mayIntroduceForward(line: string): boolean {
  const text = fold(line.slice(0, LONGEST_SEPARATOR))
  return text.length < 80 && /[:：]$/u.test(text) && hasStem(text, stems)
}

function isForwardPhrase(line: string): boolean {
  if (line.length > LONGEST_SEPARATOR) return false
  const text = fold(line)
  return phrases.has(/[:：]$/u.test(text) ? text.slice(0, -1).trim() : text)
}

/**
 * The text between a run of dashes at the start and the next run. Lotus wraps its line before the closing dashes:
 * five at the start are enough then.
 */
function unframe(line: string): { text: string; rest: string; closed: boolean } | null {
  let start = 0
  while (start < line.length && EDGE.test(line.charAt(start))) start++
  let inner = start
  while (inner < line.length && DASH.test(line.charAt(inner))) inner++
  if (inner - start < 2) return null
  const window = line.slice(inner, inner + LONGEST_SEPARATOR)
  const close = window.search(/[-–—―─‐‑]{2}/u)
  if (close < 0 && (inner - start < 5 || line.length - inner > LONGEST_SEPARATOR || /:\s*$/u.test(window))) return null
  const text = fold(close < 0 ? window : window.slice(0, close))
  if (text === '') return null
  return { text, rest: close < 0 ? '' : withoutDashes(line.slice(inner + close)), closed: close >= 0 }
}

/** What stands behind the closing dashes; 'Preposlaná správa --- Forwarded Message ---' has a second text, no header. */
function withoutDashes(tail: string): string {
  let at = 0
  while (at < tail.length && (DASH.test(tail.charAt(at)) || EDGE.test(tail.charAt(at)))) at++
  const rest = tail.slice(at).trim()
  return readHeaderLine(rest) === null ? '' : rest
}

function saysEnd(text: string): boolean {
  return text.split(/[\s.:]/u).some((word) => END_WORDS.has(word)) || /^(?:结束|結束)|以上です$/u.test(text)
}

function hasStem(text: string, known: readonly string[]): boolean {
  return known.some((stem) => text.includes(stem))
}

/** Lower case without formatting marks; the Turkish dotted capital would become two characters. */
function fold(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[*_\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, '')
    .replace(/\s/gu, ' ')
    .trim()
    .toLowerCase()
    .replace(/i\u0307/gu, 'i')
}

function listed(table: Readonly<Record<string, string>>): string[] {
  return Object.values(table).flatMap((row) => row.split('|'))
}
