import type { Kysely } from 'kysely'
import type { Channel, Priority, Role, Status, Visibility } from '../model/case.ts'
import type { Language } from '../model/language.ts'
import type { Mode, Topic } from '../model/preferences.ts'
import type { AccountTables } from './account-tables.ts'

/**
 * The tables, as both engines hold them (migrations/ makes them).
 * Ids are text made by the program; times fixed-width ISO 8601 UTC text; booleans 0 and 1; JSON is text and never queried into.
 */
export interface Tables extends AccountTables {
  cases: CaseTable
  comments: CommentTable
  people: PersonTable
  person_addresses: PersonAddressTable
  organisations: OrganisationTable
  participants: ParticipantTable
  change_log: ChangeLogTable
  mails: MailTable
  ledger: LedgerTable
  mailbox_folders: MailboxFolderTable
  message_ids: MessageIdTable
  attachments: AttachmentTable
  blobs: BlobTable
  outbox: OutboxTable
  counters: CounterTable
  oauth_tokens: OauthTokenTable
  mailbox_trust: MailboxTrustTable
  suppressions: SuppressionTable
  holds: HoldTable
  budget_counters: BudgetCounterTable
  case_tags: CaseTagTable
  undo_log: UndoTable
  notification_preferences: NotificationPreferenceTable
  digest_marks: DigestMarkTable
  digest_runs: DigestRunTable
  switches: SwitchTable
  mailbox_alarms: MailboxAlarmTable
  areas: AreaTable
  articles: ArticleTable
  article_comments: ArticleCommentTable
  follows: FollowTable
  tellings: TellingTable
}

export interface CaseTable {
  id: string
  number: number
  title: string
  description: string
  /** What was cut from the opening mail as quoted; unfolded on demand. */
  description_quoted: string
  status: Status
  priority: Priority
  contact_id: string
  organisation_id: string | null
  end_customer: string | null
  assignee_id: string | null
  /** The mailbox's name in the configuration. */
  mailbox: string
  language: Language
  product: string | null
  category: string | null
  routine: string | null
  type: string | null
  operating_system: string | null
  version: string | null
  answer_by: 'email' | 'none'
  solution_text: string | null
  solution_author_id: string | null
  solution_at: string | null
  solution_accepted: number | null
  /** The closed case that this one carries on: its id. */
  follow_up_of: string | null
  /** The case that this one was merged into: its id. What is meant for this one goes there. */
  merged_into: string | null
  created_at: string
  updated_at: string
}

export interface CommentTable {
  id: string
  case_id: string
  /** 1, 2, 3 … within the case: the order in which they came. */
  position: number
  /** null for system. */
  author_id: string | null
  author_name: string
  author_address: string
  role: Role
  visibility: Visibility
  channel: Channel
  text: string
  quoted: string
  signature: string
  message_id: string | null
  mail_id: string | null
  created_at: string
}

export interface PersonTable {
  id: string
  kind: 'contact' | 'agent'
  name: string
  organisation_id: string | null
  language: Language | null
  created_at: string
  /** IANA name, for digests; null: that of the configuration. */
  time_zone: string | null
}

/** Every address a person has or had; exactly one is primary. */
export interface PersonAddressTable {
  /** Lower case (model/address normaliseAddress). Primary key. */
  address: string
  person_id: string
  is_primary: number
  created_at: string
  /** When it was proven that the person reads mail there, or wrote from there; null where it never was. */
  verified_at: string | null
}

export interface OrganisationTable {
  id: string
  name: string
  created_at: string
  /** Whether everybody in it must use a second factor. */
  requires_second: number
}

export interface ParticipantTable {
  case_id: string
  person_id: string
  created_at: string
  /** When they left the case; null while they take part. */
  left_at: string | null
}

/** The case's change log: one row a change, in the transaction of the change. */
export interface ChangeLogTable {
  id: string
  case_id: string
  created_at: string
  /** A person's name and masked role, or 'posthorn'. */
  actor: string
  /** 'opened', 'status', 'assignee', 'comment', 'solution', 'delivery' … */
  what: string
  from_value: string | null
  to_value: string | null
}

