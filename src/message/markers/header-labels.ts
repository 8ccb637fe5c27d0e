/**
 * The labels of the header block that clients write above a quoted or forwarded mail, per language: Outlook (desktop,
 * Mac, web, mobile), Gmail, Apple Mail, Thunderbird, Yahoo, Lotus Notes and the like. Alternatives are parted by '|';
 * case, bold asterisks and the kind of space and colon do not matter. A label means the same field in every language.
 */
export type HeaderField = 'from' | 'date' | 'to' | 'cc' | 'bcc' | 'subject' | 'reply-to' | 'other'

type Labels = Partial<Record<HeaderField, string>>

export const HEADER_LABELS: Readonly<Record<string, Labels>> = {
  en: {
    from: 'From|Sender|Sent by|Author',
    date: 'Sent|Date|Sent on|Date sent|Sent at|Received|Received on|Sent date|Date/Time',
    to: 'To|Sent to|Recipient|Recipients',
    cc: 'Cc|Copy|Copy to|Carbon copy|Copies',
    bcc: 'Bcc|Blind copy|Blind carbon copy',
    subject: 'Subject|Re subject|Topic',
    'reply-to': 'Reply-To|Reply to|Please respond to|Respond to',
    other:
      'Attachments|Attachment|Attached|Importance|Priority|Sensitivity|Categories|Organization|Organisation|Message-ID|' +
      'Resent-From|Resent-To|Resent-Date|Resent-Cc|Resent-Message-ID|Newsgroups|X-Mailer|User-Agent|Mailing list|' +
      'Mailing-list|List-Id|In-Reply-To|References|Return-Path|Mailed-By|Signed-By|Security|Flag Status|Follow Up Flag|' +
      'When|Where|Location|Folder|Size',
  },
  da: {
    from: 'Fra|Afsender|Sendt af',
    date: 'Sendt|Dato|Afsendt|Sendt den|Modtaget',
    to: 'Til|Modtager|Modtagere|Sendt til',
    cc: 'Cc|Kopi|Kopi til|Kopimodtager',
    bcc: 'Bcc|Skjult kopi|Blind kopi',
    subject: 'Emne|Vedrørende|Vedr.',
    'reply-to': 'Svar til|Svaradresse|Svar-til',
    other:
      'Vedhæftede filer|Vedhæftet fil|Vedhæftning|Vedhæftninger|Vedhæftet|Prioritet|Vigtighed|Fortrolighed|Kategorier',
  },
  nb: {
    from: 'Fra|Avsender|Sendt av',
    date: 'Sendt|Dato|Mottatt|Sendt den',
    to: 'Til|Mottaker|Mottakere|Sendt til',
    cc: 'Kopi|Kopi til|Kopier',
    bcc: 'Blindkopi|Blindkopi til|Skjult kopi',
    subject: 'Emne|Tittel|Tema',
    'reply-to': 'Svar til|Svaradresse',
    other: 'Vedlegg|Prioritet|Viktighet|Viktighetsgrad|Følsomhet|Kategorier',
  },
  nn: {
    from: 'Frå|Avsendar|Sendt av',
    date: 'Sendt|Dato|Send|Motteke',
    to: 'Til|Mottakar|Mottakarar',
    cc: 'Kopi|Kopi til',
    bcc: 'Blindkopi',
    subject: 'Emne',
    'reply-to': 'Svar til',
    other: 'Vedlegg|Prioritet|Viktigheit',
  },
  sv: {
    from: 'Från|Avsändare|Skickat av|Skickad av',
    date: 'Skickat|Datum|Skickad|Skickades|Skickat den|Mottaget',
    to: 'Till|Mottagare|Skickat till',
    cc: 'Kopia|Kopia till|Kopior|Cc',
    bcc: 'Hemlig kopia|Dold kopia|Blindkopia',
    subject: 'Ämne|Rubrik|Ärende',
    'reply-to': 'Svar till|Svara till|Svarsadress|Svara',
    other: 'Bilagor|Bilaga|Bifogade filer|Bifogad fil|Prioritet|Angelägenhetsgrad|Känslighet|Kategorier',
  },
  fi: {
    from: 'Lähettäjä|Keneltä|Mistä',
    date: 'Lähetetty|Päivämäärä|Päiväys|Päivä|Aika|Lähetyspäivä|Pvm',
    to: 'Vastaanottaja|Vastaanottajat|Kenelle|Mihin',
    cc: 'Kopio|Kopiot|Kopion saaja',
    bcc: 'Piilokopio|Piilokopiot',
    subject: 'Aihe|Otsikko|Asia',
    'reply-to': 'Vastausosoite|Vastaa|Vastaus',
    other: 'Liitteet|Liite|Tärkeys|Prioriteetti|Luottamuksellisuus',
  },
  is: {
    from: 'Frá|Sendandi',
    date: 'Sent|Dagsetning|Dags.|Dags|Sent þann',
    to: 'Til|Viðtakandi|Viðtakendur',
    cc: 'Afrit|Samrit',
    bcc: 'Falið afrit|Blint afrit|Leyniafrit',
    subject: 'Efni|Viðfangsefni',
    'reply-to': 'Svara til|Svar til',
    other: 'Viðhengi|Mikilvægi|Forgangur',
  },
  fo: {
    from: 'Frá|Sendari',
    date: 'Sent|Dagfesting|Dato',
    to: 'Til|Móttakari',
    cc: 'Avrit',
    subject: 'Evni',
    other: 'Viðheft',
  },
  de: {
    from: 'Von|Absender|Gesendet von',
    date: 'Gesendet|Datum|Gesendet am|Gesandt|Empfangen|Versendet|Versandt|Verschickt|Gesendet um',
    to: 'An|Empfänger|Gesendet an',
    cc: 'Kopie|Kopie an|Kopien',
    bcc: 'Blindkopie|Blindkopie an',
    subject: 'Betreff|Betrifft|Thema',
    'reply-to': 'Antwort an|Antworten an|Antwortadresse|Bitte antworten an',
    other: 'Anlagen|Anlage|Anhang|Anhänge|Priorität|Wichtigkeit|Vertraulichkeit|Kategorien',
  },
  fr: {
    from: 'De|Expéditeur|Envoyé par|De la part de|Exp.',
    date: 'Envoyé|Date|Envoyé le|Envoyée|Date d’envoi|Reçu|Envoyé à|Message du',
    to: 'À|A|Destinataire|Destinataires|Pour',
    cc: 'Cc|Copie|Copie à|Copies',
    bcc: 'Cci|Copie cachée|Copie cachée à|Bcc',
    subject: 'Objet|Sujet',
    'reply-to': 'Répondre à|Réponse à|Répondre',
    other: 'Pièces jointes|Pièce jointe|Pièce(s) jointe(s)|PJ|Fichiers joints|Importance|Priorité|Catégories',
  },
  es: {
    from: 'De|Remitente|Enviado por|Desde',
    date: 'Enviado|Enviados|Fecha|Enviado el|Enviada|Enviado a las|Recibido|Fecha de envío|Enviada el',
    to: 'Para|A|Destinatario|Destinatarios|Enviado para',
    cc: 'CC|Copia|Con copia|Copia a|Copia para',
    bcc: 'CCO|Copia oculta|Con copia oculta',
    subject: 'Asunto|Tema',
    'reply-to': 'Responder a|Respuesta a|Contestar a',
    other: 'Archivos adjuntos|Archivo adjunto|Adjuntos|Adjunto|Datos adjuntos|Importancia|Prioridad|Categorías',
  },
  'pt-PT': {
    from: 'De|Remetente|Enviado por',
    date: 'Enviado|Data|Enviada|Data de envio|Itens enviados',
    to: 'Para|Destinatário|Destinatários|A',
    cc: 'Cc|Cópia|Com cópia',
    bcc: 'Bcc|Cópia oculta',
    subject: 'Assunto',
    'reply-to': 'Responder a|Responder para|Resposta a',
    other: 'Anexos|Anexo|Importância|Prioridade',
  },
  'pt-BR': {
    from: 'De|Remetente|Enviado por',
    date: 'Enviado em|Enviada em|Enviado|Data|Enviada|Enviadas|Recebido em|Recebida',
    to: 'Para|Destinatário|Destinatários',
    cc: 'Cc|C/C|Com cópia|Cópia|Cópia para',
    bcc: 'Cco|Com cópia oculta|Cópia oculta',
    subject: 'Assunto|Título',
    'reply-to': 'Responder para|Responder a',
    other: 'Anexos|Anexo|Importância|Prioridade|Categorias',
  },
  gl: {
    from: 'De|Remitente',
    date: 'Data|Enviado|Enviado o|Enviada o',
    to: 'Para|A|Ata',
    cc: 'Copia|Cc',
    subject: 'Asunto',
    'reply-to': 'Responder a',
    other: 'Anexos',
  },
  it: {
    from: 'Da|Mittente|Inviato da',
    date: 'Inviato|Data|Inviato il|Data di invio|Inviata|Ricevuto',
    to: 'A|Destinatario|Destinatari|Per',
    cc: 'Cc|Copia|Copia per conoscenza|P.c.',
    bcc: 'Ccn|Copia nascosta|Bcc',
    subject: 'Oggetto|Soggetto',
    'reply-to': 'Rispondi a|Risposta a|Rispondere a',
    other: 'Allegati|Allegato|Priorità|Importanza|Riservatezza|Categorie',
  },
  nl: {
    from: 'Van|Afzender|Verzonden door|Verstuurd door',
    date: 'Verzonden|Datum|Verzonden op|Verstuurd|Ontvangen|Gestuurd|Verzenddatum|Verzonden om',
    to: 'Aan|Ontvanger|Geadresseerde|Ontvangers|Naar',
    cc: 'CC|Kopie|Kopie aan|KOPIE',
    bcc: 'Bcc|Blinde kopie',
    subject: 'Onderwerp|Betreft|Titel',
    'reply-to': 'Antwoord aan|Antwoorden aan|Beantwoorden aan|Reageren op|Antwoordadres',
    other: 'Bijlagen|Bijlage|Prioriteit|Urgentie|Belang|Belangrijkheid',
  },
  pl: {
    from: 'Od|Nadawca|Wysłane przez|Od kogo',
    date: 'Wysłano|Data|Wysłane|Wysłany|Data wysłania|Wysłano dnia|Wysłana|Odebrano',
    to: 'Do|Adresat|Odbiorca|Dla|Do kogo',
    cc: 'DW|Do wiadomości|Kopia|Kopia do|Cc',
    bcc: 'UDW|Ukryte do wiadomości|Ukryta kopia',
    subject: 'Temat|Tytuł|Dotyczy',
    'reply-to': 'Odpowiedz do|Odpowiedź do|Odpowiedz|Adres zwrotny',
    other: 'Załączniki|Załącznik|Ważność|Priorytet|Kategorie',
  },
  cs: {
    from: 'Od|Odesílatel',
    date: 'Odesláno|Datum|Poslané|Odesláno dne|Posláno|Dne|Doručeno',
    to: 'Komu|Příjemce|Pro',
    cc: 'Kopie|V kopii',
    bcc: 'Skrytá kopie|Skrytá',
    subject: 'Předmět|Věc',
    'reply-to': 'Odpověď na|Odpovědět komu|Odpovědět na|Odpovědět',
    other: 'Přílohy|Příloha|Důležitost|Priorita',
  },
  sk: {
    from: 'Od|Odosielateľ',
    date: 'Odoslané|Odoslať|Dátum|Poslané|Dňa|Odoslaný|Doručené',
    to: 'Komu|Príjemca|Pre',
    cc: 'Kópia|V kópii',
    bcc: 'Skrytá kópia',
    subject: 'Predmet|Vec',
    'reply-to': 'Odpoveď na|Odpovedať komu|Odpovedať na|Odpovedať',
    other: 'Prílohy|Príloha|Dôležitosť|Priorita',
  },
  sl: {
    from: 'Od|Pošiljatelj|Iz',
    date: 'Poslano|Datum|Datum pošiljanja|Prejeto',
    to: 'Za|Prejemnik|Komu',
    cc: 'Kp|V vednost|Kopija|Kopija za',
    bcc: 'Skp|Skrita kopija',
    subject: 'Zadeva|Predmet',
    'reply-to': 'Odgovori na|Odgovor na|Odgovor za',
    other: 'Priloge|Priloga|Pomembnost|Pomembno',
  },
  hr: {
    from: 'Od|Šalje|Pošiljatelj|Poslao',
    date: 'Poslano|Datum|Poslano dana|Primljeno',
    to: 'Za|Prima|Primatelj|Kome',
    cc: 'Kopija|Kopija za',
    bcc: 'Skrivena kopija|Bcc',
    subject: 'Predmet|Naslov',
    'reply-to': 'Odgovori na|Odgovor na|Odgovori',
    other: 'Prilozi|Privitak|Privici|Prilog|Važnost|Prioritet',
  },
  sr: {
    from: 'Od|Pošiljalac|Šalje|Од|Пошиљалац|Шаље',
    date: 'Poslato|Datum|Poslat|Послато|Датум',
    to: 'Za|Prima|Primalac|Kome|За|Прима|Прималац|Коме',
    cc: 'Kopija|Копија',
    bcc: 'Skrivena kopija|Скривена копија',
    subject: 'Naslov|Tema|Predmet|Наслов|Тема|Предмет',
    'reply-to': 'Odgovor na|Odgovori na|Одговор на|Одговори на',
    other: 'Prilozi|Prilog|Прилози|Прилог|Važnost|Важност',
  },
  mk: {
    from: 'Од|Испраќач',
    date: 'Испратено|Датум',
    to: 'До|За|Примач',
    cc: 'Копија',
    subject: 'Наслов|Предмет|Тема',
    other: 'Прилози',
  },
  hu: {
    from: 'Feladó|Küldő|Tőle|Kitől',
    date: 'Elküldve|Dátum|Küldés dátuma|Elküldés dátuma|Küldve|Időpont|Érkezett',
    to: 'Címzett|Címzettek|Neki|Kinek',
    cc: 'Másolatot kap|Másolat|Másolatban',
    bcc: 'Titkos másolat|Rejtett másolatot kap|Rejtett másolat',
    subject: 'Tárgy',
    'reply-to': 'Válaszcím|Válasz|Válaszolj',
    other: 'Mellékletek|Melléklet|Fontosság|Prioritás',
  },
  ro: {
    from: 'De la|Expeditor|Expeditorul|De|Trimis de',
    date: 'Trimis|Data|Dată|Data trimiterii|Trimis la|Data mesajului|Trimisă|Primit',
    to: 'Către|Catre|Destinatar|Destinatarul|Destinatari|Destinatarii|La|Pentru',
    cc: 'Cc|Copie|Copie la',
    bcc: 'Bcc|Cci|Copie ascunsă',
    subject: 'Subiect|Subiectul|Subiectul mesajului',
    'reply-to': 'Răspuns la|Răspunde la|Răspundeți la',
    other: 'Atașări|Atașamente|Ataşamente|Fișiere atașate|Importanță|Prioritate',
  },
  bg: {
    from: 'От|Подател|Изпратено от',
    date: 'Изпратено|Дата|Изпратено на|Получено|Изпрати до',
    to: 'До|Получател|На',
    cc: 'Копие|Копие до',
    bcc: 'Скрито копие|Ск',
    subject: 'Относно|Тема|Предмет|Заглавие',
    'reply-to': 'Отговор до|Отговор на|Отговори на',
    other: 'Прикачени файлове|Прикачен файл|Важност|Приоритет',
  },
  ru: {
    from: 'От|Отправитель|От кого|Автор',
    date: 'Отправлено|Отправленные|Дата|Дата отправки|Отправлен|Дата и время|Получено',
    to: 'Кому|Получатель|Получатели|Для',
    cc: 'Копия|Копии',
    bcc: 'Скрытая копия|Скрытая|СК',
    subject: 'Тема|Предмет|Тема письма',
    'reply-to': 'Ответить|Кому отвечать|Обратный адрес|Ответ|Ответ на',
    other: 'Вложения|Вложение|Важность|Приоритет|Прикрепленные файлы',
  },
  uk: {
    from: 'Від|Відправник|Від кого',
    date: 'Надіслано|Дата|Відправлено|Дата надсилання|Відіслано|Отримано',
    to: 'Кому|Одержувач|До|Отримувач|Для',
    cc: 'Копія|Копії',
    bcc: 'Прихована копія|Приховано',
    subject: 'Тема|Предмет',
    'reply-to': 'Відповідати|Відповідь|Зворотна адреса|Відповісти|Кому відповісти',
    other: 'Вкладення|Долучення|Важливість|Пріоритет',
  },
  be: {
    from: 'Ад|Ад каго|Адпраўнік',
    date: 'Адпраўлена|Дата',
    to: 'Каму|Атрымальнік',
    cc: 'Копія|Капія',
    subject: 'Тэма',
    other: 'Далучэнні',
  },
  el: {
    from: 'Από|Αποστολέας',
    date: 'Στάλθηκε|Ημερομηνία|Απεστάλη|Αποστολή|Ημερομηνία αποστολής|Εστάλη|Ημ/νία',
    to: 'Προς|Παραλήπτης|Παραλήπτες',
    cc: 'Κοιν.|Κοινοποίηση|Κοιν|Αντίγραφο|Κοιν',
    bcc: 'Ιδιαίτερη κοινοποίηση|Κρυφή κοινοποίηση|Κρυφή κοιν.|Ιδ. κοιν.',
    subject: 'Θέμα',
    'reply-to': 'Απάντηση προς|Απάντηση σε|Απάντηση',
    other: 'Συνημμένα|Συνημμένο|Σπουδαιότητα|Προτεραιότητα',
  },
  tr: {
    from: 'Kimden|Gönderen',
    date: 'Gönderildi|Gönderilen|Tarih|Gönderme Tarihi|Gönderilme Tarihi|Gönderim Tarihi|Gönderim|Gönderim Zamanı|Alındı',
    to: 'Kime|Alıcı|Alıcılar',
    cc: 'Bilgi|Cc|Kopya',
    bcc: 'Gizli|Gizli kopya',
    subject: 'Konu',
    'reply-to': 'Yanıt adresi|Yanıtla|Yanıt|Yanıtlanacak kişi|Yanıtlama adresi',
    other: 'Ekler|Ek|Önem|Önem Derecesi|Öncelik',
  },
  et: {
    from: 'Saatja|Kellelt|Autor',
    date: 'Saadetud|Kuupäev|Saatmise aeg|Saatmisaeg',
    to: 'Adressaat|Saaja|Kellele|Saajad|Adressaadid',
    cc: 'Koopia|Koopia saaja',
    bcc: 'Pimekoopia|Salakoopia',
    subject: 'Teema|Pealkiri',
    'reply-to': 'Vastus aadressile|Vasta aadressile|Vasta',
    other: 'Manused|Manus|Tähtsus|Prioriteet',
  },
  lv: {
    from: 'No|Sūtītājs',
    date: 'Nosūtīts|Datums|Sūtīts|Nosūtīšanas datums',
    to: 'Kam|Adresāts|Saņēmējs|Uz',
    cc: 'Kopija',
    bcc: 'Diskrētā kopija|Slēptā kopija|Bl. kopija',
    subject: 'Tēma|Temats|Temats (tēma)',
    'reply-to': 'Atbildēt uz|Atbildēt|Atbilde',
    other: 'Pielikumi|Pielikums|Svarīgums|Prioritāte',
  },
  lt: {
    from: 'Nuo|Siuntėjas|Iš|Nuo ko|Kas',
    date: 'Išsiųsta|Išsiųstas|Data|Siųsta|Išsiųsta data|Išsiuntimo data',
    to: 'Kam|Gavėjas|Adresatas|Iki',
    cc: 'Kopija',
    bcc: 'Nematoma kopija|Slapta kopija|Slaptoji kopija',
    subject: 'Tema',
    'reply-to': 'Atsakyti|Atsakymas|Atsakyti į|Atsakyti kam',
    other: 'Priedai|Priedas|Svarba|Prioritetas',
  },
  ja: {
    from: '差出人|送信者|送信元|発信者|発信元|From',
    date: '送信日時|日時|日付|送信日|受信日時|送信済み',
    to: '宛先|To|受信者|送信先',
    cc: 'CC|写し|カーボンコピー',
    bcc: 'BCC',
    subject: '件名|題名|表題|タイトル',
    'reply-to': '返信先|返信先アドレス',
    other: '添付ファイル|添付|重要度|優先度',
  },
  'zh-CN': {
    from: '发件人|寄件者|发送人|发自|寄信人|发信人|发件者',
    date: '发送时间|发送|日期|发送日期|时间|发件时间|发件日期|已发送|寄件时间',
    to: '收件人|收信人|发送至|收件者',
    cc: '抄送|抄送人|副本',
    bcc: '密送|密件抄送|密送人',
    subject: '主题|标题|邮件主题',
    'reply-to': '回复|答复|回复至|回复地址|答复地址',
    other: '附件|重要性|优先级|敏感度',
  },
  'zh-TW': {
    from: '寄件者|寄件人|從|寄信人|自|寄自|發件人|来自|來自',
    date: '寄件日期|日期|傳送日期|傳送時間|寄送日期|時間|已傳送|寄件時間|發送時間|發送日期',
    to: '收件者|收件人|至|到|收信人|寄給',
    cc: '副本|副本抄送|抄送',
    bcc: '密件副本|密件抄送|密送',
    subject: '主旨|主題|標題',
    'reply-to': '回覆|回覆至|回信地址|回覆地址|回覆位址',
    other: '附件|重要性|優先順序|優先權',
  },
  ko: {
    from: '보낸 사람|보낸사람|발신|발신자|보낸이|보내는 사람|발신인|From',
    date: '보낸 날짜|날짜|보낸날짜|일시|보낸 시간|발신일|전송 날짜|보낸일시|보낸 일시|발송일',
    to: '받는 사람|받는사람|수신|수신자|받는이|받은사람|수신인',
    cc: '참조|함께 받는 사람|참조자',
    bcc: '숨은 참조|숨은참조',
    subject: '제목',
    'reply-to': '회신 주소|답장 받는 사람|회신|답장 받을 주소|회신받을 주소|답장',
    other: '첨부 파일|첨부파일|첨부|중요도',
  },
  ca: {
    from: 'De|Remitent|Des de|Enviat per',
    date: 'Enviat|Data|Enviat el|Data d’enviament|Enviat a les',
    to: 'Per a|A|Destinatari|Per|Destinataris',
    cc: 'A/c|Còpia|Cc|Còpia a|A/c.',
    bcc: 'C/o|Còpia oculta|Cco',
    subject: 'Assumpte|Tema',
    'reply-to': 'Respon a|Respondre a|Resposta a',
    other: 'Adjuncions|Fitxers adjunts|Adjunts|Importància',
  },
  eu: {
    from: 'Nork|Igorlea|Bidaltzailea|Noiztik|Norengandik',
    date: 'Bidalia|Data|Noiz|Bidaltze-data|Bidalita',
    to: 'Nori|Hartzailea|Norentzat|Hartzaileak',
    cc: 'Kopia|Cc',
    bcc: 'Ezkutuko kopia|Bcc',
    subject: 'Gaia',
    'reply-to': 'Erantzun honi|Erantzun',
    other: 'Eranskinak|Garrantzia',
  },
  ga: {
    from: 'Ó|Seoltóir',
    date: 'Dáta|Seolta|Seoladh',
    to: 'Chuig|Do|Go',
    cc: 'Cóip',
    subject: 'Ábhar',
    'reply-to': 'Freagra chuig',
    other: 'Ceangaltáin',
  },
  cy: {
    from: 'Oddi wrth|Gan|Anfonwr',
    date: 'Anfonwyd|Dyddiad',
    to: 'At|I',
    cc: 'Copi|Copi at',
    subject: 'Pwnc|Testun',
    other: 'Atodiadau',
  },
  sq: {
    from: 'Nga|Dërguesi',
    date: 'Dërguar|Data|Dërguar më',
    to: 'Për|Marrësi',
    cc: 'Kopje',
    subject: 'Subjekti|Subjekt|Tema',
    other: 'Bashkëngjitje',
  },
  af: {
    from: 'Van|Afsender',
    date: 'Gestuur|Datum',
    to: 'Aan|Na',
    cc: 'Kopie|Afskrif',
    subject: 'Onderwerp',
    other: 'Aanhegsels',
  },
  vi: {
    from: 'Từ|Người gửi',
    date: 'Đã gửi|Ngày|Ngày gửi|Vào lúc|Thời gian|Gửi lúc|Đã gửi lúc|Ngày giờ|Gửi',
    to: 'Tới|Đến|Người nhận|Cho',
    cc: 'Sao chép|Đồng gửi|Cc',
    bcc: 'Bí mật|Đồng kính gửi ẩn danh|Bcc',
    subject: 'Chủ đề|Tiêu đề',
    'reply-to': 'Trả lời tới|Trả lời đến|Trả lời|Phản hồi tới',
    other: 'Phần đính kèm|Tệp đính kèm|Tầm quan trọng|Đính kèm',
  },
  id: {
    from: 'Dari|Pengirim',
    date: 'Terkirim|Tanggal|Dikirim|Waktu',
    to: 'Kepada|Ke|Untuk|Penerima',
    cc: 'Tembusan|Cc',
    bcc: 'Bcc|Tembusan rahasia',
    subject: 'Subjek|Perihal|Judul|Hal',
    'reply-to': 'Balas ke|Balas Ke|Balas kepada',
    other: 'Lampiran|Prioritas',
  },
  ms: {
    from: 'Daripada|Dari',
    date: 'Dihantar|Tarikh',
    to: 'Kepada|Ke',
    cc: 'Sk|Salinan Karbon|Salinan',
    subject: 'Subjek|Perkara',
    other: 'Lampiran',
  },
  th: {
    from: 'จาก|ผู้ส่ง',
    date: 'ส่ง|วันที่|ส่งเมื่อ|เมื่อ|วันที่ส่ง',
    to: 'ถึง|ผู้รับ',
    cc: 'สำเนาถึง|สำเนา',
    bcc: 'สำเนาลับถึง|สำเนาลับ',
    subject: 'เรื่อง|หัวเรื่อง|หัวข้อ|ชื่อเรื่อง',
    'reply-to': 'ตอบกลับ|ตอบกลับถึง|ตอบกลับไปที่',
    other: 'สิ่งที่แนบมา|แนบ|ความสำคัญ',
  },
  hi: {
    from: 'प्रेषक|से|द्वारा',
    date: 'दिनांक|भेजा गया|तारीख|दिनांकित',
    to: 'प्रति|सेवा में|प्राप्तकर्ता',
    subject: 'विषय',
  },
  ar: {
    from: 'من|المرسل|مِن|بواسطة',
    date: 'التاريخ|تم الإرسال|أُرسلت|تاريخ الإرسال|تاريخ|أرسلت|مرسل|تم الإرسال في',
    to: 'إلى|المستلم|الى|إلي',
    cc: 'نسخة|نسخة إلى|نسخة الى',
    bcc: 'نسخة مخفية|نسخة مخفية الوجهة|نسخة مخفية إلى',
    subject: 'الموضوع|العنوان',
    'reply-to': 'رد إلى|الرد على|الرد إلى',
    other: 'المرفقات|الأهمية',
  },
  fa: {
    from: 'از|فرستنده',
    date: 'تاریخ|ارسال شده|فرستاده شده',
    to: 'به|گیرنده',
    cc: 'رونوشت',
    subject: 'موضوع|عنوان',
    other: 'پیوست',
  },
  he: {
    from: 'מאת|השולח|שולח',
    date: 'נשלח|תאריך|בתאריך|נשלח בתאריך',
    to: 'אל|לכבוד|נמען|נמענים',
    cc: 'עותק|העתק|לידיעה',
    bcc: 'עותק מוסתר|עותק סמוי',
    subject: 'נושא|הנדון',
    'reply-to': 'השב אל|השב ל|תשובה אל|השב-ל|תשובה ל',
    other: 'קבצים מצורפים|חשיבות|צרופות',
  },
}

