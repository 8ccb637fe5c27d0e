/**
 * The line a phone or an app puts below what a person wrote ('Sent from my iPhone'), per language: how the line begins,
 * or, where the verb comes last, how it ends.
 */
export interface PhonePhrases {
  starts: readonly string[]
  ends?: readonly string[]
  /** The word for 'my': after one of `starts` it is enough without a device that we know. */
  my?: string
}

export const PHONE_PHRASES: Readonly<Record<string, PhonePhrases>> = {
  en: {
    starts: ['sent from', 'sent with', 'sent via', 'sent using', 'sent by', 'sent on', 'get outlook for'],
    my: 'my',
  },
  da: { starts: ['sendt fra', 'sendt via', 'sendt med', 'hent outlook', 'få outlook'], my: 'min mit' },
  nb: {
    starts: ['sendt fra', 'sendt via', 'sendt med', 'skaff deg outlook', 'last ned outlook', 'få outlook'],
    my: 'min mitt',
  },
  nn: { starts: ['sendt frå', 'send frå', 'skaff deg outlook'], my: 'min mitt' },
  sv: {
    starts: ['skickat från', 'skickat med', 'skickat via', 'skickad från', 'skaffa outlook', 'hämta outlook'],
    my: 'min mitt',
  },
  fi: { starts: ['lähetetty', 'hanki outlook', 'lataa outlook'], ends: ['lähetetty'] },
  is: { starts: ['sent úr', 'sent með', 'sent frá', 'sækja outlook', 'fáðu outlook'], my: 'mínum minni' },
  fo: { starts: ['sent frá', 'sent úr'] },
  de: {
    starts: ['gesendet von', 'gesendet mit', 'gesendet über', 'gesendet aus', 'holen sie sich outlook', 'outlook für'],
    ends: ['gesendet', 'gesendet.', 'gesendet!', 'versendet', 'herunterladen'],
    my: 'meinem meiner',
  },
  nl: {
    starts: [
      'verstuurd vanaf',
      'verzonden vanaf',
      'verstuurd met',
      'verzonden met',
      'verzonden via',
      'verstuurd via',
      'verzonden vanuit',
      'outlook voor',
      'download outlook',
    ],
    ends: ['downloaden'],
    my: 'mijn',
  },
  fr: {
    starts: [
      'envoyé de',
      'envoyé depuis',
      'envoyé à partir',
      'envoyé avec',
      'envoyé via',
      'télécharger outlook',
      'obtenir outlook',
      'téléchargez outlook',
    ],
    my: 'mon ma',
  },
  es: {
    starts: ['enviado desde', 'enviado con', 'enviado de', 'enviado a través', 'obtener outlook', 'descargar outlook'],
    my: 'mi',
  },
  pt: {
    starts: [
      'enviado do',
      'enviado de',
      'enviado da',
      'enviado a partir',
      'enviado por',
      'enviado com',
      'enviado via',
      'obter o outlook',
      'obtenha o outlook',
      'baixe o outlook',
    ],
    my: 'meu minha',
  },
  it: {
    starts: [
      'inviato da',
      'inviato dal',
      'inviata da',
      'inviato con',
      'inviato tramite',
      'scarica outlook',
      'ottieni outlook',
    ],
    my: 'mio mia',
  },
  ca: { starts: ['enviat des', 'enviat amb', 'obtén outlook', 'obteniu outlook'], my: 'meu' },
  ro: {
    starts: ['trimis de pe', 'trimis din', 'trimis de', 'trimis cu', 'obțineți outlook', 'descărcați outlook'],
    my: 'meu mea',
  },
  pl: {
    starts: [
      'wysłane z',
      'wysłano z',
      'wysłane za',
      'wysłano za',
      'pobierz program outlook',
      'pobierz aplikację outlook',
      'pobierz outlook',
    ],
    my: 'mojego mojej',
  },
  cs: { starts: ['odesláno z', 'odesláno ze', 'posláno z', 'získejte outlook', 'získat outlook'], my: 'mého' },
  sk: { starts: ['odoslané z', 'odoslané zo', 'poslané z', 'získajte outlook', 'získať outlook'], my: 'môjho' },
  sl: { starts: ['poslano iz', 'poslano z', 'poslano s', 'prenesite outlook', 'pridobite outlook'], my: 'mojega' },
  hr: {
    starts: ['poslano s', 'poslano sa', 'poslano iz', 'poslato sa', 'preuzmite outlook', 'nabavite outlook'],
    my: 'mog mojeg',
  },
  hu: {
    starts: ['küldve', 'elküldve', 'az outlook letöltése', 'outlook beszerzése'],
    ends: ['küldve', 'elküldve', 'küldve.', 'letöltése'],
  },
  bg: { starts: ['изпратено от', 'изпратено с', 'изпратено чрез', 'вземете outlook'], my: 'моя моето' },
  ru: {
    starts: [
      'отправлено с',
      'отправлено из',
      'отправлено через',
      'послано с',
      'скачать outlook',
      'получить outlook',
      'загрузить outlook',
    ],
    my: 'моего',
  },
  uk: {
    starts: ['надіслано з', 'надіслано із', 'відправлено з', 'відіслано з', 'завантажити outlook', 'отримати outlook'],
    my: 'мого',
  },
  el: { starts: ['στάλθηκε από', 'εστάλη από', 'αποστολή από', 'λήψη του outlook', 'αποκτήστε το outlook'], my: 'μου' },
  tr: { starts: ['gönderildi'], ends: ['gönderildi', 'gönderildi.', 'gönderilmiştir', 'edinin', 'indirin'] },
  et: { starts: ['saadetud', 'saatsin oma', 'hankige outlook', 'hangi outlook'], ends: ['saadetud'] },
  lv: { starts: ['nosūtīts no', 'sūtīts no', 'iegūstiet outlook'], my: 'mana' },
  lt: {
    starts: ['išsiųsta iš', 'siųsta iš', 'išsiųsta naudojant', 'gaukite outlook', 'atsisiųskite outlook'],
    my: 'mano',
  },
  eu: { starts: ['nire'], ends: ['bidalia', 'bidalita'] },
  ja: { starts: [], ends: ['から送信', 'から送信。', 'を入手'] },
  zh: {
    starts: ['发自', '發自', '寄自', '傳自', '從我的', '从我的', '通过', '获取', '取得'],
    ends: ['发送', '傳送', '發送', '寄出'],
  },
  ko: { starts: ['나의'], ends: ['에서 보냄', '에서 전송', '에서 보냈습니다', '다운로드'] },
  vi: { starts: ['đã gửi từ', 'được gửi từ', 'gửi từ', 'tải outlook'], my: 'tôi' },
  id: { starts: ['dikirim dari', 'terkirim dari', 'unduh outlook'], my: 'saya' },
  ar: { starts: ['أرسل من', 'أُرسل من', 'أرسلت من', 'أُرسلت من', 'تم الإرسال من', 'مرسل من', 'الحصول على outlook'] },
  he: { starts: ['נשלח מ', 'נשלחה מ', 'נשלח באמצעות', 'קבל את outlook'] },
}

/** Makes, systems and apps whose names stand in such a line, in lower case: one of them is enough. */
export const BRANDS: readonly string[] = (
  'iphon ipad ipod ios android galaxy samsung huawei xiaomi redmi oneplus oppo nokia xperia motorola htc fairphone ' +
  'blackberry windows surface macbook айфон outlook gmail yahoo aol proton protonmail thunderbird k-9 mailspring gmx ' +
  'web.de bluemail fairemail tutanota hotmail mail.ru яндекс zimbra fastmail airmail typeapp boxer nextcloud hey spark'
).split(' ')

/** Words for a telephone and the like, in lower case: enough beside 'my', or where the verb ends the line. */
export const DEVICES: readonly string[] = (
  'smartphone phone mobil mobile mobiltelefon telefon telefoon téléphone telefono teléfono telemóvel celular puhelim ' +
  'handy handset tablet sím síma телефон смартфон мобильн κινητό cep tuta sony lg mac apple pixel honor mail e-mail epost ' +
  'e-post почт 手机 手機 携帯 スマートフォン スマホ 스마트폰 휴대폰'
).split(' ')
