import { sql } from 'kysely'
import type { Language } from '../model/language.ts'
import type { Span } from './digest-cases.ts'
import { isTitled } from './notices/data.ts'
import type { Db } from './schema.ts'

/** A case on one line of its contact's digest, or of a participant's. */
export interface ContactCaseRow {
  personId: string
  id: string
  number: number
  title: string
  status: string
  mailbox: string
  language: Language
  openedAt: string
  /** When a solution was proposed within the span; null where none was. */
  solvedAt: string | null
  /** How many cases the person's digest would list in all. */
  of: number
}

const OPEN = ['new', 'open', 'pending', 'hold'] as const

/**
 * The cases that people take part in and that are open, or were settled within the span; the last changed ones first, at most
 * `most` for each person. What they are not written about is not there: held openings, merged cases, cases answered otherwise.
 */
export async function listContactCases(
  db: Db,
  personIds: readonly string[],
  span: Span,
  most: number,
): Promise<ContactCaseRow[]> {
  const listed = db
    .selectFrom(circle(db, personIds).as('circle'))
    .innerJoin('cases', 'cases.id', 'circle.case_id')
    .where('cases.merged_into', 'is', null)
    .where('cases.answer_by', '=', 'email')
    .where((eb) => eb.not(eb.exists(openHolds(db).select('holds.id'))))
    .where((eb) => {
      const settled = eb.exists(statusChanges(db, span).select('change_log.id'))
      return eb.or([eb('cases.status', 'in', OPEN), eb.and([eb('cases.updated_at', '>=', span.from), settled])])
    })
    .select(['circle.person_id as personId', 'cases.id', 'cases.number', 'cases.title', 'cases.status'])
    .select(['cases.mailbox', 'cases.language', 'cases.created_at as openedAt', 'cases.solution_at as solvedAt'])
    .select(sql<number>`count(*) over (partition by circle.person_id)`.as('of'))
    .select(
      sql<number>`row_number() over (partition by circle.person_id order by cases.updated_at desc, cases.number desc)`.as(
        'place',
      ),
    )
  const rows = await db
    .selectFrom(listed.as('line'))
    .selectAll()
    .where('line.place', '<=', most)
    .orderBy('line.personId')
    .orderBy('line.place')
    .execute()
  return rows.map(({ place: _, solvedAt, ...row }) => {
    const within = solvedAt !== null && solvedAt >= span.from && solvedAt < span.until
    return { ...row, solvedAt: within ? solvedAt : null, of: Number(row.of) }
  })
}

/** Who takes part in which case: its contact, and whoever joined and has not left. */
function circle(db: Db, personIds: readonly string[]) {
  const contacts = db
    .selectFrom('cases')
    .select(['cases.id as case_id', 'cases.contact_id as person_id'])
    .where('cases.contact_id', 'in', [...personIds])
  const participants = db
    .selectFrom('participants')
    .select(['participants.case_id', 'participants.person_id'])
    .where('participants.person_id', 'in', [...personIds])
    .where('participants.left_at', 'is', null)
  return contacts.union(participants)
}

/** Holds of the opening mail of 'cases' that nobody has admitted. */
function openHolds(db: Db) {
  return db.selectFrom('holds').whereRef('holds.id', '=', sql.ref('cases.id')).where('holds.state', '<>', 'admitted')
}

/** Changes of the status of 'cases' within a span. */
function statusChanges(db: Db, { from, until }: Span) {
  return db
    .selectFrom('change_log')
    .whereRef('change_log.case_id', '=', sql.ref('cases.id'))
    .where('change_log.what', '=', 'status')
    .where('change_log.created_at', '>=', from)
    .where('change_log.created_at', '<', until)
}

/** How many public comments each author wrote into each case within the span; one that was held counts when it was let in. */
export async function countNewComments(db: Db, caseIds: readonly string[], { from, until }: Span) {
  if (caseIds.length === 0) return []
  const rows = await db
    .selectFrom('comments')
    .leftJoin('holds', (join) => join.onRef('holds.id', '=', 'comments.id').on('holds.state', '=', 'admitted'))
    .select(['comments.case_id as caseId', 'comments.author_id as authorId'])
    .select((eb) => eb.fn.countAll().as('count'))
    .where('comments.case_id', 'in', [...caseIds])
    .where('comments.visibility', '=', 'public')
    .where('comments.role', '<>', 'system')
    .where((eb) => eb(eb.fn.coalesce('holds.decided_at', 'comments.created_at'), '>=', from))
    .where((eb) => eb(eb.fn.coalesce('holds.decided_at', 'comments.created_at'), '<', until))
    .groupBy(['comments.case_id', 'comments.author_id'])
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** The status that each case had when the span began, where it changed within it. */
export async function findStatusesBefore(
  db: Db,
  caseIds: readonly string[],
  { from, until }: Span,
): Promise<Map<string, string>> {
  if (caseIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('change_log')
    .select(['case_id', 'from_value'])
    .where('case_id', 'in', [...caseIds])
    .where('what', '=', 'status')
    .where('created_at', '>=', from)
    .where('created_at', '<', until)
    .orderBy('id')
    .execute()
  const before = new Map<string, string>()
  for (const { case_id, from_value } of rows)
    if (from_value !== null && !before.has(case_id)) before.set(case_id, from_value)
  return before
}

/**
 * Of which cases the title may be told to those who take part: their receipt told it, since the sender was proven, or an
 * agent has answered in public. A title may be somebody else's words to an address that was forged.
 */
export async function findTitled(db: Db, caseIds: readonly string[]): Promise<Set<string>> {
  if (caseIds.length === 0) return new Set()
  const receipts = await db
    .selectFrom('outbox')
    .select(['case_id', 'data'])
    .where('case_id', 'in', [...caseIds])
    .where('kind', '=', 'case-received')
    .execute()
  const answered = await db
    .selectFrom('comments')
    .select('case_id')
    .distinct()
    .where('case_id', 'in', [...caseIds])
    .where('role', '=', 'agent')
    .where('visibility', '=', 'public')
    .execute()
  const told = receipts.filter((row) => isTitled(row))
  return new Set([...told, ...answered].map((row) => row.case_id).filter((id) => id !== null))
}
