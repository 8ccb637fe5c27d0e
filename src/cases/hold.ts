import { PosthornError } from '../core/errors.ts'
import { isoTime } from '../core/world.ts'
import { readCommands } from '../decision/commands.ts'
import { normaliseAddress } from '../model/address.ts'
import { type Case, type Role, statusAfterComment } from '../model/case.ts'
import { findCase } from '../store/cases.ts'
import { type CommentRow, findComment } from '../store/comments.ts'
import { decideHold, findHold, type HoldRow, insertHold, publishComment } from '../store/holds.ts'
import { listDeliveries } from '../store/outbox.ts'
import { joinCase } from '../store/participants.ts'
import type { Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { changeStatus } from './add-comment.ts'
import { logChanges } from './change.ts'
import { findOrMakeContact } from './contact.ts'
import type { CaseContext } from './context.ts'
import { tell } from './tell.ts'

/** Who decides about what is held: an agent, or null for the command line. */
export type Decider = Pick<Person, 'id' | 'name'> | null

/** Writes that a comment, or a case's opening mail (`commentId` null), waits for an agent. `waits` false: it is only kept. */
export async function keepHold(
  tx: Db,
  ctx: CaseContext,
  hold: { caseId: string; commentId: string | null; reason: string; waits: boolean },
): Promise<void> {
  await insertHold(tx, {
    id: hold.commentId ?? hold.caseId,
    case_id: hold.caseId,
    comment_id: hold.commentId,
    reason: hold.reason.slice(0, 1_000),
    state: hold.waits ? 'held' : 'noted',
    at: isoTime(ctx.world.now()),
  })
}

/**
 * Lets in what was held, by the id that `posthorn hold list` shows (a comment's, or a case's for its opening mail).
 * The comment becomes public and the sender's own, the sender takes part from now on, and everybody hears of it as of any
 * comment. Of an agent's comment only the words come in, never its commands. Throws 'no-such-hold' and 'not-held'.
 */
export async function admitHeld(tx: Db, ctx: CaseContext, id: string, by: Decider): Promise<void> {
  const hold = await requireOpen(tx, id)
  const it = await requireCase(tx, hold)
  await decide(tx, ctx, hold, 'admitted', by)
  if (hold.comment_id === null) return await admitOpening(tx, ctx, it, by)
  const comment = await findComment(tx, hold.comment_id)
  if (!comment) throw new Error(`the hold ${id} names a comment that does not exist`)
  await admitComment(tx, ctx, it, comment, by)
}

/** Decides that what is held stays among the agents. It can be admitted later all the same. Throws as admitHeld does. */
export async function refuseHeld(tx: Db, ctx: CaseContext, id: string, by: Decider): Promise<void> {
  const hold = await requireOpen(tx, id)
  if (hold.state === 'refused') throw notHeld(hold)
  const it = await requireCase(tx, hold)
  await decide(tx, ctx, hold, 'refused', by)
  const comment = hold.comment_id ? await findComment(tx, hold.comment_id) : null
  await logChanges(tx, ctx, it.id, nameOf(by), [{ what: 'held', from: whatOf(comment), to: 'refused' }])
  if (hold.comment_id === null) await changeStatus(tx, ctx, it, nameOf(by), 'closed')
}

async function admitComment(tx: Db, ctx: CaseContext, it: Case, comment: CommentRow, by: Decider): Promise<void> {
  const address = normaliseAddress(comment.author_address)
  const from = address === '' ? null : { name: comment.author_name, address }
  const author = await findOrMakeContact(tx, ctx, from, null)
  const role = roleOf(it, author)
  const text = role === 'agent' ? readCommands(comment.text).text : comment.text
  await publishComment(tx, comment.id, { author_id: author.id, role, text })
  const joined = role === 'participant' && (await joinCase(tx, it.id, author.id, isoTime(ctx.world.now())))
  await logChanges(tx, ctx, it.id, nameOf(by), [
    { what: 'held', from: whatOf(comment), to: joined ? `admitted, with ${author.name} as participant` : 'admitted' },
  ])
  await changeStatus(tx, ctx, it, author.name, statusAfterComment(it.status, role))
  await tell(tx, ctx, it, author.id, {
    kind: 'commented',
    commentId: comment.id,
    visibility: 'public',
    byAgent: role === 'agent',
  })
}

/** The case goes on as if it had just been opened. The agents are told, if they were not; the sender hears of the answer. */
async function admitOpening(tx: Db, ctx: CaseContext, it: Case, by: Decider): Promise<void> {
  await logChanges(tx, ctx, it.id, nameOf(by), [{ what: 'held', from: whatOf(null), to: 'admitted' }])
  if (it.status === 'closed') await changeStatus(tx, ctx, it, nameOf(by), 'open')
  const told = (await listDeliveries(tx, it.id)).length > 0
  if (!told) await tell(tx, ctx, it, it.contactId, { kind: 'opened', acknowledge: false })
}

function roleOf(it: Case, author: Person): Role {
  if (it.contactId === author.id) return 'contact'
  return author.kind === 'agent' ? 'agent' : 'participant'
}

async function requireOpen(tx: Db, id: string): Promise<HoldRow> {
  const hold = await findHold(tx, id)
  if (!hold)
    throw new PosthornError('no-such-hold', `nothing is held under '${id}'`, {
      temporary: false,
      hint: "'posthorn hold list' shows what is.",
    })
  if (hold.state === 'admitted') throw notHeld(hold)
  return hold
}

function notHeld(hold: HoldRow): PosthornError {
  const text = `${hold.id} is not held any more: it was ${hold.state} by ${hold.decided_by} at ${hold.decided_at}`
  return new PosthornError('not-held', text, { temporary: false })
}

async function requireCase(tx: Db, hold: HoldRow): Promise<Case> {
  const it = await findCase(tx, hold.case_id)
  if (!it) throw new Error(`the hold ${hold.id} names a case that does not exist`)
  return it
}

async function decide(tx: Db, ctx: CaseContext, hold: HoldRow, state: 'admitted' | 'refused', by: Decider) {
  await decideHold(tx, hold.id, { state, decided_at: isoTime(ctx.world.now()), decided_by: nameOf(by) })
}

function whatOf(comment: CommentRow | null): string {
  return comment ? `comment ${comment.position}` : 'the opening mail'
}

function nameOf(by: Decider): string {
  return by?.name ?? 'posthorn'
}
