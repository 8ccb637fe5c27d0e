import { ROBOT_LOCAL } from '../message/automatic/senders.ts'
import { localPartOf } from '../model/address.ts'
import type { NoticeKind } from '../model/notice.ts'
import { IN_DIGEST, modeOf, type Preference, type Topic, topicOf } from '../model/preferences.ts'

/** What is known of a recipient before anything is written to them. */
export interface RecipientFacts {
  address: string
  /** Whether it is an address of one of our mailboxes, with or without a plus part. */
  own: boolean
  /** Why the address gets no mail at all: what came back from it. null where it does. */
  suppressed: string | null
  preferences: readonly Preference[]
  /** Whether it was ever proven that the person reads this address. */
  verified: boolean
  /** Whether what the person wants in a digest about a topic can be in one: it is written at all, and to them. */
  served: (topic: Topic) => boolean
}

/** A notice as the guard sees it. */
export interface Wish {
  kind: NoticeKind
  /** The name of the mailbox that it leaves from. */
  mailbox: string
  who: RecipientFacts
  /** Somebody waits for an answer: of those that must reach one, at least one is written or comes in a digest. */
  mustReach: boolean
  /** Why whoever causes it does not want it written; null where they do. */
  refusal: string | null
}

/** off and digest are the recipient's own choice; the others hold whatever they chose. */
export interface Refusal {
  why: 'caller' | 'suppressed' | 'automatic' | 'unverified' | 'off' | 'digest'
  text: string
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

/** Whether a kind of mail goes only to addresses that their person has been shown to read. */
export function needsProof(kind: NoticeKind): boolean {
  return ONLY_VERIFIED.has(kind)
}

/**
 * For each notice about one event why it must not be written, or null. Where a customer waits and every agent who would
 * hear of it chose not to, they are told all the same: a mail that nobody sees is a lost mail.
 */
export function refusalsOf(wishes: readonly Wish[]): (string | null)[] {
  const refusals = wishes.map(({ kind, mailbox, who, refusal }): Refusal | null =>
    refusal === null ? refusalOf(kind, mailbox, who) : { why: 'caller', text: refusal },
  )
  const isHeard = (refusal: Refusal | null | undefined) => !refusal || refusal.why === 'digest'
  const reaches = wishes.some(({ mustReach }, index) => mustReach && isHeard(refusals[index]))
  return wishes.map(({ mustReach }, index) => {
    const refusal = refusals[index] ?? null
    const overruled = mustReach && !reaches && refusal?.why === 'off'
    return overruled ? null : (refusal?.text ?? null)
  })
}

/**
 * Why a notice of a kind must not be written to somebody, or null where it may: the one guard before anybody is written to.
 * Budgets come behind it, for only what would be written is paid for.
 */
export function refusalOf(kind: NoticeKind, mailbox: string, who: RecipientFacts): Refusal | null {
  if (who.suppressed !== null) return { why: 'suppressed', text: who.suppressed }
  if (who.own) return { why: 'automatic', text: 'automatic: it is an address of ours, and we would write to ourselves' }
  if (NOBODYS_WORDS.has(kind) && ROBOT_LOCAL.test(localPartOf(who.address)))
    return { why: 'automatic', text: 'automatic: no person reads mail at this address' }
  if (needsProof(kind) && !who.verified)
    return { why: 'unverified', text: 'not verified: nobody has shown that they read mail at this address' }
  return unwanted(topicOf(kind), mailbox, who)
}

function unwanted(topic: Topic | null, mailbox: string, who: RecipientFacts): Refusal | null {
  if (topic === null) return null
  const mode = modeOf(who.preferences, topic, mailbox)
  if (mode === 'off') return { why: 'off', text: `unsubscribed: they want no mail about ${topic}` }
  if (mode === 'digest' && topic !== 'digests' && comesInDigest(topic, mailbox, who))
    return { why: 'digest', text: `${IN_DIGEST}: they want no mail of its own about ${topic}` }
  return null
}

/** What waits for a digest that never comes would be lost. */
function comesInDigest(topic: Topic, mailbox: string, who: RecipientFacts): boolean {
  return who.served(topic) && modeOf(who.preferences, 'digests', mailbox) !== 'off'
}
