import type { BouncedRecipient } from '../message.ts'
import { REASONS, type Reason } from './reasons.ts'
import type { Row } from './row.ts'

const ENHANCED = /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/
const REPLY_CODE = /(?:^|[^\d.@-])([45]\d\d)(?:[ \-#:]|$)/
const WORDS_LIMIT = 2000

/**
 * One recipient, judged. The status is the report's own, unless it is missing or says nothing (x.0.0, as Exim's always do):
 * then the one in the diagnostic, the one that the words stand for, or the SMTP reply code's class.
 * Permanent is what makes it useless to write to the address again: an unknown user or host, not a full mailbox,
 * a filter or a policy, although these are 5.x.x too; of a reason that is not known, the class decides.
 */
export function judge(row: Row, action: BouncedRecipient['action'], words: string): BouncedRecipient {
  const own = ENHANCED.exec(row.status ?? '')?.[1] ?? null
  const diagnostic = row.diagnostic?.slice(0, WORDS_LIMIT) ?? null
  const said = ENHANCED.exec(diagnostic ?? '')?.[1] ?? null
  const known = own && !own.endsWith('.0.0') ? own : (said ?? own)
  const reason = reasonFor(known, diagnostic ?? '') ?? reasonFor(known, words.slice(0, WORDS_LIMIT))
  const status = known ?? statusFrom(reason, replyCode(row, words), action)
  return {
    address: row.address.toLowerCase(),
    action,
    status,
    permanent: isPermanent(action, status, reason),
    diagnostic,
  }
}

function replyCode(row: Row, words: string): string | null {
  const text = `${row.status ?? ''}\n${row.diagnostic ?? ''}`.slice(0, WORDS_LIMIT)
  return REPLY_CODE.exec(text)?.[1] ?? REPLY_CODE.exec(words.slice(0, WORDS_LIMIT))?.[1] ?? null
}

function reasonFor(status: string | null, text: string): Reason | null {
  const words = text.toLowerCase()
  const found = words === '' ? undefined : REASONS.find((reason) => reason.words.some((pattern) => pattern.test(words)))
  const detail = status?.slice(2)
  return found ?? REASONS.find((reason) => detail !== undefined && reason.statuses.includes(detail)) ?? null
}

function statusFrom(reason: Reason | null, code: string | null, action: BouncedRecipient['action']): string | null {
  if (action === 'delivered' || action === 'relayed' || action === 'expanded') return '2.0.0'
  const group = action === 'delayed' ? '4' : (code?.[0] ?? (reason?.detail === '4.7' ? '4' : '5'))
  if (reason) return `${group}.${reason.detail}`
  return code || action === 'delayed' ? `${group}.0.0` : null
}

function isPermanent(action: BouncedRecipient['action'], status: string | null, reason: Reason | null): boolean {
  if (action !== 'failed') return false
  if (reason) return reason.permanent
  return status === null || status.startsWith('5')
}
