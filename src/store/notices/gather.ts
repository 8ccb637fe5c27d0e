import type { Selectable } from 'kysely'
import { AGENT_KINDS } from '../../model/notice.ts'
import type { OutboxRow } from '../outbox.ts'
import type { AttachmentTable, CaseTable, CommentTable, Db, HoldTable } from '../schema.ts'
import { gatherKnown, type KnownMails } from './known.ts'

/** A case with the names that its notices show. */
export type CaseRow = Selectable<CaseTable> & {
  contact_name: string | null
  contact_address: string | null
  assignee_name: string | null
}
export type CommentRow = Selectable<CommentTable>
type HoldRow = Selectable<HoldTable>
type FileRow = Pick<
  Selectable<AttachmentTable>,
  'case_id' | 'comment_id' | 'filename' | 'content_type' | 'size' | 'sha256' | 'withheld'
>

/** What the notices of some rows are made of. */
export interface Gathered {
  cases: Map<string, CaseRow>
  comments: Map<string, CommentRow>
  /** Ids of those recipients of agents' mails who are agents now. */
  agents: Set<string>
  /** By the id of what is held: a comment, or a case for its description. */
  holds: Map<string, HoldRow>
  /** By the comment's id, or the case's where they came with the mail that opened it; in the order of their mails. */
  files: Map<string, FileRow[]>
  /** Case and person, as `pairOf` joins them. */
  participants: Set<string>
  known: KnownMails
}

export const pairOf = (one: string, other: string): string => `${one} ${other}`

/**
 * Reads what the notices of `rows` are made of: one query for each table, however many rows there are. A notice each
 * by itself took nine queries, which cost more than all the rest of a sending.
 */
export async function gather(db: Db, rows: readonly OutboxRow[]): Promise<Gathered> {
  const about = rows.filter((row) => row.case_id !== null)
  const forAgents = rows.filter((row) => AGENT_KINDS.has(row.kind))
  const caseIds = listed(about.map((row) => row.case_id))
  const commentIds = listed(about.map((row) => row.comment_id))
  const heldIds = listed(forAgents.map((row) => row.comment_id ?? row.case_id))
  const people = listed(about.map((row) => row.person_id))
  return {
    cases: await casesOf(db, caseIds),
    comments: await commentsOf(db, commentIds),
    agents: await agentsAmong(db, listed(forAgents.map((row) => row.person_id))),
    holds: await holdsOf(db, heldIds),
    files: await filesOf(db, caseIds, commentIds),
    participants: await participantsAmong(db, caseIds, people),
    known: await gatherKnown(db, { caseIds, people, addresses: listed(about.map((row) => row.to_address)) }),
  }
}

/**
 * Each value once, and the last one repeated until their number is a power of two: so there are but a few texts of each
 * query, and they stay prepared.
 */
function listed(values: readonly (string | null)[]): string[] {
  const ids = [...new Set(values)].filter((value) => value !== null)
  const last = ids.at(-1)
  if (last === undefined) return []
  const wanted = 2 ** Math.ceil(Math.log2(ids.length))
  return [...ids, ...Array<string>(wanted - ids.length).fill(last)]
}

async function casesOf(db: Db, ids: string[]): Promise<Gathered['cases']> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('cases')
    .leftJoin('people as contact', 'contact.id', 'cases.contact_id')
    .leftJoin('person_addresses as reach', (join) =>
      join.onRef('reach.person_id', '=', 'cases.contact_id').on('reach.is_primary', '=', 1),
    )
    .leftJoin('people as assignee', 'assignee.id', 'cases.assignee_id')
    .selectAll('cases')
    .select(['contact.name as contact_name', 'reach.address as contact_address', 'assignee.name as assignee_name'])
    .where('cases.id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

async function commentsOf(db: Db, ids: string[]): Promise<Gathered['comments']> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('comments').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

async function agentsAmong(db: Db, ids: string[]): Promise<Gathered['agents']> {
  if (ids.length === 0) return new Set()
  const rows = await db.selectFrom('people').select(['id', 'kind']).where('id', 'in', ids).execute()
  return new Set(rows.filter((row) => row.kind === 'agent').map((row) => row.id))
}

async function holdsOf(db: Db, ids: string[]): Promise<Gathered['holds']> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('holds').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

async function filesOf(db: Db, caseIds: string[], commentIds: string[]): Promise<Gathered['files']> {
  if (caseIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('attachments')
    .select(['case_id', 'comment_id', 'filename', 'content_type', 'size', 'sha256', 'withheld'])
    .where('case_id', 'in', caseIds)
    .where((eb) => {
      const opening = eb('comment_id', 'is', null)
      return commentIds.length === 0 ? opening : eb.or([opening, eb('comment_id', 'in', commentIds)])
    })
    .orderBy('mail_id')
    .orderBy('position')
    .execute()
  return Map.groupBy(rows, (row) => row.comment_id ?? row.case_id ?? '')
}

async function participantsAmong(db: Db, caseIds: string[], people: string[]): Promise<Gathered['participants']> {
  if (caseIds.length === 0 || people.length === 0) return new Set()
  const rows = await db
    .selectFrom('participants')
    .select(['case_id', 'person_id'])
    .where('case_id', 'in', caseIds)
    .where('person_id', 'in', people)
    .execute()
  return new Set(rows.map((row) => pairOf(row.case_id, row.person_id)))
}
