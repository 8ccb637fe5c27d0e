import type { Selectable } from 'kysely'
import { PosthornError } from '../core/errors.ts'
import { domainOf } from '../model/address.ts'
import {
  AGENT_KINDS,
  type LeaveWays,
  type Notice,
  type NoticeCase,
  type NoticeComment,
  type NoticeKind,
  type NoticeThread,
  type ReceiptData,
  type SettingsWays,
  type VerdictWays,
} from '../model/notice.ts'
import { topicOf } from '../model/preferences.ts'
import {
  bounceAddress,
  leaveKey,
  leaveLink,
  ownMessageId,
  replyAddress,
  type Secrets,
  settingsKey,
  stopKey,
  stopLink,
  verdictAddress,
  verdictKey,
} from '../model/thread-key.ts'
import { findHold } from './holds.ts'
import type { OutboxRow } from './outbox.ts'
import type { CaseTable, CommentTable, Db } from './schema.ts'

/** What making a notice takes besides the store. */
export interface NoticeContext {
  secrets: Secrets
  /** The mailbox with a name, or the one that stands in for a name that is gone. */
  mailbox: (name: string) => { address: string; plusAddress: boolean; verp: boolean }
}

/** References carries at most this many ids; the root and the newest are kept. */
const MOST_REFERENCES = 20

/** A case with the names that its notices show. */
type CaseRow = Selectable<CaseTable> & {
  contact_name: string | null
  contact_address: string | null
  assignee_name: string | null
}
type Comment = Selectable<CommentTable>

/**
 * An outbox row with its data filled in: the case, the comment (a row without one is about the case's description),
 * attachments, the reply address and the thread. Throws a PosthornError that is not temporary when the row can never
 * be sent: its case is gone, its kind is unknown, or it would show an agents' matter to somebody who is none.
 */
export async function loadNotice(db: Db, row: OutboxRow, context: NoticeContext): Promise<Notice> {
  const envelope = envelopeOf(row, context)
  if (row.kind === 'mail-too-large') return { kind: row.kind, ...envelope, ...readTooLarge(row) }
  await assertAgent(db, row)
  if (isWholeKind(row.kind)) return { kind: row.kind, ...envelope, ...readData(row) } as Notice
  const it = await caseOf(db, row)
  const about = { ...envelope, case: noticeCase(it), thread: await threadOf(db, row, it, context) }
  switch (row.kind) {
    case 'case-received':
      return { kind: row.kind, ...about, titled: isTitled(row) }
    case 'command-receipt':
      return { kind: row.kind, ...about, ...readReceipt(row) }
    case 'case-opened':
    case 'comment-added':
    case 'comment-added-agent':
    case 'mail-held':
      return { kind: row.kind, ...about, comment: await commentOf(db, row, it, about.case) }
    case 'solution-proposed': {
      const comment = await commentOf(db, row, it, about.case)
      return { kind: row.kind, ...about, comment, verdict: verdictOf(row, about.case, context) }
    }
    case 'case-closed':
    case 'case-reopened':
      return { kind: row.kind, ...about }
    case 'case-assigned':
    case 'case-reopened-agent':
    case 'delivery-failed':
      return { kind: row.kind, ...about, ...readData(row) } as Notice
    default:
      throw impossible(row, `there is no kind of mail '${row.kind}'`)
  }
}

/** The kinds that are about no case: everything they say was written with the row. */
const WHOLE_KINDS = [
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
  'article-published',
  'article-commented',
  'agent-digest',
  'customer-digest',
  'article-digest',
  'mailbox-alarm',
] as const satisfies NoticeKind[]

function isWholeKind(kind: string): kind is (typeof WHOLE_KINDS)[number] {
  return WHOLE_KINDS.some((it) => it === kind)
}

/** What notify() was given as the data of the kind, typed there by whoever caused it. */
function readData(row: OutboxRow): object {
  const data: unknown = JSON.parse(row.data)
  if (typeof data !== 'object' || data === null || Object.keys(data).length === 0)
    throw impossible(row, 'its data is gone')
  return data
}

function envelopeOf(row: OutboxRow, context: NoticeContext) {
  const { secrets, mailbox } = context
  const { address, verp } = mailbox(row.mailbox)
  return {
    row: row.id,
    messageId: row.message_id,
    bounceAddress: verp ? bounceAddress(secrets, address, row.id) : null,
    to: { name: row.to_name, address: row.to_address },
    language: row.language,
    mailbox: row.mailbox,
    at: row.created_at,
    settings: settingsOf(row, context),
  }
}

