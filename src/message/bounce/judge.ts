import type { BouncedRecipient } from '../message.ts'
import { REASONS, type Reason } from './reasons.ts'
import type { Row } from './row.ts'

const ENHANCED = /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/
const REPLY_CODE = /(?:^|[^\d.@-])([45]\d\d)(?:[ \-#:]|$)/
const WORDS_LIMIT = 2000

/** The mail had been let in by RCPT TO and was turned away afterwards: the address may well exist. */
const AFTER_DATA =
  /in reply to (?:end of )?DATA|>>> DATA\s+<<< 5|SMTP command DATA|after (?:end of )?DATA|\bfor TEXT command|SMTP transmission failure/i
/** What filters say of everybody; other words for an unknown user are meant. */
const EVASIVE = /\buser unknown|unknown user|no such user/i
const AT_RCPT = /in reply to RCPT|after RCPT|>>> RCPT|\bfor RCPT|SMTP:RCPT/i

/**
 * One recipient, judged. The status is the report's own, unless it is missing or says nothing (x.0.0, as Exim's always do):
 * then the one in the diagnostic, the one that the words stand for, or the SMTP reply code's class.
 * Permanent is what makes it useless to write to the address again: an unknown user or host, not a full mailbox,
 * a filter or a policy, although these are 5.x.x too. `words` is the whole report, for rows that say little.
 */
export function judge(row: Row, action: BouncedRecipient['action'], words: string): BouncedRecipient {
  const own = ENHANCED.exec(row.status ?? '')?.[1] ?? null
  const diagnostic = row.diagnostic?.slice(0, WORDS_LIMIT) ?? null
  const said = ENHANCED.exec(diagnostic ?? '')?.[1] ?? null
  const known = own && !own.endsWith('.0.0') ? own : (said ?? own)
  const report = words.slice(0, WORDS_LIMIT)
  const reason = reasonFor(known, diagnostic ?? '') ?? reasonFor(known, report)
  const code = replyCode(row, report)
  const status = known ?? statusFrom(reason, code, action)
  const permanent = action === 'failed' && isPermanent(status, reason, code, diagnostic, report)
  return { address: row.address.toLowerCase(), action, status, permanent, diagnostic }
}

function replyCode(row: Row, report: string): string | null {
  const text = `${row.status ?? ''}\n${row.diagnostic ?? ''}`.slice(0, WORDS_LIMIT)
  return REPLY_CODE.exec(text)?.[1] ?? REPLY_CODE.exec(report)?.[1] ?? null
}

function reasonFor(status: string | null, text: string): Reason | null {
  const found = text === '' ? undefined : REASONS.find((reason) => reason.words.some((pattern) => pattern.test(text)))
  const detail = status?.slice(2)
  return found ?? REASONS.find((reason) => detail !== undefined && reason.statuses.includes(detail)) ?? null
}

function statusFrom(reason: Reason | null, code: string | null, action: BouncedRecipient['action']): string | null {
  if (action === 'delivered' || action === 'relayed' || action === 'expanded') return '2.0.0'
  const group = action === 'delayed' ? '4' : (code?.[0] ?? (reason?.detail === '4.7' ? '4' : '5'))
  if (reason) return `${group}.${reason.detail}`
  return code || action === 'delayed' ? `${group}.0.0` : null
}

/** Of a reason that is not known, the code decides: 550, 551 and 553 speak of the mailbox, 552 and 554 of the mail. */
function isPermanent(
  status: string | null,
  reason: Reason | null,
  code: string | null,
  diagnostic: string | null,
  report: string,
): boolean {
  if (status?.startsWith('4')) return false
  const detail = status?.slice(2) ?? '0.0'
  if (reason)
    return (
      reason.permanent &&
      (reason.name !== 'user unknown' || isUnknown(detail, diagnostic ?? report, `${diagnostic ?? ''}\n${report}`))
    )
  if (/^[67]\./.test(detail)) return false
  return code === null || ['550', '551', '553'].includes(code)
}

/** 'User unknown' is also what filters answer that let the address pass: then the status or the stage gives them away. */
function isUnknown(detail: string, said: string, words: string): boolean {
  if (detail.startsWith('1.') || !EVASIVE.test(said)) return true
  if (detail.startsWith('7.')) return false
  return detail.startsWith('2.') ? AT_RCPT.test(words) : !AFTER_DATA.test(words)
}
