import type { Language } from './language.ts'

export const STATUSES = ['new', 'open', 'pending', 'hold', 'solved', 'closed'] as const
export type Status = (typeof STATUSES)[number]
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof PRIORITIES)[number]
/** Where a comment or a change came in. */
export type Channel = 'mail' | 'portal' | 'api' | 'cli'
export type Visibility = 'public' | 'internal'
export type Role = 'contact' | 'participant' | 'agent' | 'system'

/** A case as the store holds it. Times are ISO 8601 UTC; ids are text. */
export interface Case {
  id: string
  number: number
  title: string
  description: string
  /** What was cut from the opening mail as quoted. */
  descriptionQuoted: string
  status: Status
  priority: Priority
  contactId: string
  organisationId: string | null
  endCustomer: string | null
  assigneeId: string | null
  mailbox: string
  language: Language
  product: string | null
  category: string | null
  routine: string | null
  type: string | null
  operatingSystem: string | null
  version: string | null
  answerBy: 'email' | 'none'
  solution: Solution | null
  /** The id of the closed case that this one carries on. */
  followUpOf: string | null
  /** The id of the case that this one was merged into: what is meant for this one goes there. */
  mergedInto: string | null
  createdAt: string
  updatedAt: string
}

export interface Solution {
  text: string
  authorId: string
  at: string
  /** null until the contact has said. */
  accepted: boolean | null
}

/** The status after a public comment, or the same one where it does not change. */
export function statusAfterComment(status: Status, role: Role): Status {
  switch (role) {
    case 'contact':
    case 'participant':
      // Whoever answers a solution with words is not done; a waiting case is no longer waiting for them.
      return status === 'solved' || status === 'pending' ? 'open' : status
    case 'agent':
      return status === 'new' ? 'open' : status
    case 'system':
      return status
  }
}