function settingsOf({ kind, person_id: person, mailbox }: OutboxRow, context: NoticeContext): SettingsWays | null {
  const topic = topicOf(kind)
  if (topic === null || person === null) return null
  const key = stopKey(context.secrets, topic, person)
  return {
    key: settingsKey(context.secrets, person),
    stop: { key, mailto: stopLink(context.mailbox(mailbox), key) },
  }
}

/** Only what was written with the row says so: the default is to send nothing of the sender's words. */
function isTitled(row: OutboxRow): boolean {
  const data: unknown = JSON.parse(row.data)
  return typeof data === 'object' && data !== null && Reflect.get(data, 'titled') === true
}

function readTooLarge(row: OutboxRow): { subject: string; size: number; limit: number } {
  const data: unknown = JSON.parse(row.data)
  const read = (key: string): unknown =>
    typeof data === 'object' && data !== null ? Reflect.get(data, key) : undefined
  const [subject, size, limit] = [read('subject'), read('size'), read('limit')]
  if (typeof subject !== 'string' || typeof size !== 'number' || typeof limit !== 'number')
    throw impossible(row, 'its data lacks subject, size or limit')
  return { subject, size, limit }
}

/** What sendReceipt (cases/agent-words.ts) wrote. */
function readReceipt(row: OutboxRow): ReceiptData {
  const data = JSON.parse(row.data) as Partial<ReceiptData>
  const { done, refused, wordless, help } = data
  if (!Array.isArray(done) || !Array.isArray(refused) || !Array.isArray(help))
    throw impossible(row, 'its data lacks what was done')
  return { done, refused, wordless: wordless === true, help }
}

async function caseOf(db: Db, row: OutboxRow): Promise<CaseRow> {
  const it = await db
    .selectFrom('cases')
    .leftJoin('people as contact', 'contact.id', 'cases.contact_id')
    .leftJoin('person_addresses as reach', (join) =>
      join.onRef('reach.person_id', '=', 'cases.contact_id').on('reach.is_primary', '=', 1),
    )
    .leftJoin('people as assignee', 'assignee.id', 'cases.assignee_id')
    .selectAll('cases')
    .select(['contact.name as contact_name', 'reach.address as contact_address', 'assignee.name as assignee_name'])
    .where('cases.id', '=', row.case_id)
    .executeTakeFirst()
  if (!it) throw impossible(row, 'its case does not exist')
  return it
}

/** What is for agents goes to somebody who is one now, whoever they were when the row was written. */
async function assertAgent(db: Db, row: OutboxRow): Promise<void> {
  // An alarm may also go to an administrator who is nobody in a case.
  if (!AGENT_KINDS.has(row.kind) || (row.kind === 'mailbox-alarm' && row.person_id === null)) return
  const person = await db.selectFrom('people').select('kind').where('id', '=', row.person_id).executeTakeFirst()
  if (person?.kind !== 'agent') throw impossible(row, 'its recipient is no agent')
}

function noticeCase(it: CaseRow): NoticeCase {
  return {
    number: Number(it.number),
    title: it.title,
    status: it.status,
    contact: { name: it.contact_name || null, address: it.contact_address ?? '' },
    assignee: it.assignee_name,
  }
}

async function commentOf(db: Db, row: OutboxRow, it: CaseRow, about: NoticeCase): Promise<NoticeComment> {
  const files = await attachmentsOf(db, it.id, row.comment_id)
  const held = AGENT_KINDS.has(row.kind) ? await heldBecause(db, row.comment_id ?? it.id) : null
  if (row.comment_id === null) {
    const { description: text, created_at: at } = it
    return { author: about.contact, byAgent: false, visibility: 'public', text, at, ...files, held }
  }
  const comment = await db.selectFrom('comments').selectAll().where('id', '=', row.comment_id).executeTakeFirst()
  if (!comment || comment.case_id !== it.id) throw impossible(row, 'its comment does not exist')
  if (comment.visibility !== 'public' && !AGENT_KINDS.has(row.kind))
    throw impossible(row, 'its comment is internal, and the recipient is no agent')
  return { ...commentView(comment), ...files, held }
}

function commentView(comment: Comment): Omit<NoticeComment, 'attachments' | 'withheld' | 'held'> {
  return {
    author: { name: comment.author_name || null, address: comment.author_address },
    byAgent: comment.role === 'agent',
    visibility: comment.visibility,
    text: comment.text,
    at: comment.created_at,
  }
}

async function heldBecause(db: Db, id: string): Promise<string | null> {
  const hold = await findHold(db, id)
  return hold?.state === 'held' ? hold.reason : null
}

