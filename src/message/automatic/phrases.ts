/** The words of auto-replies and out-of-office mails by language: a last resort, where no header says anything. */

/** Subjects that a responder makes; followed by ':' and the subject that it answers, or standing alone. */
export const AUTO_REPLY_SUBJECTS: readonly RegExp[] = [
  /^(?:auto(?:matic|mated|matically generated)?[- ]?(?:reply|response|answer|acknowledg(?:e?ment|ing))|auto[- ]?(?:responder|antwort|svar|risposta)|\[auto[- ]?(?:reply|response)\])(?:\s?[:\-–—.!(]|\s(?:from|to|for|re)\b|$)/i,
  /^(?:auto-?svar|autosvar|automatisk(?:t)? (?:svar|e-?postsvar|besked|meddelande)|autom\. svar)(?:\s?[:\-–—.!(]|\s(?:fra|från|på|vedr)\b|$)/i,
  /^(?:automaattinen vastaus|sjálfvirkt svar|automatische (?:antwort|antwoord)|automatisch antwoord|réponse automatique|respuesta automática|resposta automática|risposta automatica|odpowiedź automatyczna|automatyczna odpowiedź|automatická odpověď|automatická odpoveď|automatikus válasz|răspuns automat|otomatik yanıt|автоматический ответ|автоответ|автоматична відповідь|automatinis atsakymas|automaatvastus|automātiskā atbilde|αυτόματη απάντηση|自動返信|自动回复|自動回覆|자동 회신|자동 응답)(?:\s?[:：\-–—.!(]|$)/i,
]

export const OUT_OF_OFFICE_SUBJECTS: readonly RegExp[] = [
  /^(?:out[- ]of[- ](?:the[- ])?office|ooo|oof|i am out of (?:the )?office|away from (?:the |my )?(?:office|desk|mail|e-?mail)|vacation|on (?:vacation|holiday|annual leave|leave)|absence|absent)(?:\s(?:auto-?reply|auto-?response|reply|message|notice|response|notification))?(?:\s?[:\-–—.!(]|\s(?:re|sv|aw|vs|fw|fwd)\s?:|$)/i,
  /^(?:(?:jeg er )?(?:ikke til ?stede|ude af kontoret|ute av kontoret|ikke på kontoret|på ferie|på barsel|på orlov)|fravær(?:s(?:besked|meddelelse|melding|assistent))?|ferie(?:svar|besked|melding)?|fraværende|borte fra kontoret)(?:\s?[:\-–—.!(]|$)/i,
  /^(?:frånvaro(?:meddelande|assistent)?|frånvarande|(?:jag är )?(?:ej på plats|inte på kontoret|ej på kontoret|på semester)|semester(?:svar|meddelande)?|tjänstledig|föräldraledig)(?:\s?[:\-–—.!(]|$)/i,
  /^(?:poissa(?:olo(?:ilmoitus|viesti)?)?|poissa toimistosta|loma(?:viesti|lla)?|(?:er )?ekki við)(?:\s?[:\-–—.!(]|$)/i,
  /^(?:abwesenheits(?:notiz|nachricht|meldung|agent|assistent|benachrichtigung)|abwesend|abwesenheit|nicht im büro|ich bin (?:nicht )?im (?:urlaub|büro)|urlaub(?:s(?:benachrichtigung|meldung|notiz))?|außer haus|ausser haus)(?:\s?[:\-–—.!(]|$)/i,
  /^(?:absence (?:du|de) bureau|absente? du bureau|(?:message|notification|avis) d'absence|fuera de (?:la )?oficina|ausente(?: de la oficina)?|fora do escritório|ausência(?: temporária)?|fuori (?:sede|ufficio)|assente|assenza(?: dall'ufficio)?|afwezig(?:heidsbericht|heid)?|niet aanwezig|nieobecn(?:ość|y)|poza biurem|mimo kancelář|házon kívül|ofis dışında|вне офиса|отсутствие на рабочем месте|不在(?:通知|のお知らせ)|外出中|休暇)(?:\s?[:：\-–—.!(]|$)/i,
]

/** These subjects are nobody's own words: they count without any phrase in the text. */
export const MACHINE_MADE_SUBJECT =
  /^(?:abwesenheits(?:notiz|nachricht|agent|assistent|benachrichtigung)|fraværs(?:besked|meddelelse|melding|assistent)|frånvaro(?:meddelande|assistent)|poissaoloilmoitus|afwezigheidsbericht|out of (?:the )?office auto-?reply|vacation (?:auto-?reply|notice|response))\b/i

/** The writer says that he is away. */
export const AWAY: readonly RegExp[] = [
  /\b(?:I(?:'m| am| will be|'ll be)|we are) (?:currently |presently |now |also )?(?:out of (?:the |my |our )?office|away(?: from (?:the |my )?(?:office|desk))?|on (?:an? )?(?:annual |parental |maternity |paternity |sick |summer )?(?:leave|vacation|holidays?)|travell?ing|back in the office)\b|\b(?:back in|return to|returning to) the office\b/i,
  /\b(?:jeg|vi|eg) (?:er|holder|har) (?:desværre |dessverre |pt\.? |p\.t\. |for tiden |for øyeblikket |i øjeblikket |i perioden .{1,40} )?(?:ikke (?:på kontoret|til ?stede|at træffe)|ikkje (?:på kontoret|til stades)|på (?:ferie|barsel|orlov|sommerferie|kursus|kurs|forretningsrejse|reise|rejse)|(?:sommer)?ferie|lukket|ferielukket|ude af kontoret|ute av kontoret|fraværende|i permisjon|bortreist|sygemeldt|sykemeldt|borte)\b/i,
  /\b(?:jag|vi) (?:är|har) (?:för närvarande |just nu |tyvärr )?(?:inte (?:på (?:kontoret|plats)|anträffbar|tillgänglig)|på (?:semester|resa|kurs|tjänsteresa)|(?:sommar)?semester|ledig|frånvarande|tjänstledig|föräldraledig|mammaledig|pappaledig|borta|bortrest|sjukskriven|åter)(?!\p{L})/iu,
  /\bolen (?:tällä hetkellä |parhaillaan |nyt )?(?:kesä|vuosi|talvi)?(?:lomalla|poissa|virkavapaalla|vanhempainvapaalla|virkamatkalla|työmatkalla)\b/i,
  /(?:^|\s)ég er (?:ekki við|í (?:sumar)?fríi|í leyfi|í orlofi|fjarverandi)/i,
  /\bich (?:bin|befinde mich) .{0,60}?(?:nicht im (?:büro|haus)|im urlaub|abwesend|außer haus|ausser haus|in elternzeit|auf dienstreise|nicht erreichbar)\b/i,
  /\bje (?:suis|serai) .{0,40}?(?:absente?|en congés?|en vacances|hors du bureau|en déplacement)(?!\p{L})/iu,
  /\b(?:estoy|estaré|me encuentro) .{0,30}?(?:fuera de la oficina|de vacaciones|ausente)\b|\b(?:estou|estarei|encontro-me) .{0,30}?(?:de férias|ausente|fora do escritório)/i,
  /\b(?:sono|sarò) .{0,30}?(?:assente|in ferie|fuori (?:sede|ufficio))\b|\bik ben .{0,30}?(?:afwezig|niet (?:aanwezig|op kantoor)|met vakantie|op vakantie)\b/i,
  /(?:jestem|będę) .{0,30}?(?:nieobecn|na urlopie|poza biurem)|(?:меня нет в офисе|я (?:нахожусь )?в отпуске|休暇(?:中|を)|不在に|正在休假|不在办公室)/i,
]

/** … and says what a responder says next: until when, and whom to turn to. */
export const UNTIL: readonly RegExp[] = [
  /\b(?:return(?:ing)?|back (?:on|in|at)|until|till|through|from \S{1,20} (?:to|until)|between)\b/i,
  /(?<!\p{L})(?:tilbage|tilbake|attende|igen|igjen|til og med|t\.?o\.?m\.?|indtil|frem til|fram til|fra og med|åter|tillbaka|till och med|palaan|takaisin|asti|saakka|aftur|til baka|til og með|till? (?:den |d\. ?)?\d)(?!\p{L})/iu,
  /(?<!\p{L})(?:zurück|wieder|bis|retour|jusqu|hasta|regres|vuelv|até|retorn|fino|rientr|terug|tot|wracam|do dnia)|(?:до|まで|至)\s?\d/iu,
]
export const TURN_TO: readonly RegExp[] = [
  /\b(?:urgent|emergency|immediate|in my absence|please contact|contact my|limited access|will (?:respond|reply|answer|get back)|not (?:be )?(?:forwarded|checking|reading|monitored)|as soon as)\b/i,
  /\b(?:haster|hastende|hastar|akut|akutt|kontakt(?:e|a)?|henvend(?:else(?:r)?)?|ring (?:til|på)?|videresend(?:t|es|er|t)|læser ikke|leser ikke|besvare[rs]?|læses ikke|leses ikke|svare|vänd (?:dig|er)|brådskande|hör av|svarar|läser)\b/i,
  /(?<!\p{L})(?:kiireelli\p{L}*|ota(?:than)? yhteyttä|yhteyttä|vastaan|áríðandi|hafðu|hafið)(?!\p{L})/iu,
  /\b(?:dringend\w*|wenden sie|vertret\w*|weitergeleitet|contacte[rz]|urgen\w*|contact[ae]\w*|en mi ausencia|in mia assenza|rivolg\w*|spoed|pilny|pilnych)\b|(?:срочн|обращайтесь|緊急|お急ぎ|紧急)/i,
]

/** A responder that says of itself what it is. */
export const SELF_DECLARED: readonly RegExp[] = [
  /\bthis is an? (?:automatic(?:ally generated)?|automated|auto[- ]?generated|auto[- ]?) ?(?:reply|response|e-?mail|message|answer|acknowledge?ment|notification|confirmation)\b/i,
  /\b(?:dette|denne (?:mail|e-?mail|e-?post(?:en)?|besked|melding(?:en)?|meddelelse)|det her) (?:er|sendes|blev|ble) (?:et |en |sendt )?(?:automatisk(?:e)?|autogenerer(?:et|t)|auto-?svar)/i,
  /\b(?:detta|det här|det|detta (?:mail|mejl|meddelande|svar)) (?:är ett |är |har )(?:skickats |genererats )?(?:automatiskt|autogenererat|auto-?svar)/i,
  /\btämä on automaattinen|\bþetta er sjálfvirkt/i,
  /\b(?:dies ist|diese \S{1,20} (?:ist|wurde)) (?:eine )?automatisch(?:e|er|es)?\b/i,
  /\bceci est (?:un|une) (?:message|réponse|courriel|e-?mail) automatique|\b(?:este|esta|esto) es (?:un|una) (?:mensaje|respuesta|correo)\S{0,3} automátic|\besta é uma (?:mensagem|resposta) automática|\bquest[oa] è una? (?:messaggio|risposta|e-?mail) automatic|\bdit is een automatisch/i,
]

/** Subjects of acknowledgements: with SELF_DECLARED or a robot they are no person's. */
export const REPLY_PREFIX =
  /^(?:(?:re|sv|vs|aw|antw|wg|fw|fwd|vl|rif|tr|rv|enc|odp|ynt|ref)(?:\[\d{1,3}\])?\s?:\s?|\[[^\]]{1,60}\]\s?){1,6}/i

/** How people close a letter, or open one: what a bulk mailer rarely writes in plain text. */
export const LETTER: readonly RegExp[] = [
  /(?:^|\n)\s{0,4}(?:best |kind |warm )?regards\b|(?:^|\n)\s{0,4}(?:sincerely|cheers|thanks|thank you|many thanks|best)[,.!]?\s*(?:\n|$)/i,
  /(?:^|\n)\s{0,4}(?:med )?(?:venlig|vennlig|bedste|beste|mange|de bedste|kærlig|vänlig|venleg|bästa)(?:e|a)? (?:hilsen(?:er)?|hälsning(?:ar)?|helsing)|(?:^|\n)\s{0,4}(?:mvh|vh|hilsen|hälsningar|\/\/|hälsn|dbh)\b/i,
  /(?:^|\n)\s{0,4}(?:ystävällisin terveisin|terveisin|kveðja|með (?:bestu )?kveðju|mit freundlichen grüßen|viele grüße|mfg|cordialement|bien à vous|saludos|un saludo|atentamente|cumprimentos|cordiali saluti|met vriendelijke groet(?:en)?|pozdrawiam|с уважением)/i,
]

/** What every newsletter says at its end. */
export const UNSUBSCRIBE =
  /\b(?:unsubscribe|opt[- ]?out|afmeld|frameld|avmeld|avregistrera|avprenumerera|peruuta tilaus|afskrá|abmelden|abbestellen|désabonner|désinscrire|darse de baja|cancelar (?:la )?suscripci|cancelar a inscrição|disiscri|uitschrijven|afmelden)/i
