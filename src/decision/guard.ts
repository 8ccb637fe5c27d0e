import { ROBOT_LOCAL } from '../message/automatic/senders.ts'
import { localPartOf } from '../model/address.ts'
import type { NoticeKind } from '../model/notice.ts'
import { type Mode, modeOf, type Preference, type Topic, topicOf } from '../model/preferences.ts'

/** What is known of a recipient before anything is written to them. */
export interface RecipientFacts {
  address: string
  /** Why the address gets no mail at all: what came back from it. null where it does. */
  suppressed: string | null
  preferences: readonly Preference[]
  /** Whether it was ever proven that the person reads this address. */
  verified: boolean
  /** Whether what the person wants in a digest about a topic will be in one. */
  served: (topic: Topic) => boolean
}

/** Kinds that nobody's words are in: a machine that answers them would go on for ever. */
const NOBODYS_WORDS: ReadonlySet<NoticeKind> = new Set([
  'case-received',
  'mail-too-large',
  'case-closed',
  'case-reopened',
  'customer-digest',
  'article-digest',
  'article-published',
  'article-commented',
])

/** Kinds that only go where somebody has shown that they read the mail there: nobody is subscribed by another. */
const ONLY_VERIFIED: ReadonlySet<NoticeKind> = new Set([
  'customer-digest',
  'article-digest',
  'article-published',
  'article-commented',
])

/**
 * Why a notice of a kind must not be written to somebody, or null where it may: the one guard before anybody is written to.
 * Budgets come behind it, for only what would be written is paid for.
 */
export function refusalOf(kind: NoticeKind, mailbox: string, who: RecipientFacts): string | null {
  if (who.suppressed !== null) return who.suppressed
  if (NOBODYS_WORDS.has(kind) && ROBOT_LOCAL.test(localPartOf(who.address)))
    return 'automatic: no person reads mail at this address'
  if (ONLY_VERIFIED.has(kind) && !who.verified)
    return 'not verified: nobody has shown that they read mail at this address'
  return unwanted(topicOf(kind), mailbox, who)
}

function unwanted(topic: Topic | null, mailbox: string, who: RecipientFacts): string | null {
  if (topic === null) return null
  const mode: Mode = modeOf(who.preferences, topic, mailbox)
  if (mode === 'off') return `unsubscribed: they want no mail about ${topic}`
  // What waits for a digest that never comes would be lost.
  if (mode === 'digest' && topic !== 'digests' && who.served(topic))
    return `in the digest: they want no mail of its own about ${topic}`
  return null
}