/** What is folded already, but for its case. */
const PLAIN_LABEL = /^[ -&()+-^`-~]*$/

const FIELD_OF_LABEL: ReadonlyMap<string, HeaderField> = new Map(
  Object.values(HEADER_LABELS).flatMap((labels) =>
    (Object.entries(labels) as [HeaderField, string][]).flatMap(([field, names]) =>
      names.split('|').map((name): [string, HeaderField] => [foldLabel(name), field]),
    ),
  ),
)

/** No label is longer, so a colon further on in a line of prose is not looked at. */
const LONGEST_LABEL = Math.max(...[...FIELD_OF_LABEL.keys()].map((label) => label.length)) + 8

const COLON = /[:：﹕︰]/u

/**
 * The field and value of one line of a header block ('Fra: Kim', '*Sent:* Monday', 'Objet :  x', '发件人：x'), or null
 * where the line does not begin with a known label and a colon. One line alone proves nothing: prose may begin 'To: '
 * as well, so that readers ask for a block of several. Takes the line without '>' prefixes. O(length of the line).
 */
export function readHeaderLine(line: string): { field: HeaderField; value: string } | null {
  const start = skipDecoration(line, 0)
  const colon = line.slice(start, start + LONGEST_LABEL).search(COLON)
  if (colon < 1) return null
  const field = FIELD_OF_LABEL.get(foldLabel(line.slice(start, start + colon)))
  if (field === undefined) return null
  const value = line.slice(skipDecoration(line, start + colon + 1))
  return { field, value: withoutClosingAsterisk(value, line.slice(0, start)) }
}

/**
 * The label that ends at a colon in the middle of a line ('…@acme.test>To: …'), longest first: it begins with a capital
 * or a letter without case. For blocks that a client wrote on one line.
 */
export function readHeaderLabel(line: string, colon: number): { field: HeaderField; start: number } | null {
  const end = line.slice(0, colon).trimEnd().length
  for (let start = Math.max(0, end - LONGEST_LABEL); start < end; start++) {
    const first = line.charAt(start)
    if (first === first.toLowerCase() && first !== first.toUpperCase()) continue
    const field = FIELD_OF_LABEL.get(foldLabel(line.slice(start, end)))
    if (field !== undefined && first.trim() !== '') return { field, start }
  }
  return null
}

/** '*From: Kim*' is bold as a whole: the asterisk that closes it is no part of the value. */
function withoutClosingAsterisk(value: string, before: string): string {
  const trimmed = value.trim()
  return before.includes('*') && trimmed.endsWith('*') ? trimmed.replace(/(?<!\*)\*{1,3}$/, '').trim() : trimmed
}

/** Spaces of every kind, direction marks and the asterisks or underscores of bold text made plain. */
function skipDecoration(line: string, from: number): number {
  let at = from
  while (at < line.length && /[\s*_\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u.test(line.charAt(at)))
    at++
  return at
}

function foldLabel(label: string): string {
  if (PLAIN_LABEL.test(label)) return label.trim().toLowerCase()
  return label
    .normalize('NFKC')
    .replace(/[*_\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu, '')
    .replace(/['’]/g, '’')
    .replace(/\s/gu, ' ')
    .trim()
    .toLowerCase()
    .replace(/i\u0307/gu, 'i')
}
