/** What clients put before the subject of a forward and of a reply, per language; folded, without the colon. */
const FORWARD_PREFIXES =
  'fw|fwd|forward|forwarded|' + // en and most others
  'vs|videresendt|vidaresendt|videres|' + // da, nb, nn
  'vb|vidarebefordrat|vidarebefordra|vidarebef|' + // sv
  'vl|välitetty|edelleenlähetys|' + // fi
  'fs|framsent|áframsent|' + // is
  'wg|weitergeleitet|weiterleitung|' + // de
  'tr|transféré|transf|réexp|' + // fr
  'rv|reenv|reenviado|enviado|' + // es, ca
  'enc|encaminhado|encaminhada|reenc|' + // pt
  'i|inoltro|inoltra|inoltrato|' + // it
  'doorst|doorgestuurd|' + // nl
  'pd|przekazano|przekaż|' + // pl
  'předáno|přeposláno|přep|posl|odoslané|preposlané|' + // cs, sk
  'proslijeđeno|prosleđeno|prosl|posr|posredovano|' + // hr, sr, sl
  'tvá|továbbítás|továbbítva|továbbított|továbbítom|' + // hu
  'redirecționat|redirecţionat|redirecționare|' + // ro
  'препр|препратено|пр|' + // bg
  'пер|пересл|переслано|переадресация|пересылка|переслать|ha|' + // ru, uk
  'πρθ|προωθ|προώθηση|' + // el
  'ilt|ynl|yml|iletilen|yönl|' + // tr
  'ed|edasi|pārs|pārsūtīts|pers|persiųsta|persiųsti|' + // et, lv, lt
  '転送|转发|轉寄|轉發|转寄|전달|' +
  'ct|chuyển tiếp|trs|teruskan|diteruskan|' + // vi, id
  'הועבר|إعادة توجيه|محول|fwd الرسالة|ส่งต่อ|birb|berbidali'

const REPLY_PREFIXES =
  're|sv|svar|aw|antw|antwort|ref|rép|réf|rif|r|res|resp|respuesta|resposta|odp|odpověď|odpoveď|odg|vá|vála|válasz|' +
  'ynt|yan|yanıt|απ|σχετ|απάντηση|на|отв|отг|відп|відповідь|ответ|atb|ats|vast|vastaus|vas|回复|回覆|答复|答覆|回應|返信|' +
  '회신|답장|bls|balas|tl|trả lời|השב|תגובה|رد|ตอบกลับ|ytl|erantz'

const forwards = new Set(FORWARD_PREFIXES.split('|'))
const replies = new Set(REPLY_PREFIXES.split('|'))

export interface SubjectKind {
  /** What the outermost prefix says, null where there is none. */
  kind: 'forward' | 'reply' | null
  /** 'VS' is a forward in Danish and Norwegian, a reply in Finnish and Estonian: the header block must tell. */
  ambiguous: boolean
  /** The subject without its outermost forward prefixes: that of the mail that was forwarded. */
  bare: string
}

/** What a subject says of its mail: 'Fwd: Re: x' is a forward of 're: x'; also '[Fwd: x]' and 'x (fwd)'. */
export function readSubject(subject: string): SubjectKind {
  let bare = subject.trim()
  if (/^\[fwd?:/iu.test(bare) && bare.endsWith(']')) bare = bare.slice(1, -1)
  const first = prefixOf(bare)
  const ambiguous = first?.label === 'vs'
  let prefix = first
  while (prefix?.kind === 'forward') {
    bare = prefix.rest
    prefix = prefixOf(bare)
  }
  if (first !== null) return { kind: first.kind, ambiguous, bare }
  if (/\((?:fwd|fw)\)$/iu.test(bare))
    return { kind: 'forward', ambiguous: false, bare: bare.slice(0, bare.lastIndexOf('(')).trim() }
  return { kind: null, ambiguous: false, bare }
}

/** The subject without any prefixes, folded: what a thread's mails have in common. */
export function withoutPrefixes(subject: string): string {
  let bare = subject.trim()
  for (let prefix = prefixOf(bare); prefix !== null; prefix = prefixOf(bare)) bare = prefix.rest
  return bare.replace(/\s/gu, ' ').toLowerCase()
}

/** The longest prefix is short: nothing beyond is read. */
function prefixOf(subject: string): { kind: 'forward' | 'reply'; label: string; rest: string } | null {
  const colon = subject.slice(0, 24).search(/[:：]/u)
  if (colon < 1) return null
  const label = subject
    .slice(0, colon)
    .replace(/(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\d{1,2})$/u, '')
    .trim()
    .toLowerCase()
    .replace(/i\u0307/gu, 'i')
    .normalize('NFC')
  const kind = forwards.has(label) ? 'forward' : replies.has(label) ? 'reply' : null
  return kind === null ? null : { kind, label, rest: subject.slice(colon + 1).trim() }
}
