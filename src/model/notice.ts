import type { Address } from './address.ts'
import type { Visibility } from './case.ts'
import type { Language } from './language.ts'

/**
 * Everything that Posthorn ever writes to anybody: one union, each kind with its data.
 * The outbox holds which notice is due to whom; this is the notice with its data filled in, just before it is composed.
 */
export type Notice =
  | CaseReceived
  | CaseOpened
  | CommentAdded
  | CommentAddedForAgent
  | SolutionProposed
  | MailTooLarge
  | CommandReceipt

export const NOTICE_KINDS = [
  'case-received',
  'case-opened',
  'comment-added',
  'comment-added-agent',
  'solution-proposed',
  'mail-too-large',
  'command-receipt',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** The kinds that go to agents: their mails carry the agents' key. */
export const AGENT_KINDS: ReadonlySet<string> = new Set<NoticeKind>([
  'case-opened',
  'comment-added-agent',
  'command-receipt',
])

/** What every notice carries: to whom, in which language, by which row. */
interface Envelope {
  /** The outbox row. */
  row: string
  /** Ours, without angle brackets; the same at every attempt. */
  messageId: string
  /** The envelope sender, which says which row a delivery report is about; null: the mailbox's plain address. */
  bounceAddress: string | null
  to: Address
  language: Language
  /** Name of the mailbox (configuration) whose address it leaves from. */
  mailbox: string
  /** ISO 8601 UTC: when the row was written; the mail's Date. */
  at: string
}

/** The case as a notice shows it. */
export interface NoticeCase {
  number: number
  title: string
  status: string
  contact: Address
  assignee: string | null
}

/** The comment as a notice shows it. */
export interface NoticeComment {
  author: Address
  byAgent: boolean
  visibility: Visibility
  text: string
  at: string
  attachments: NoticeAttachment[]
  /** Names of attachments that are sent to nobody (the malware check). */
  withheld: NoticeFile[]
  /** For agents: why it waits to be let in; null where it does not. */
  held: string | null
}

export type NoticeFile = Pick<NoticeAttachment, 'filename' | 'size'>

export interface NoticeAttachment {
  filename: string
  contentType: string
  size: number
  sha256: string
}

/** Threading and answering, for kinds about a case. */
export interface NoticeThread {
  /** Where answers go. */
  replyAddress: string
  /** Message-IDs for References, oldest first, without angle brackets; the last one is In-Reply-To. */
  references: string[]
  /** How a participant leaves the case: by mail, and with the key on a page of the portal. Absent for everybody else. */
  leave?: LeaveWays | null
}

export interface LeaveWays {
  /** A mailto URI. */
  mailto: string
  /** The same key by itself. */
  key: string
}

/** To the contact: your mail arrived and has a number. Carries no text of the sender's but the title. */
export interface CaseReceived extends Envelope {
  kind: 'case-received'
  /** Whether the sender is proven: only then the case's title goes back. */
  titled: boolean
  case: NoticeCase
  thread: NoticeThread
}
/** To an agent: a new case, with its description. */
export interface CaseOpened extends Envelope {
  kind: 'case-opened'
  case: NoticeCase
  comment: NoticeComment
  thread: NoticeThread
}
/** To the contact or a participant: a public comment. */
export interface CommentAdded extends Envelope {
  kind: 'comment-added'
  case: NoticeCase
  comment: NoticeComment
  thread: NoticeThread
}
/** To an agent: a comment, public or internal. */
export interface CommentAddedForAgent extends Envelope {
  kind: 'comment-added-agent'
  case: NoticeCase
  comment: NoticeComment
  thread: NoticeThread
}
/** To the contact: an agent proposes that this solves it. */
export interface SolutionProposed extends Envelope {
  kind: 'solution-proposed'
  case: NoticeCase
  comment: NoticeComment
  thread: NoticeThread
}
/** To a sender: your mail is larger than we take. */
export interface MailTooLarge extends Envelope {
  kind: 'mail-too-large'
  subject: string
  size: number
  limit: number
}
/** To an agent: what became of the commands in a mail. */
export interface CommandReceipt extends Envelope, ReceiptData {
  kind: 'command-receipt'
  case: NoticeCase
  thread: NoticeThread
}

export interface ReceiptData {
  /** What was done; empty where something was refused. */
  done: ReceiptLine[]
  /** The lines that could not be carried out, each with a key of the strings `refused.…`. */
  refused: { line: string; why: string }[]
  /** Whether the mail held no words besides. */
  wordless: boolean
  /** Every command with an example, where the agent asked for them or something was refused. */
  help: { name: string; usage: string }[]
}

/** One thing that was done: a key of the strings `done.…`, and what stands in it. */
export interface ReceiptLine {
  key: string
  value: string
}
