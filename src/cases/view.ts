import type { Case } from '../model/case.ts'
import { type AttachmentRow, listAttachments } from '../store/attachments.ts'
import { findCaseByNumber, listCases, participantIds } from '../store/cases.ts'
import { listChanges } from '../store/change-log.ts'
import { type CommentRow, listComments } from '../store/comments.ts'
import { type DeliveryRow, listDeliveries } from '../store/outbox.ts'
import { findPeople, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { listTags } from '../store/tags.ts'

type Who = { name: string; address: string }

/** A case as lists show it; the JSON of `posthorn cases list`. */
export type CaseSummary = Awaited<ReturnType<typeof viewCases>>[number]
/** A case with all that belongs to it; the JSON of `posthorn cases show`. */
export type CaseView = NonNullable<Awaited<ReturnType<typeof viewCase>>>

/** The newest cases, at most `most` of them. */
export async function viewCases(db: Db, most: number) {
  const cases = await listCases(db, most)
  const people = await peopleOf(db, cases.flatMap(idsIn))
  return cases.map((it) => summary(it, people))
}

/** One case with comments, deliveries, change log and participants, or null where the number is not given out. */
export async function viewCase(db: Db, number: number) {
  const it = await findCaseByNumber(db, number)
  if (!it) return null
  const participants = await participantIds(db, it.id)
  const people = await peopleOf(db, [...idsIn(it), ...participants])
  const attachments = await listAttachments(db, it.id)
  const deliveries = await listDeliveries(db, it.id)
  const log = await listChanges(db, it.id)
  return {
    ...summary(it, people),
    description: it.description,
    descriptionQuoted: it.descriptionQuoted,
    attachments: attachments.filter((row) => row.comment_id === null).map(attachmentView),
    delivery: deliveryView(deliveries, null),
    solution: it.solution
      ? { ...it.solution, author: people.get(it.solution.authorId)?.name ?? null, authorId: undefined }
      : null,
    comments: (await listComments(db, it.id)).map((row) => commentView(row, attachments, deliveries)),
    log: log.map((row) => ({
      at: row.created_at,
      actor: row.actor,
      what: row.what,
      from: row.from_value,
      to: row.to_value,
    })),
    participants: participants.map((id) => who(people, id)),
    tags: await listTags(db, it.id),
  }
}

function summary(it: Case, people: Map<string, Person>) {
  const {
    number,
    title,
    status,
    priority,
    organisationId: organisation,
    endCustomer,
    mailbox,
    language,
    product,
    category,
    routine,
  } = it
  const { type, operatingSystem, version, answerBy, createdAt, updatedAt } = it
  const contact = who(people, it.contactId)
  const assignee = it.assigneeId ? (people.get(it.assigneeId)?.name ?? null) : null
  return {
    number,
    title,
    status,
    priority,
    contact,
    organisation,
    endCustomer,
    assignee,
    mailbox,
    language,
    product,
    category,
    routine,
    type,
    operatingSystem,
    version,
    answerBy,
    createdAt,
    updatedAt,
  }
}

function commentView(row: CommentRow, attachments: AttachmentRow[], deliveries: DeliveryRow[]) {
  return {
    id: row.id,
    author: { name: row.author_name, address: row.author_address },
    role: row.role,
    visibility: row.visibility,
    channel: row.channel,
    text: row.text,
    quoted: row.quoted,
    messageId: row.message_id,
    at: row.created_at,
    attachments: attachments.filter((it) => it.comment_id === row.id).map(attachmentView),
    delivery: deliveryView(deliveries, row.id),
  }
}

/** What became of the mails about a comment; null: about the opening mail. */
function deliveryView(deliveries: DeliveryRow[], commentId: string | null) {
  const rows = deliveries.filter((it) => it.comment_id === commentId)
  return rows.map((it) => ({ to: it.to_address, status: it.status, at: it.sent_at }))
}

function attachmentView(row: AttachmentRow) {
  const { filename, content_type: contentType, size, sha256, content_id: contentId } = row
  return { filename, contentType, size, sha256, contentId, inline: row.inline === 1 }
}

function idsIn(it: Case): string[] {
  return [it.contactId, it.assigneeId, it.solution?.authorId].filter((id) => id !== null && id !== undefined)
}

async function peopleOf(db: Db, ids: string[]): Promise<Map<string, Person>> {
  const found = await findPeople(db, [...new Set(ids)])
  return new Map(found.map((person) => [person.id, person]))
}

function who(people: Map<string, Person>, id: string): Who {
  const person = people.get(id)
  return person ? { name: person.name, address: person.address } : { name: '', address: '' }
}
