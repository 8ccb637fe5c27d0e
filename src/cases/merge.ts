import { isoTime } from '../core/world.ts'
import type { Case } from '../model/case.ts'
import { updateCase } from '../store/cases.ts'
import { insertComment, listComments } from '../store/comments.ts'
import { joinCase, listParticipants } from '../store/participants.ts'
import { findPeople } from '../store/people.ts'
import { nextPosition, rehomeAttachments, rehomeComment, rehomeHold, rehomeNotices } from '../store/rehome.ts'
import type { Db } from '../store/schema.ts'
import { logChanges } from './change.ts'
import type { CaseContext } from './context.ts'
import { type Actor, rememberUndo } from './inverse.ts'

/**
 * Merges a case into another one: its description and its comments become comments there, behind those there are; its
 * contact and participants take part there; it closes, and what is written to its keys and Message-IDs from now on goes to
 * the other case. Both change logs say so, and no customer is told.
 */
export async function mergeCases(tx: Db, ctx: CaseContext, from: Case, into: Case, actor: Actor): Promise<void> {
  if (from.id === into.id) throw new Error(`case ${from.id} cannot be merged into itself`)
  const description = await moveDescription(tx, ctx, from, into)
  const comments = await moveComments(tx, from, into, description)
  const participants = await movePeople(tx, ctx, from, into)
  const at = isoTime(ctx.world.now())
  await updateCase(tx, from.id, at, { merged_into: into.id, status: 'closed' })
  await updateCase(tx, into.id, at, {})
  await logChanges(tx, ctx, from.id, actor.name, [
    { what: 'merged', to: `#${into.number}` },
    ...(from.status === 'closed' ? [] : [{ what: 'status', from: from.status, to: 'closed' } as const]),
  ])
  await logChanges(tx, ctx, into.id, actor.name, [{ what: 'merged', from: `#${from.number}` }])
  const inverse = { from: from.id, into: into.id, description, comments, participants, status: from.status }
  await rememberUndo(tx, ctx, from.id, actor, { kind: 'merge', ...inverse }, into.id)
}

/** The description as a comment of the other case, with the time at which it was written. Its id comes back. */
async function moveDescription(tx: Db, ctx: CaseContext, from: Case, into: Case): Promise<string> {
  const id = ctx.world.id()
  const [author] = await findPeople(tx, [from.contactId])
  await insertComment(tx, {
    id,
    case_id: into.id,
    author_id: from.contactId,
    author_name: author?.name ?? '',
    author_address: author?.address ?? '',
    role: from.contactId === into.contactId ? 'contact' : 'participant',
    visibility: 'public',
    channel: 'mail',
    text: `${from.title}\n\n${from.description}`,
    quoted: from.descriptionQuoted,
    signature: '',
    message_id: null,
    mail_id: null,
    created_at: from.createdAt,
  })
  await rehomeAttachments(tx, { caseId: from.id, commentId: null }, { caseId: into.id, commentId: id })
  return id
}

async function moveComments(tx: Db, from: Case, into: Case, after: string): Promise<string[]> {
  const comments = (await listComments(tx, from.id)).filter((comment) => comment.id !== after)
  let position = await nextPosition(tx, into.id)
  for (const { id } of comments) {
    await moveOne(tx, id, from.id, into.id, position)
    position += 1
  }
  return comments.map((comment) => comment.id)
}

/** A comment with its attachments and mails. Its Message-ID stays: what answers it follows the whole case. */
export async function moveOne(tx: Db, id: string, from: string, into: string, position: number): Promise<void> {
  await rehomeComment(tx, id, into, position)
  const [before, after] = [
    { caseId: from, commentId: id },
    { caseId: into, commentId: id },
  ]
  await rehomeAttachments(tx, before, after)
  await rehomeNotices(tx, before, after)
  await rehomeHold(tx, id, into)
}

/** Whoever had a part in the one has a part in the other. The ids of those who are new there come back. */
async function movePeople(tx: Db, ctx: CaseContext, from: Case, into: Case): Promise<string[]> {
  const there = (await listParticipants(tx, from.id)).filter((one) => one.leftAt === null).map((one) => one.personId)
  const at = isoTime(ctx.world.now())
  const joined: string[] = []
  for (const id of new Set([from.contactId, ...there]))
    if (id !== into.contactId && (await joinCase(tx, into.id, id, at))) joined.push(id)
  const people = await findPeople(tx, joined)
  const changes = people.map((person) => ({ what: 'participant', to: person.address }) as const)
  await logChanges(tx, ctx, into.id, 'posthorn', changes)
  return joined
}
