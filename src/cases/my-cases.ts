import type { Role, Status } from '../model/case.ts'
import { findCaseByNumber, listCasesOf, participantIds } from '../store/cases.ts'
import { listComments } from '../store/comments.ts'
import { findHold } from '../store/holds.ts'
import { findPeople } from '../store/people.ts'
import type { Db } from '../store/schema.ts'

/** A case on the list of somebody who takes part in it. Times are ISO 8601 UTC. */
export interface MyCase {
  number: number
  title: string
  status: Status
  updatedAt: string
}

/** A case as its contact and participants see it: what is public, and no agent's address. */
export interface MyCaseView extends MyCase {
  createdAt: string
  words: { author: string; byAgent: boolean; own: boolean; at: string; text: string }[]
}

/** The cases that somebody is the contact of or takes part in, the last changed first. */
export async function listMyCases(db: Db, personId: string, most: number): Promise<MyCase[]> {
  const rows = await listCasesOf(db, personId, most)
  return rows.map(({ number, title, status, updatedAt }) => ({ number, title, status, updatedAt }))
}

/** One of these cases; null where there is none of that number, and where it is somebody else's: nobody learns which. */
export async function viewMyCase(db: Db, personId: string, number: number): Promise<MyCaseView | null> {
  const it = await findCaseByNumber(db, number)
  if (!it) return null
  if (it.contactId !== personId && !(await participantIds(db, it.id)).includes(personId)) return null
  const [contact] = await findPeople(db, [it.contactId])
  const held = (await findHold(db, it.id))?.state === 'held' && it.contactId !== personId
  const opening = {
    author: contact?.name ?? '',
    byAgent: false,
    own: it.contactId === personId,
    at: it.createdAt,
    text: held ? '' : it.description,
  }
  const comments = (await listComments(db, it.id)).filter((row) => row.visibility === 'public')
  const words = comments.map((row) => ({
    author: shownName(row.role, row.author_name),
    byAgent: row.role === 'agent',
    own: row.author_id === personId,
    at: row.created_at,
    text: row.text,
  }))
  const { title, status, updatedAt, createdAt } = it
  return { number: it.number, title, status, updatedAt, createdAt, words: [opening, ...words] }
}

/** Agents go by their first names; '' where they gave none: the page says the brand's. */
function shownName(role: Role, name: string): string {
  if (role !== 'agent') return name
  return name.includes('@') ? '' : (name.trim().split(' ', 1)[0] ?? '')
}
