import type { Automatic } from '../message.ts'
import {
  GENERATED_HEADERS,
  type HeaderSign,
  MAILING_HEADERS,
  MAILING_SERVICE,
  REPLY_HEADERS,
  WEAK_HEADERS,
} from './headers.ts'
import { clientOf, isMailing, isRobot, personBehind } from './person.ts'
import { autoReplyOf } from './phrase-rules.ts'
import { UNSUBSCRIBE } from './phrases.ts'
import type { Evidence, Rule } from './rule.ts'

const OWN_MESSAGE_ID = /^c\d{1,12}\.[0-9a-z]{1,40}\.[a-z2-7]{16}@/

/** A mail of ours that came back: what it claims, not what it proves. */
function own(mail: Evidence): Automatic | null {
  const row = mail.headers('x-posthorn-row')[0]
  if (row !== undefined) return { kind: 'own', evidence: `X-Posthorn-Row: ${row}` }
  const id = mail.parsed.messageId ?? ''
  return OWN_MESSAGE_ID.test(id) ? { kind: 'own', evidence: `Message-ID: <${id}>` } : null
}

/** RFC 8098: somebody's mail program tells that a mail was shown, or deleted unread. */
function readReceipt({ parsed }: Evidence): Automatic | null {
  const part = parsed.parts.find((candidate) => candidate.contentType === 'message/disposition-notification')
  const named = parsed.contentType.params['report-type']?.toLowerCase() === 'disposition-notification'
  if (!part && !named) return null
  const disposition = /^Disposition[ \t]{0,3}:.{0,200}?;[ \t]{0,3}([A-Za-z-]{1,30})/im.exec(part?.text ?? '')?.[1]
  return { kind: 'generated', evidence: `read receipt ${disposition?.toLowerCase() ?? '(RFC 8098)'}` }
}

/** RFC 5965. */
function feedbackReport({ parsed }: Evidence): Automatic | null {
  const named = parsed.contentType.params['report-type']?.toLowerCase() === 'feedback-report'
  return named ? { kind: 'generated', evidence: 'report-type=feedback-report' } : null
}

/** RFC 3834, RFC 5436: anything but 'no'. Exchange says auto-generated of its out-of-office replies. */
function autoSubmitted(mail: Evidence): Automatic | null {
  const value = mail.headers('auto-submitted').find((candidate) => !/^no\b/i.test(candidate) && candidate !== '')
  if (value === undefined) return null
  const evidence = `Auto-Submitted: ${value.slice(0, 100)}`
  const reply = autoReplyOf(mail)
  if (reply) return { kind: reply.kind, evidence }
  return { kind: /^auto-repl/i.test(value) ? 'auto-reply' : 'generated', evidence }
}

function signed(mail: Evidence, signs: readonly HeaderSign[]): Automatic | null {
  for (const sign of signs) {
    const value = mail.headers(sign.name).find((candidate) => sign.value?.test(candidate) ?? true)
    if (value !== undefined) return { kind: sign.kind, evidence: `${titleCase(sign.name)}: ${value.slice(0, 100)}` }
  }
  return null
}

function replyHeaders(mail: Evidence): Automatic | null {
  const found = signed(mail, REPLY_HEADERS)
  return found?.kind === 'auto-reply' ? { ...found, kind: autoReplyOf(mail)?.kind ?? found.kind } : found
}

/** RFC 2919. */
function list(mail: Evidence): Automatic | null {
  const id = mail.headers('list-id')[0] ?? mail.headers('x-mailing-list')[0]
  if (id !== undefined) return { kind: 'list', evidence: `List-Id: ${id.slice(0, 200)}` }
  const post = mail.headers('list-post')[0] ?? mail.headers('mailing-list')[0]
  return post === undefined ? null : { kind: 'list', evidence: `List-Post: ${post.slice(0, 200)}` }
}

/** Vacation programs since the eighties: the Precedence that gateways use too, but with a responder's words. */
function vacation(mail: Evidence): Automatic | null {
  const precedence = mail.headers('precedence').find((value) => BULK.test(value) || LISTED.test(value))
  const reply = precedence === undefined || clientOf(mail) !== null ? null : autoReplyOf(mail)
  return reply && { kind: reply.kind, evidence: `Precedence: ${precedence}` }
}

/** RFC 3834 section 3.3: responders send from nobody, so that nobody answers them. People never do. */
function nullSender(mail: Evidence): Automatic | null {
  if (mail.parsed.returnPath !== '' || clientOf(mail) !== null) return null
  const report = mail.parsed.contentType.type === 'multipart/report'
  return { kind: report ? 'generated' : (autoReplyOf(mail)?.kind ?? 'auto-reply'), evidence: 'Return-Path: <>' }
}

const BULK = /^(?:bulk|junk)\b/i
const LISTED = /^list\b/i

/** Headers that gateways put on ordinary mail too: they count only where nothing speaks for a person. */
function suspicious(mail: Evidence): Automatic | null {
  if (personBehind(mail) !== null) return null
  const precedence = [...mail.headers('precedence'), ...mail.headers('x-precedence')]
  const bulk = precedence.find((value) => BULK.test(value))
  if (bulk !== undefined) return { kind: 'bulk', evidence: `Precedence: ${bulk}` }
  const listed = precedence.find((value) => LISTED.test(value))
  if (listed !== undefined) return { kind: 'list', evidence: `Precedence: ${listed}` }
  // Amazon SES marks whatever is sent through it, people's mail too.
  const feedback = mail.headers('feedback-id').find((value) => !/:AmazonSES$/i.test(value))
  if (feedback !== undefined) return { kind: 'bulk', evidence: `Feedback-ID: ${feedback.slice(0, 100)}` }
  return signed(mail, WEAK_HEADERS) ?? unsubscribe(mail)
}

/** RFC 2369, RFC 8058: a mailing's own header only beside another sign of one. */
function unsubscribe(mail: Evidence): Automatic | null {
  const header = mail.headers('list-unsubscribe')[0]
  if (header === undefined) return null
  const beside =
    mail.headers('list-unsubscribe-post').length > 0 ||
    mail.headers('x-mailer').some((value) => MAILING_SERVICE.test(value)) ||
    MAILING_HEADERS.some((name) => mail.headers(name).length > 0) ||
    UNSUBSCRIBE.test(mail.ending) ||
    isRobot(mail) ||
    isMailing(mail)
  return beside ? { kind: 'bulk', evidence: `List-Unsubscribe: ${header.slice(0, 100)}` } : null
}

/** System mail: cron, daemons, no-reply senders; but not a web form that names the customer in Reply-To. */
function robot(mail: Evidence): Automatic | null {
  const { from, replyTo } = mail.parsed
  if (/^Cron <[^>]{1,200}>/.test(mail.subject))
    return { kind: 'generated', evidence: `Subject: ${mail.subject.slice(0, 100)}` }
  if (!from || !isRobot(mail)) return null
  const answered = replyTo.find((address) => address.address !== '' && address.address !== from.address)
  return answered ? null : { kind: 'generated', evidence: `From: ${from.address}` }
}

function titleCase(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase())
}

export const HEADER_RULES: readonly Rule[] = [
  own,
  readReceipt,
  feedbackReport,
  autoSubmitted,
  replyHeaders,
  (mail) => signed(mail, GENERATED_HEADERS),
  list,
  vacation,
  nullSender,
  suspicious,
  robot,
]
