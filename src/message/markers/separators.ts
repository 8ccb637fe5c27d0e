/**
 * Words for 'message', by their stems in lower case. 'Original' between dashes is a client's separator only beside one
 * of these: '--- Original invoice ---' is a person's heading.
 */
export const MESSAGE_STEMS: readonly string[] = (
  'messag mail meddelelse meddelande besked brev melding medd. epost e-post viesti skeyti skilaboð póst ' +
  'nachricht bericht boodskap mensaje correo mensagem mensaxe missatge messaggio courriel mesaj msg ' +
  'wiadomoś list zpráv správ sporočil poruk porak levél üzenet писмо съобщени сообщени письм повідомлен лист порук ' +
  'μήνυμα ileti posta e-posta kiri sõnum ziņ vēstul laišk tekst pranešim mezu teachtaireacht neges mesazh ' +
  'メール メッセージ 邮件 信息 消息 郵件 訊息 메시지 메일 thư nhắn pesan رسالة الرسالة پیام הודעה ההודעה ข้อความ संदेश'
).split(' ')

/** Stems that some clients use for 'original': '-----Reply Message-----'. */
export const ANSWERED_STEMS: readonly string[] = ['reply', 'antwort', 'antwoord', 'respuesta', 'réponse', 'risposta']
