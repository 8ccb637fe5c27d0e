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
  | MailHeld
  | SolutionProposed
  | CaseMoved
  | CaseMovedForAgent
  | DeliveryFailed
  | MailTooLarge
  | CommandReceipt
  | AccountNotice
  | ArticlePublished
  | ArticleCommented
  | AgentDigest
  | CustomerDigest
  | ArticleDigest
  | MailboxAlarm

/** The kinds that are about no case: everything that they say is written with their row. */
export const WHOLE_KINDS = [
  'welcome',
  'activate-account',
  'account-exists',
  'reset-password',
  'sign-in-link',
  'password-changed',
  'address-change',
  'address-changed',
  'second-factor-on',
  'second-factor-off',
  'emergency-code-used',
  'new-sign-in',
  'identity-move',
  'identity-changed',
  'article-published',
  'article-commented',
  'agent-digest',
  'customer-digest',
  'article-digest',
  'mailbox-alarm',
] as const

export const NOTICE_KINDS = [
  'case-received',
  'case-opened',
  'comment-added',
  'comment-added-agent',
  'mail-held',
  'solution-proposed',
  'case-closed',
  'case-reopened',
  'case-reopened-agent',
  'case-assigned',
  'delivery-failed',
  'mail-too-large',
  'command-receipt',
  ...WHOLE_KINDS,
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** The kinds that go to agents. Those about a case carry the agents' key. */
export const AGENT_KINDS: ReadonlySet<string> = new Set<NoticeKind>([
  'case-opened',
  'comment-added-agent',
  'mail-held',
  'case-reopened-agent',
  'case-assigned',
  'delivery-failed',
  'command-receipt',
  'agent-digest',
  'mailbox-alarm',
])

/** The kinds that hold a link which lets its reader in: what was written for them is not kept once they are sent. */
export const SECRET_KINDS: ReadonlySet<string> = new Set<NoticeKind>([
  'welcome',
  'activate-account',
  'reset-password',
  'sign-in-link',
  'address-change',
  'address-changed',
  'account-exists',
  'identity-move',
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
  /** How the recipient chooses what to be told of; null where there is nothing to choose, or nobody who could. */
  settings?: SettingsWays | null
}

/** Where somebody changes what they are told of. Both keys are theirs alone. */
export interface SettingsWays {
  /** For the portal's page of choices. */
  key: string
  /** Ends this topic by one click (RFC 8058): for the portal's page, and as a mailto URI. */
  stop: { key: string; mailto: string }
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
/** To the contact and participants: an agent proposes that this solves it. */
export interface SolutionProposed extends Envelope {
  kind: 'solution-proposed'
  case: NoticeCase
  comment: NoticeComment
  thread: NoticeThread
  /** How the reader says whether it does. Absent: by an answer alone. */
  verdict?: VerdictWays
}

/** The reader's own keys to say whether a solution helped. */
export interface VerdictWays {
  yes: string
  no: string
  /** A mail to this address says yes; null where it would not arrive. */
  yesAddress: string | null
}

/** To an agent: a mail that waits until somebody lets it in. */
export interface MailHeld extends Envelope {
  kind: 'mail-held'
  case: NoticeCase
  comment: NoticeComment
  thread: NoticeThread
}
/** To the contact and participants: the case was closed or opened again, without words. */
export interface CaseMoved extends Envelope {
  kind: 'case-closed' | 'case-reopened'
  case: NoticeCase
  thread: NoticeThread
}
/** To an agent: the case is theirs now, or was opened again by the customer's click. `by`: a name. */
export interface CaseMovedForAgent extends Envelope {
  kind: 'case-assigned' | 'case-reopened-agent'
  by: string
  case: NoticeCase
  thread: NoticeThread
}
/** To an agent: a mail to a customer will not arrive. */
export interface DeliveryFailed extends Envelope {
  kind: 'delivery-failed'
  failure: {
    to: string
    /** What the mail was: a NoticeKind. */
    of: string
    /** What the server said, or why it was given up. */
    why: string
    /** Whether the address gets no more mail from now on. */
    stopped: boolean
  }
  case: NoticeCase
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

/**
 * About somebody's account. URLs are whole, with their token; `hours` and `days` are how long they work from `at` on.
 * `securityUrl`: where one sees to it when it was somebody else.
 */
export type AccountNotice = Envelope &
  (
    | { kind: 'welcome'; url: string; hours: number }
    | { kind: 'activate-account'; url: string; hours: number; inviter: string | null }
    | { kind: 'account-exists'; signInUrl: string; resetUrl: string }
    | { kind: 'reset-password'; url: string; hours: number }
    | { kind: 'sign-in-link'; url: string; minutes: number }
    | { kind: 'password-changed'; securityUrl: string }
    /** To the new address, which is not in use before this is answered. */
    | { kind: 'address-change'; url: string; hours: number; newAddress: string }
    /** To the old address. */
    | { kind: 'address-changed'; undoUrl: string; days: number; newAddress: string }
    | { kind: 'second-factor-on' | 'second-factor-off'; factor: Factor; securityUrl: string }
    | { kind: 'emergency-code-used'; securityUrl: string }
    /** `device`: 'Firefox on Linux'. `place`: a network address. */
    | { kind: 'new-sign-in'; device: string; place: string; securityUrl: string }
    /** To the account that loses it; `newAddress` (masked) is that of the one that gets it. */
    | { kind: 'identity-move'; url: string; hours: number; provider: string; newAddress: string }
    /** `provider`: 'Microsoft'. */
    | { kind: 'identity-changed'; change: IdentityChange; provider: string; securityUrl: string }
  )

export const IDENTITY_CHANGES = ['linked', 'unlinked', 'moved-here', 'moved-away'] as const
export type IdentityChange = (typeof IDENTITY_CHANGES)[number]

export const FACTORS = ['totp', 'sms', 'passkey'] as const
export type Factor = (typeof FACTORS)[number]

/** An article as a notice or a digest shows it. */
export interface NoticeArticle {
  area: string
  title: string
  author: string | null
  /** ISO 8601 UTC. */
  at: string
  /** null without a portal. */
  url: string | null
}

/** To whoever follows the area: a new article. `threadId`: the same for all mails about the article, fit for a Message-ID. */
export interface ArticlePublished extends Envelope {
  kind: 'article-published'
  article: NoticeArticle
  /** The article's first words. */
  text: string
  threadId: string
}
/** To whoever follows the area: somebody commented on an article. */
export interface ArticleCommented extends Envelope {
  kind: 'article-commented'
  article: NoticeArticle
  author: string
  text: string
  threadId: string
}

/** A case on one line of a digest. */
export interface DigestCase {
  number: number
  title: string
  status: string
  /** A name; '' where it would tell too much. */
  contact: string
  assignee: string | null
  /** ISO 8601 UTC: since when it is so (opened, or waiting). */
  since: string
  /** null without a portal. */
  url: string | null
}

/** A part of a digest: `of` counts all of them, `cases` are the first few. */
export interface DigestSection<Item = DigestCase> {
  of: number
  cases: Item[]
}

/** To an agent, each day. `from`, `until`: ISO 8601 UTC, what the day was. Sections that hold nothing are empty. */
export interface AgentDigest extends Envelope {
  kind: 'agent-digest'
  from: string
  until: string
  timeZone: string
  opened: DigestSection
  waitingOnUs: DigestSection
  waitingLongest: DigestSection
  unassigned: DigestSection
  solved: DigestSection
  failed: DigestSection<{ number: number | null; to: string; why: string; at: string }>
}
/** To a contact: their open cases, and what changed in them. */
export interface CustomerDigest extends Envelope {
  kind: 'customer-digest'
  from: string
  until: string
  timeZone: string
  cases: { case: DigestCase; comments: number; solved: boolean; was: string | null }[]
  of: number
}
/** An article that others have commented on. `at`: when the newest of those comments was written; `comments`: how many there are. */
export type CommentedArticle = Omit<NoticeArticle, 'author'> & { comments: number }

/** To a follower: new articles, and new comments by others on articles old and new. */
export interface ArticleDigest extends Envelope {
  kind: 'article-digest'
  from: string
  until: string
  timeZone: string
  articles: NoticeArticle[]
  of: number
  /** The last commented ones first. `of` counts all of them, `comments` everything that was written on them. */
  commented: { of: number; comments: number; articles: CommentedArticle[] }
}

/** To whoever runs Posthorn: a mailbox cannot be reached, or can again. */
export interface MailboxAlarm extends Envelope {
  kind: 'mailbox-alarm'
  alarm: {
    mailbox: string
    /** ISO 8601 UTC. */
    since: string
    error: string
    /** When it was reached again; null while it is not. */
    recoveredAt: string | null
  }
}
