import type { Message } from '../message/message.ts'
import type { Decision } from './decision.ts'
import type { Facts } from './facts.ts'

type Verdict = { because: string; decision?: Decision }

/** Headers in which filters say so: SpamAssassin, Rspamd, Exchange, Gmail's relays and Cloudmark write these. */
const SIGNS: readonly { name: string; says: (value: string) => boolean }[] = [
  { name: 'x-spam-flag', says: (value) => /^yes\b/i.test(value) },
  { name: 'x-spam-status', says: (value) => /^yes\b/i.test(value) },
  { name: 'x-spam', says: (value) => /^(?:yes|true|spam)\b/i.test(value) },
  { name: 'x-rspamd-action', says: (value) => /^(?:add header|rewrite subject|reject|quarantine)\b/i.test(value) },
  { name: 'x-ms-exchange-organization-scl', says: (value) => /^[5-9]\b/.test(value) },
  { name: 'x-forefront-antispam-report', says: (value) => /(?:^|;)\s*SCL:[5-9]\b/i.test(value) },
]

/**
 * The header by which the mail server calls a mail spam, as evidence, or null. Of each header only the topmost counts: the
 * last server to write was our own. A sender who writes such a header harms nobody but himself.
 */
export function spamSign(message: Pick<Message, 'headers'>): string | null {
  for (const { name, says } of SIGNS) {
    const value = message.headers.find((header) => header.name === name)?.value.trim()
    if (value !== undefined && says(value)) return `${name}: ${value.slice(0, 80)}`
  }
  return null
}

/** For a mail that would open a case: a sender who may be forged gets no receipt, and the case is of low priority. */
export function spam(message: Message, facts: Facts): Verdict {
  const sign = spamSign(message)
  if (sign === null) return { because: 'the mail server does not call it spam' }
  const because = `the mail server calls it spam (${sign})`
  const policy = facts.filters?.spam ?? 'open'
  if (policy === 'ignore') return { because: `${because}, and such mail is ignored`, decision: { kind: 'ignore' } }
  const open = { kind: 'open', contact: message.from, acknowledge: false, followUpOf: null } as const
  const settings = { priority: 'low', product: null, category: null, tags: [], assign: null } as const
  if (policy === 'open')
    return { because: `${because}: a case of low priority, without a receipt`, decision: { ...open, settings } }
  return { because: `${because}: held`, decision: { ...open, settings, held: { tellAgents: false } } }
}
