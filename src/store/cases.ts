import type { Kysely, Selectable } from 'kysely'
import type { Case } from '../model/case.ts'
import { insertRows } from './insert.ts'
import type { CaseTable, Tables } from './schema.ts'

/** The next case number: a counter row, locked until the transaction ends, so that numbers have no gaps but by deletion. */
export async function nextCaseNumber(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .insertInto('counters')
    .values({ name: 'case', value: 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet((eb) => ({ value: eb('counters.value', '+', 1) })))
    .returning('value')
    .executeTakeFirstOrThrow()
  return Number(row.value)
}

export async function insertCase(db: Kysely<Tables>, it: Case): Promise<void> {
  await insertRows(db, 'cases', [toRow(it)])
}

export async function findCase(db: Kysely<Tables>, id: string): Promise<Case | null> {
  const row = await db.selectFrom('cases').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? fromRow(row) : null
}

/** The largest that fits the column on both engines. */
const MOST_NUMBER = 2_147_483_647

export async function findCaseByNumber(db: Kysely<Tables>, number: number): Promise<Case | null> {
  // What people write may be larger than PostgreSQL's integer, which it answers with an error.
  if (number > MOST_NUMBER) return null
  const row = await db.selectFrom('cases').selectAll().where('number', '=', number).executeTakeFirst()
  return row ? fromRow(row) : null
}

/** All cases, newest number first. */
export async function listCases(db: Kysely<Tables>, most: number): Promise<Case[]> {
  const rows = await db.selectFrom('cases').selectAll().orderBy('number', 'desc').limit(most).execute()
  return rows.map(fromRow)
}

/** The cases that somebody is the contact of or takes part in, the last changed first. One that was merged is left out. */
export async function listCasesOf(db: Kysely<Tables>, personId: string, most: number): Promise<Case[]> {
  const rows = await db
    .selectFrom('cases')
    .selectAll()
    .where('merged_into', 'is', null)
    .where((eb) =>
      eb.or([
        eb('contact_id', '=', personId),
        eb(
          'id',
          'in',
          eb
            .selectFrom('participants')
            .select('case_id')
            .where('person_id', '=', personId)
            .where('left_at', 'is', null),
        ),
      ]),
    )
    .orderBy('updated_at', 'desc')
    .limit(most)
    .execute()
  return rows.map(fromRow)
}

export type CaseChange = Partial<
  Pick<
    CaseTable,
    | 'status'
    | 'priority'
    | 'contact_id'
    | 'assignee_id'
    | 'product'
    | 'category'
    | 'solution_text'
    | 'solution_author_id'
    | 'solution_at'
    | 'solution_accepted'
    | 'merged_into'
  >
>

export async function updateCase(db: Kysely<Tables>, id: string, at: string, change: CaseChange): Promise<void> {
  await db
    .updateTable('cases')
    .set({ ...change, updated_at: at })
    .where('id', '=', id)
    .execute()
}

/** Ids of those who take part besides the contact. */
export async function participantIds(db: Kysely<Tables>, caseId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('participants')
    .select('person_id')
    .where('case_id', '=', caseId)
    .where('left_at', 'is', null)
    .execute()
  return rows.map((row) => row.person_id)
}

function toRow(it: Case): CaseTable {
  return {
    id: it.id,
    number: it.number,
    title: it.title,
    description: it.description,
    description_quoted: it.descriptionQuoted,
    status: it.status,
    priority: it.priority,
    contact_id: it.contactId,
    organisation_id: it.organisationId,
    end_customer: it.endCustomer,
    assignee_id: it.assigneeId,
    mailbox: it.mailbox,
    language: it.language,
    product: it.product,
    category: it.category,
    routine: it.routine,
    type: it.type,
    operating_system: it.operatingSystem,
    version: it.version,
    answer_by: it.answerBy,
    solution_text: it.solution?.text ?? null,
    solution_author_id: it.solution?.authorId ?? null,
    solution_at: it.solution?.at ?? null,
    solution_accepted: it.solution?.accepted == null ? null : Number(it.solution.accepted),
    follow_up_of: it.followUpOf,
    merged_into: it.mergedInto,
    created_at: it.createdAt,
    updated_at: it.updatedAt,
  }
}

function fromRow(row: Selectable<CaseTable>): Case {
  const solved = row.solution_text !== null && row.solution_author_id !== null && row.solution_at !== null
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    description: row.description,
    descriptionQuoted: row.description_quoted,
    status: row.status,
    priority: row.priority,
    contactId: row.contact_id,
    organisationId: row.organisation_id,
    endCustomer: row.end_customer,
    assigneeId: row.assignee_id,
    mailbox: row.mailbox,
    language: row.language,
    product: row.product,
    category: row.category,
    routine: row.routine,
    type: row.type,
    operatingSystem: row.operating_system,
    version: row.version,
    answerBy: row.answer_by,
    solution: solved
      ? {
          text: row.solution_text ?? '',
          authorId: row.solution_author_id ?? '',
          at: row.solution_at ?? '',
          accepted: row.solution_accepted === null ? null : row.solution_accepted === 1,
        }
      : null,
    followUpOf: row.follow_up_of,
    mergedInto: row.merged_into,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
