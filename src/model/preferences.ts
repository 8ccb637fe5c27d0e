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