/** What is withheld is named, and its content is not within reach of what makes mails. */
async function attachmentsOf(
  db: Db,
  caseId: string,
  commentId: string | null,
): Promise<Pick<NoticeComment, 'attachments' | 'withheld'>> {
  const rows = await db
    .selectFrom('attachments')
    .select(['filename', 'content_type', 'size', 'sha256', 'withheld'])
    .where('case_id', '=', caseId)
    .where('comment_id', commentId === null ? 'is' : '=', commentId)
    .orderBy('mail_id')
    .orderBy('position')
    .execute()
  const files = rows.map((it) => ({
    filename: it.filename ?? 'file',
    contentType: it.content_type,
    size: Number(it.size),
    sha256: it.sha256,
    withheld: it.withheld,
  }))
  return {
    attachments: files.filter((it) => it.withheld === null).map(({ withheld: _, ...file }) => file),
    withheld: files.filter((it) => it.withheld !== null).map(({ filename, size }) => ({ filename, size })),
  }
}

async function threadOf(db: Db, row: OutboxRow, it: CaseRow, context: NoticeContext): Promise<NoticeThread> {
  const mailbox = context.mailbox(row.mailbox)
  const number = Number(it.number)
  const audience = AGENT_KINDS.has(row.kind) ? 'agent' : 'customer'
  const root = ownMessageId(context.secrets, domainOf(mailbox.address), number, 'root')
  const known = (await knownMessageIds(db, row, it)).filter((id) => id !== root && id !== row.message_id)
  return {
    replyAddress: mailbox.plusAddress
      ? replyAddress(context.secrets, mailbox.address, number, audience, Date.parse(row.created_at))
      : mailbox.address,
    references: [root, ...[...new Set(known)].slice(1 - MOST_REFERENCES)],
    leave: await leaveOf(db, row, it, context),
  }
}

/** How a participant leaves the case. The contact and agents do not: it is theirs. */
async function leaveOf(db: Db, row: OutboxRow, it: CaseRow, context: NoticeContext): Promise<LeaveWays | null> {
  const { person_id: person } = row
  if (person === null || person === it.contact_id || AGENT_KINDS.has(row.kind)) return null
  const takesPart = await db
    .selectFrom('participants')
    .select('person_id')
    .where('case_id', '=', it.id)
    .where('person_id', '=', person)
    .executeTakeFirst()
  if (!takesPart) return null
  const { secrets, mailbox } = context
  const number = Number(it.number)
  return { mailto: leaveLink(secrets, mailbox(row.mailbox), number, person), key: leaveKey(secrets, number, person) }
}

/** How the reader of a solution says whether it helped. */
function verdictOf(row: OutboxRow, { number }: NoticeCase, { secrets, mailbox }: NoticeContext): VerdictWays {
  const [yes, no] = [verdictKey(secrets, 'yes', number, row.id), verdictKey(secrets, 'no', number, row.id)]
  return { yes, no, yesAddress: verdictAddress(mailbox(row.mailbox), yes) }
}

/** The Message-IDs of the case's mails that the recipient has: those they wrote and those we sent them, oldest first. */
async function knownMessageIds(db: Db, row: OutboxRow, it: CaseRow): Promise<string[]> {
  const opening = row.person_id === it.contact_id ? await openingMessageIds(db, it.id) : []
  const sent = await db
    .selectFrom('outbox')
    .select(['message_id', 'created_at as at'])
    .where('case_id', '=', it.id)
    .where('to_address', '=', row.to_address)
    .where('status', '=', 'sent')
    .where('id', '<', row.id)
    .execute()
  const written = await db
    .selectFrom('comments')
    .select(['message_id', 'created_at as at'])
    .where('case_id', '=', it.id)
    .where('author_id', '=', row.person_id)
    .where('created_at', '<=', row.created_at)
    .execute()
  const later = [...written, ...sent].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return [...opening, ...later.map((one) => one.message_id).filter((id) => id !== null)]
}

/** The mail that opened the case; the Message-ID leads to the case, not to a comment. */
async function openingMessageIds(db: Db, caseId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('message_ids')
    .select('message_id')
    .where('case_id', '=', caseId)
    .where('comment_id', 'is', null)
    .orderBy('created_at')
    .limit(2)
    .execute()
  return rows.map((one) => one.message_id)
}

function impossible(row: OutboxRow, why: string): PosthornError {
  return new PosthornError('notice', `outbox row ${row.id} (${row.kind}) cannot be sent: ${why}`, { temporary: false })
}