/** One row for each distinct mail that was taken in. */
export interface MailTable {
  id: string
  /** message/identity: the same mail in two mailboxes, or under a new UIDVALIDITY, has the same identity. Unique. */
  identity: string
  /** The raw mail: blobs.sha256. */
  raw_sha256: string
  size: number
  message_id: string | null
  subject: string
  from_address: string | null
  /** 'done' or 'quarantined'. */
  status: 'done' | 'quarantined'
  /** Decision.kind, and why, for `explain` and the ledger. */
  decision: string
  reason: string
  case_id: string | null
  comment_id: string | null
  taken_at: string
}

/** What was taken out of which mailbox: one row for each (mailbox, UIDVALIDITY, UID). */
export interface LedgerTable {
  mailbox: string
  /** UIDVALIDITY as text: it may exceed 2^31. */
  uid_validity: string
  uid: number
  mail_id: string | null
  /** done: it made or met its mail row. failed: attempts are left. quarantined: none is. kept: over the size limit, left on the server. */
  status: 'done' | 'failed' | 'quarantined' | 'kept'
  attempts: number
  last_error: string | null
  taken_at: string
  /** When the mailbox was told (moved, flagged, deleted); null while that is due. */
  acknowledged_at: string | null
}

/** What each folder looked like at the last look, for the ledger's reconciliation. */
export interface MailboxFolderTable {
  mailbox: string
  uid_validity: string
  on_server: number
  looked_at: string
}

/** Message-IDs that lead to a case: of mails taken in, and of rows sent. */
export interface MessageIdTable {
  message_id: string
  case_id: string
  comment_id: string | null
  created_at: string
  /** The case that its comment was moved or split from: mails that answer it may still carry that case's key. */
  moved_from: string | null
}

export interface AttachmentTable {
  id: string
  mail_id: string
  case_id: string | null
  comment_id: string | null
  position: number
  filename: string | null
  content_type: string
  size: number
  sha256: string
  content_id: string | null
  inline: number
  /** Why it is not sent on: what the malware check found, or that it could not be made; null where it is. */
  withheld: string | null
}

/** Content, once however often it arrives. Small ones in `content`, large ones in a file below the blob folder. */
export interface BlobTable {
  sha256: string
  size: number
  content: Uint8Array | null
  /** Path relative to the blob folder. */
  file: string | null
}

export interface OutboxTable {
  id: string
  kind: string
  case_id: string | null
  comment_id: string | null
  to_name: string | null
  to_address: string
  person_id: string | null
  language: Language
  /** The mailbox whose address it leaves from. */
  mailbox: string
  /** JSON: the data of the kind beyond case and comment (model/notice). */
  data: string
  /** Known once it has been composed for the first time. */
  subject: string | null
  /** Without angle brackets; made when the row is written and never changed. */
  message_id: string
  status: 'waiting' | 'sending' | 'sent' | 'failed' | 'suppressed' | 'cancelled'
  attempts: number
  next_attempt_at: string
  /** While 'sending': until when the worker that claimed it has it. */
  lease_until: string | null
  last_error: string | null
  created_at: string
  sent_at: string | null
  /** The domain of `to_address`, for its limits. */
  to_domain: string
  /** When the last attempt began. */
  attempted_at: string | null
  /** When it was known that it will not arrive; null where that is not so, or was so before this was noted. */
  failed_at: string | null
}

export interface CounterTable {
  name: string
  value: number
}

/** Refresh tokens that a provider rotated: they take the place of the configured one. */
export interface OauthTokenTable {
  mailbox: string
  refresh_token: string
  /** A hash of the configured token it replaced: a newly configured one wins. */
  configured_hash: string
  updated_at: string
}

/** Addresses that mail to is useless: rows to them are written as 'suppressed'. */
export interface SuppressionTable {
  /** Lower case (model/address normaliseAddress). Primary key. */
  address: string
  reason: string
  at: string
  /** The outbox row whose failure it was; null where somebody wrote it by hand. */
  row: string | null
}

