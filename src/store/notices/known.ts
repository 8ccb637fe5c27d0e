import type { OutboxRow } from '../outbox.ts'
import type { Db } from '../schema.ts'
import type { CaseRow } from './gather.ts'

interface KnownMail {
  /** The row that sent it; '' where somebody wrote it. */
  row: string
  messageId: string | null
  at: string
}

/** The Message-IDs of cases' mails, by who has them. */
export interface KnownMails {
  /** By case: of the mails that opened it, oldest first. */
  opening: Map<string, string[]>
  /** By case and address: what was sent there. */
  sent: Map<string, KnownMail[]>
  /** By case and person: what they wrote. */
  written: Map<string, KnownMail[]>
}

/** Of the mails that opened a case, this many are named: a merged case has several. */
const MOST_OPENING = 2

const keyOf = (caseId: string | null, whose: string | null) => `${caseId} ${whose}`

/** Reads the Message-IDs of cases' mails, in three queries; each begins with the cases, whatever else it asks for. */
export async function gatherKnown(
  db: Db,
  of: { caseIds: string[]; people: string[]; addresses: string[] },
): Promise<KnownMails> {
  if (of.caseIds.length === 0) return { opening: new Map(), sent: new Map(), written: new Map() }
  return {
    opening: await openingOf(db, of.caseIds),
    sent: await sentOf(db, of.caseIds, of.addresses),
    written: of.people.length === 0 ? new Map() : await writtenOf(db, of.caseIds, of.people),
  }
}

/**
 * The Message-IDs of the case's mails that the recipient has: those they wrote and those we sent them, oldest first. Of the
 * mail that opened the case, participants have a copy. Who joined later has none, but to name it to them harms nothing.
 */
export function knownMessageIds(
  row: OutboxRow,
  it: CaseRow,
  { opening, sent, written }: KnownMails,
  takesPart: boolean,
): string[] {
  const hasOpening = takesPart || row.person_id === it.contact_id
  const first = hasOpening ? (opening.get(it.id) ?? []).slice(0, MOST_OPENING) : []
  const earlier = (sent.get(keyOf(it.id, row.to_address)) ?? []).filter((mail) => mail.row < row.id)
  const theirs = (written.get(keyOf(it.id, row.person_id)) ?? []).filter((mail) => mail.at <= row.created_at)
  const later = [...theirs, ...earlier].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return [...first, ...later.map((mail) => mail.messageId).filter((id) => id !== null)]
}

/** The mails that opened cases: a Message-ID that leads to the case, not to a comment. */
async function openingOf(db: Db, caseIds: string[]): Promise<KnownMails['opening']> {
  const rows = await db
    .selectFrom('message_ids')
    .select(['case_id', 'message_id'])
    .where('case_id', 'in', caseIds)
    .where('comment_id', 'is', null)
    .orderBy('created_at')
    .execute()
  const of = new Map<string, string[]>()
  for (const row of rows) of.set(row.case_id, [...(of.get(row.case_id) ?? []), row.message_id])
  return of
}

async function sentOf(db: Db, caseIds: string[], addresses: string[]): Promise<KnownMails['sent']> {
  const rows = await db
    .selectFrom('outbox')
    .select(['case_id', 'to_address', 'id as row', 'message_id as messageId', 'created_at as at', 'status'])
    .where('case_id', 'in', caseIds)
    .where('to_address', 'in', addresses)
    .execute()
  // Not asked in the query: SQLite would then go through all that was ever sent, and not through the cases.
  const sent = rows.filter((row) => row.status === 'sent')
  return Map.groupBy(sent, (row) => keyOf(row.case_id, row.to_address))
}

async function writtenOf(db: Db, caseIds: string[], people: string[]): Promise<KnownMails['written']> {
  const rows = await db
    .selectFrom('comments')
    .select(['case_id', 'author_id', 'message_id as messageId', 'created_at as at'])
    .where('case_id', 'in', caseIds)
    .where('author_id', 'in', people)
    .execute()
  const written = rows.map((row) => ({ ...row, row: '' }))
  return Map.groupBy(written, (row) => keyOf(row.case_id, row.author_id))
}
