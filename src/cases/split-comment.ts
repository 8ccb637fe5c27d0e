import { isoTime } from '../core/world.ts'
import { normaliseAddress } from '../model/address.ts'
import type { Case } from '../model/case.ts'
import { type CommentRow, deleteComment } from '../store/comments.ts'
import { decideHold, findHold } from '../store/holds.ts'
import { findMail } from '../store/mails.ts'
import { findPeople } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { logChanges } from './change.ts'
import { type CaseContext, mailboxNamed } from './context.ts'
import { type Actor, type Inverse, rememberUndo } from './inverse.ts'
import { place, requireComment } from './move-comment.ts'
import { openCase } from './open-case.ts'
import { takeAlong } from './rehome.ts'
import { titleOf } from './title.ts'

/**
 * Makes a new case of a comment: its author is the contact, its text the description. Both change logs say so, the agents
 * get the new case's mail, no customer is told, and mails that answer the comment go to the new case.
 */
export async function splitComment(
  tx: Db,
  ctx: CaseContext,
  from: Case,
  actor: Actor,
  commentId: string,
): Promise<Case> {
  const comment = await requireComment(tx, from.id, commentId)
  const made = await openFrom(tx, ctx, from, actor, comment)
  const home = { caseId: from.id, commentId }
  await takeAlong(tx, comment, home, { caseId: made.id, commentId: null }, from.id)
  const hold = await letIn(tx, ctx, actor, commentId)
  await deleteComment(tx, commentId)
  await logChanges(tx, ctx, from.id, actor.name, [
    { what: 'split', from: place(comment.position), to: `#${made.number}` },
  ])
  await logChanges(tx, ctx, made.id, actor.name, [{ what: 'split', from: `#${from.number}` }])
  await rememberUndo(tx, ctx, from.id, actor, { kind: 'split', comment, newCase: made.id, hold }, made.id)
  return made
}

async function openFrom(tx: Db, ctx: CaseContext, from: Case, actor: Actor, comment: CommentRow): Promise<Case> {
  const [author] = comment.author_id ? await findPeople(tx, [comment.author_id]) : []
  return await openCase(tx, ctx, {
    mailbox: mailboxNamed(ctx.policy, from.mailbox),
    contact: { name: comment.author_name, address: normaliseAddress(author?.address ?? comment.author_address) },
    title: await titleFor(tx, from, comment),
    description: comment.text,
    descriptionQuoted: comment.quoted,
    language: from.language,
    acknowledge: false,
    followUpOf: null,
    actor: { name: actor.name },
  })
}

/** The subject of its mail; where that is the old case's, the first line of the text says more. */
async function titleFor(tx: Db, from: Case, comment: CommentRow): Promise<string> {
  const mail = comment.mail_id ? await findMail(tx, comment.mail_id) : null
  const title = titleOf(mail?.subject ?? '', comment.text)
  return title === from.title ? titleOf('', comment.text) : title
}

/** A comment that was held has its place now, and waits for nobody. */
async function letIn(
  tx: Db,
  ctx: CaseContext,
  actor: Actor,
  commentId: string,
): Promise<Extract<Inverse, { kind: 'split' }>['hold']> {
  const hold = await findHold(tx, commentId)
  if (!hold || hold.state === 'admitted') return null
  await decideHold(tx, commentId, {
    state: 'admitted',
    decided_at: isoTime(ctx.world.now()),
    decided_by: actor.name,
  })
  return hold.state
}