/** What was held back from a case until somebody decides: a comment, or a case's opening mail. Nothing expires by itself. */
export interface HoldTable {
  /** The comment's id; the case's, where the opening mail itself is held. Primary key. */
  id: string
  case_id: string
  comment_id: string | null
  reason: string
  /** noted: kept among the agents, and nobody has to decide (automatic answers). */
  state: 'held' | 'noted' | 'admitted' | 'refused'
  at: string
  decided_at: string | null
  /** A name, or 'posthorn' for the command line. */
  decided_by: string | null
}

export interface CaseTagTable {
  case_id: string
  /** Lower case. */
  tag: string
}

/** What an agent did by a command or on the command line, with what takes it back. */
export interface UndoTable {
  id: string
  case_id: string
  /** The other case of a merge, a split or a move. */
  other_case_id: string | null
  /** null: the command line. */
  agent_id: string | null
  /** Inverse['kind'], for the change log. */
  what: string
  /** JSON: cases/inverse.ts. */
  inverse: string
  created_at: string
  undone_at: string | null
}

/** What was used of a budget for automatic mail (decision/budgets.ts). */
export interface BudgetCounterTable {
  name: string
  used: number
  /** When it begins anew. */
  until: string
}

/** What a probe learned about the server of each mailbox. */
export interface MailboxTrustTable {
  mailbox: string
  /** null: it wrote no Authentication-Results. */
  authserv_id: string | null
  /** What it reports on, with spaces between. */
  methods: string
  plus_address: number
  calibrated_at: string
}

/** What a person wants to be told of, and how, where they have said so (model/preferences.ts). */
export interface NotificationPreferenceTable {
  person_id: string
  topic: Topic
  /** A mailbox's name, for agents; '' for all. */
  mailbox: string
  mode: Mode
  /** What it was before a topic was ended by its link, and which one that was; null where it was not. */
  was: Mode | null
  stopped_with: Topic | null
  updated_at: string
}

/** The last slot of a digest that was prepared for a person: each is prepared once. */
export interface DigestMarkTable {
  digest: string
  person_id: string
  /** The local date and time that the schedule names: it exists once, whatever daylight saving does. */
  slot: string
  /** What that digest covered: from `since` on, up to `at`. The next one begins at `at`. */
  since: string
  at: string
}

/** The last slot of a digest that was prepared for everybody whose clocks are those of a zone. */
export interface DigestRunTable {
  digest: string
  time_zone: string
  slot: string
  /** When that slot was due: somebody without a mark is told of what came after. */
  at: string
  /** When its last digest was written; null where that slot was past when the schedule was first seen, so that none was. */
  done_at: string | null
}

/** What somebody has switched by hand, such as 'outbox paused'; no row, no switch. */
export interface SwitchTable {
  name: string
  at: string
  reason: string
}

/** Mailboxes that cannot be reached and that somebody was told of. */
export interface MailboxAlarmTable {
  mailbox: string
  since: string
  told_at: string
  error: string
}

/** What articles are about, and what people follow. */
export interface AreaTable {
  id: string
  name: string
  created_at: string
}

export interface ArticleTable {
  id: string
  area_id: string
  title: string
  text: string
  author_id: string | null
  published_at: string
}

export interface ArticleCommentTable {
  id: string
  article_id: string
  author_id: string
  text: string
  created_at: string
}

export interface FollowTable {
  area_id: string
  person_id: string
  created_at: string
}

/** Followers who are still to be told of an article, or of a comment on it; the row goes when all have been. */
export interface TellingTable {
  id: string
  article_id: string
  /** null: of the article itself. */
  comment_id: string | null
  /** The id of the last follower who was told, '' at first: they are told in the order of their ids. */
  told_to: string
  created_at: string
}

/** A connection or a transaction: what queries are made with. */
export type Db = Kysely<Tables>
