import type { NoticeKind } from './notice.ts'

/** What people choose about: comments (and new cases, and what becomes of them), solutions, areas they follow, and digests. */
export const TOPICS = ['comments', 'solutions', 'areas', 'digests'] as const
export type Topic = (typeof TOPICS)[number]

/** now: a mail each time. digest: in the next digest. off: no mail. Digests themselves are on (now) or off. */
export const MODES = ['now', 'digest', 'off'] as const
export type Mode = (typeof MODES)[number]

/** One choice of a person's; `mailbox` '' is for all mailboxes, and one for a certain mailbox goes before it. */
export interface Preference {
  topic: Topic
  mailbox: string
  mode: Mode
}

/** How the reason begins for which a row of the outbox is not sent, where what it tells comes in a digest. */
export const IN_DIGEST = 'in the digest'

const TOPIC_OF: Readonly<Partial<Record<NoticeKind, Topic>>> = {
  'case-opened': 'comments',
  'case-closed': 'comments',
  'case-reopened': 'comments',
  'case-reopened-agent': 'comments',
  'comment-added': 'comments',
  'comment-added-agent': 'comments',
  'solution-proposed': 'solutions',
  'article-published': 'areas',
  'article-commented': 'areas',
  'agent-digest': 'digests',
  'customer-digest': 'digests',
  'article-digest': 'digests',
}

/** What a kind of mail is chosen about; null for those that are always written, such as a receipt or a link to sign in. */
export function topicOf(kind: string): Topic | null {
  return TOPIC_OF[kind as NoticeKind] ?? null
}

/** How somebody wants to hear of a topic in a mailbox: their choice for it, else for all mailboxes, else at once. */
export function modeOf(preferences: readonly Preference[], topic: Topic, mailbox: string): Mode {
  const about = preferences.filter((it) => it.topic === topic)
  const own = about.find((it) => it.mailbox === mailbox) ?? about.find((it) => it.mailbox === '')
  return own?.mode ?? 'now'
}

/** A choice as it is kept. `was`, `stoppedWith`: what it was before a topic was ended by its link, and which one that was. */
export interface KeptPreference extends Preference {
  was: Mode | null
  stoppedWith: Topic | null
}

/**
 * What has to be written to end a topic for good, in every mailbox. Without digests, what waits for one would come at once:
 * whoever ends them wants less mail and not more, so that ends too.
 */
export function stopping(kept: readonly KeptPreference[], topic: Topic): KeptPreference[] {
  const ends = (it: Preference) => it.topic === topic || (topic === 'digests' && it.mode === 'digest')
  const isKept = kept.some((it) => it.topic === topic && it.mailbox === '')
  const before: Preference[] = isKept ? [...kept] : [...kept, { topic, mailbox: '', mode: 'now' }]
  return before
    .filter((it) => it.mode !== 'off' && ends(it))
    .map(({ mode, ...it }) => ({ ...it, mode: 'off', was: mode, stoppedWith: topic }))
}

/** What has to be written to take that back: what was ended with the topic is as it was, and the topic itself is wanted. */
export function resuming(kept: readonly KeptPreference[], topic: Topic): KeptPreference[] {
  const back = kept.flatMap(({ was, ...it }) =>
    it.stoppedWith === topic && was !== null ? [{ ...it, mode: was, was: null, stoppedWith: null }] : [],
  )
  if (back.length > 0) return back
  return kept
    .filter((it) => it.topic === topic && it.mode === 'off')
    .map((it) => ({ ...it, mode: 'now', was: null, stoppedWith: null }))
}

/** Whether no mail at all is wanted about a topic, in any mailbox. */
export function isStopped(kept: readonly Preference[], topic: Topic): boolean {
  return modeOf(kept, topic, '') === 'off' && kept.every((it) => it.topic !== topic || it.mode === 'off')
}
