import type { Message } from '../message/message.ts'

/** The line that `posthorn inspect --json` prints for a mail: keys and spelling are read by scripts and stay as they are. */
export type InspectLine = { file: string } & Pick<
  Message,
  | 'messageId'
  | 'inReplyTo'
  | 'references'
  | 'date'
  | 'subject'
  | 'from'
  | 'replyTo'
  | 'to'
  | 'cc'
  | 'language'
  | 'text'
  | 'reply'
  | 'quoted'
  | 'signature'
  | 'confidence'
  | 'attachments'
  | 'automatic'
  | 'bounce'
  | 'complaint'
  | 'forwarded'
  | 'problems'
>

/** A message as its line, in the order of the keys that scripts know. */
export function lineOf(file: string, message: Message): InspectLine {
  const { messageId, inReplyTo, references, date, subject, from, replyTo, to, cc, language } = message
  const { text, reply, quoted, signature, confidence, automatic, bounce, complaint, forwarded, problems } = message
  const attachments = message.attachments.map(({ filename, contentType, size, sha256, contentId, inline }) => ({
    filename,
    contentType,
    size,
    sha256,
    contentId,
    inline,
  }))
  return {
    file,
    messageId,
    inReplyTo,
    references,
    date,
    subject,
    from,
    replyTo,
    to,
    cc,
    language,
    text,
    reply,
    quoted,
    signature,
    confidence,
    attachments,
    automatic,
    bounce,
    complaint,
    forwarded,
    problems,
  }
}

/** The line of a file in which no mail could be read. */
export function unreadableLine(file: string, why: string): InspectLine {
  return {
    file,
    messageId: null,
    inReplyTo: [],
    references: [],
    date: null,
    subject: '',
    from: null,
    replyTo: [],
    to: [],
    cc: [],
    language: null,
    text: '',
    reply: '',
    quoted: '',
    signature: '',
    confidence: 0,
    attachments: [],
    automatic: null,
    bounce: null,
    complaint: null,
    forwarded: null,
    problems: [why],
  }
}
