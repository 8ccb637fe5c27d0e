import { type ExpressionBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { STATUSES, type Status } from '../model/case.ts'
import type { Db, Tables } from './schema.ts'

/** What a digest covers: from `from` on, before `until`. ISO 8601 UTC. */
export interface Span {
  from: string
  until: string
}

/** The cases of which mailboxes are wanted: all but some, or some alone. */
export type MailboxFilter = { but: readonly string[] } | { only: readonly string[] }

/** A case on one line. `of`: how many there are with those that are not listed. */
export interface DigestCaseRow {
  number: number
  title: string
  status: Status
  contact: string
  assignee: string | null
  since: string
  of: number
}

/** Statuses in which somebody of ours has to do something. */
const OURS: Status[] = ['new', 'open']

/** Cases of some mailboxes, but those that were merged into another. */
function cases(db: Db, mailboxes: MailboxFilter) {
  const query = db.selectFrom('cases').where('cases.merged_into', 'is', null)
  if ('only' in mailboxes) return query.where('cases.mailbox', 'in', atLeastOne(mailboxes.only))
  return query.where('cases.mailbox', 'not in', atLeastOne(mailboxes.but))
}

/** An empty list is no SQL; no mailbox has no name. */
const atLeastOne = (names: readonly string[]) => (names.length > 0 ? [...names] : [''])

/** New cases, newest first. */
export async function listOpened(db: Db, mailboxes: MailboxFilter, { from, until }: Span, most: number) {
  // What was opened since was changed since: so the index on status and change finds them.
  const query = cases(db, mailboxes)
    .where('cases.status', 'in', [...STATUSES])
    .where('cases.updated_at', '>=', from)
    .where('cases.created_at', '>=', from)
    .where('cases.created_at', '<', until)
    .select('cases.created_at as since')
  return await lines(db, query, 'desc', most)
}

/** Cases that wait for an answer of ours, with since when they do. `before`: only those that waited then already. */
export async function listWaiting(
  db: Db,
  mailboxes: MailboxFilter,
  { before, order, most }: { before: string | null; order: 'asc' | 'desc'; most: number },
): Promise<DigestCaseRow[]> {
  const waiting = cases(db, mailboxes)
    .where('cases.status', 'in', OURS)
    .select((eb) => waitingSince(eb).as('since'))
  return await lines(db, waiting, order, most, before)
}

/**
 * When the first of a customer's words came that no agent has answered in public; the opening of the case where none ever
 * has; null where the last word is an agent's.
 */
function waitingSince(eb: ExpressionBuilder<Tables, 'cases'>) {
  const answered = eb
    .selectFrom('comments as answer')
    .select((it) => it.fn.max('answer.position').as('position'))
    .whereRef('answer.case_id', '=', 'cases.id')
    .where('answer.role', '=', 'agent')
    .where('answer.visibility', '=', 'public')
  const asked = eb
    .selectFrom('comments as asked')
    .select((it) => it.fn.min('asked.created_at').as('at'))
    .whereRef('asked.case_id', '=', 'cases.id')
    .where('asked.role', 'in', ['contact', 'participant'])
    .where('asked.visibility', '=', 'public')
    .where('asked.position', '>', answered)
  return eb.case().when(answered, 'is', null).then(eb.ref('cases.created_at')).else(asked).end()
}

/** Cases that are nobody's, the one that waits longest first. */
export async function listUnassigned(db: Db, mailboxes: MailboxFilter, most: number): Promise<DigestCaseRow[]> {
  const query = cases(db, mailboxes)
    .where('cases.status', 'in', OURS)
    .where('cases.assignee_id', 'is', null)
    .select('cases.created_at as since')
  return await lines(db, query, 'asc', most)
}

/** Cases that a solution was found for, newest first. */
export async function listSolved(db: Db, mailboxes: MailboxFilter, { from, until }: Span, most: number) {
  const query = cases(db, mailboxes)
    .where('cases.status', 'in', ['solved', 'closed'])
    .where('cases.updated_at', '>=', from)
    .where('cases.solution_at', '>=', from)
    .where('cases.solution_at', '<', until)
    .select('cases.solution_at as since')
  return await lines(db, query, 'desc', most)
}

/** The lines of the first `most` cases, with their people; those without a `since` are left out. */
async function lines(
  db: Db,
  query: SelectQueryBuilder<Tables, 'cases', { since: string | null }>,
  order: 'asc' | 'desc',
  most: number,
  before: string | null = null,
): Promise<DigestCaseRow[]> {
  const wanted = query.select(['cases.id', 'cases.number', 'cases.title', 'cases.status'])
  let chosen = db
    .selectFrom(wanted.select(['cases.contact_id', 'cases.assignee_id']).as('it'))
    .where('it.since', 'is not', null)
  if (before !== null) chosen = chosen.where('it.since', '<', before)
  const first = chosen
    .select(['it.number', 'it.title', 'it.status', 'it.since', 'it.contact_id', 'it.assignee_id'])
    .select(sql<number>`count(*) over ()`.as('of'))
    .orderBy('it.since', order)
    .orderBy('it.number', order)
    .limit(most)
  const rows = await db
    .selectFrom(first.as('line'))
    .leftJoin('people as contact', 'contact.id', 'line.contact_id')
    .leftJoin('people as assignee', 'assignee.id', 'line.assignee_id')
    .select(['line.number', 'line.title', 'line.status', 'line.since', 'line.of'])
    .select(['contact.name as contact', 'assignee.name as assignee'])
    .orderBy('line.since', order)
    .orderBy('line.number', order)
    .execute()
  return rows.map((row) => ({ ...row, since: row.since ?? '', contact: row.contact ?? '', of: Number(row.of) }))
}

/** A mail that will not arrive. */
export interface FailedRow {
  number: number | null
  to: string
  why: string
  at: string
  of: number
}

/** Mails of which it became known that they will not arrive, newest first. */
export async function listFailed(
  db: Db,
  mailboxes: MailboxFilter,
  { from, until }: Span,
  most: number,
): Promise<FailedRow[]> {
  let query = db
    .selectFrom('outbox')
    .leftJoin('cases', 'cases.id', 'outbox.case_id')
    .where('outbox.failed_at', '>=', from)
    .where('outbox.failed_at', '<', until)
    .where('outbox.status', '=', 'failed')
  query =
    'only' in mailboxes
      ? query.where('outbox.mailbox', 'in', atLeastOne(mailboxes.only))
      : query.where('outbox.mailbox', 'not in', atLeastOne(mailboxes.but))
  const rows = await query
    .select(['cases.number', 'outbox.to_address as to', 'outbox.last_error as why', 'outbox.failed_at as at'])
    .select(sql<number>`count(*) over ()`.as('of'))
    .orderBy('outbox.failed_at', 'desc')
    .orderBy('outbox.id', 'desc')
    .limit(most)
    .execute()
  return rows.map((row) => ({ ...row, why: row.why ?? '', at: row.at ?? '', of: Number(row.of) }))
}
