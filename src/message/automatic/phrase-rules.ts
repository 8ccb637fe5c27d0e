import type { Automatic } from '../message.ts'
import { clientOf } from './person.ts'
import {
  AUTO_REPLY_SUBJECTS,
  AWAY,
  MACHINE_MADE_SUBJECT,
  OUT_OF_OFFICE_SUBJECTS,
  REPLY_PREFIX,
  SELF_DECLARED,
  TURN_TO,
  UNTIL,
} from './phrases.ts'
import type { Evidence, Rule } from './rule.ts'

const hit = (patterns: readonly RegExp[], text: string) =>
  patterns.map((pattern) => pattern.exec(text)?.[0]).find(Boolean)

const isQuestion = (text: string) => /[?？]/.test(text)

/** A responder comes to the point: whatever stands further back is part of somebody's letter. */
function startsWith(mail: Evidence, words: string | undefined): boolean {
  return words !== undefined && mail.opening.indexOf(words) <= 200
}

/** Which kind of reply the words speak of; for mails whose headers say already that they are automatic. */
export function autoReplyOf(mail: Evidence): Automatic | null {
  const subject = mail.subject.replace(REPLY_PREFIX, '')
  const away = hit(OUT_OF_OFFICE_SUBJECTS, subject) ?? hit(AWAY, mail.opening)
  if (away) return { kind: 'out-of-office', evidence: away }
  const reply = hit(AUTO_REPLY_SUBJECTS, subject)
  return reply ? { kind: 'auto-reply', evidence: reply } : null
}

/**
 * A responder's subject. Behind 'Re:' it is somebody's answer to an auto-reply, unless the text is one too;
 * a question in the text is a person's, who writes about auto-replies.
 */
function subject(mail: Evidence): Automatic | null {
  const bare = mail.subject.replace(REPLY_PREFIX, '')
  const away = hit(OUT_OF_OFFICE_SUBJECTS, bare)
  const reply = hit(AUTO_REPLY_SUBJECTS, bare)
  if (!away && !reply) return null
  const awayInText = hit(AWAY, mail.opening)
  const confirmed = awayInText ?? hit(SELF_DECLARED, mail.opening)
  if (isQuestion(mail.subject) || (isQuestion(mail.opening) && !startsWith(mail, awayInText))) return null
  const answers = bare !== mail.subject
  if (answers && !confirmed) return null
  if (away && !reply && !confirmed && !MACHINE_MADE_SUBJECT.test(bare)) return null
  return {
    kind: away || awayInText ? 'out-of-office' : 'auto-reply',
    evidence: `Subject: ${mail.subject.slice(0, 100)}`,
  }
}

/** 'SV: Invoice' with the text of an out-of-office reply: away, until when, and whom to turn to, without a question. */
function awayText(mail: Evidence): Automatic | null {
  const away = hit(AWAY, mail.opening)
  if (!startsWith(mail, away) || !away || isQuestion(mail.opening) || clientOf(mail) !== null) return null
  return hit(UNTIL, mail.opening) && hit(TURN_TO, mail.opening) ? { kind: 'out-of-office', evidence: away } : null
}

/** 'This is an automatic reply', not: 'I got this, this is an automatic reply, what now'. */
function beginsSentence(mail: Evidence, words: string): boolean {
  const before = mail.opening.slice(0, mail.opening.indexOf(words)).trimEnd()
  return before === '' || /[.!:*_\-–—)\]]$/.test(before) || /^\p{Lu}/u.test(words)
}

function selfDeclared(mail: Evidence): Automatic | null {
  const words = hit(SELF_DECLARED, mail.opening)
  if (
    !words ||
    !beginsSentence(mail, words) ||
    /["“”»«']$/.test(mail.opening.slice(0, mail.opening.indexOf(words)).trimEnd())
  )
    return null
  if (isQuestion(mail.opening.slice(0, mail.opening.indexOf(words)))) return null
  return { kind: hit(AWAY, mail.opening) ? 'out-of-office' : 'auto-reply', evidence: words }
}

export const PHRASE_RULES: readonly Rule[] = [subject, selfDeclared, awayText]
