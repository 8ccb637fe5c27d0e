import { isoTime } from '../core/world.ts'
import type { Order } from '../decision/orders.ts'
import { type Case, type Channel, type Role, type Status, statusAfterComment, type Visibility } from '../model/case.ts'
import { updateCase } from '../store/cases.ts'
import { insertComment } from '../store/comments.ts'
import type { Db } from '../store/schema.ts'
import { logChanges } from './change.ts'
import type { CaseContext } from './context.ts'
import { reopened } from './reopen.ts'
import { tellStatus } from './set-status.ts'
import { type Event, tell } from './tell.ts'

export interface NewComment {
  author: { id: string | null; name: string; address: string }
  role: Role
  visibility: Visibility
  channel: Channel
  text: string
  quoted: string
  signature: string
  messageId: string | null
  mailId: string | null
  /** What an agent asked for in the first lines. */
  commands: Order[]
  /** Why it was held back, for the change log; null when it was let in. */
  heldBecause: string | null
  tellPeople: boolean
  /** The words come with a verdict, which says itself what becomes of the case. */
  keepsStatus?: boolean
}

/** Adds a comment: status, solution, change log and notices, all in the caller's transaction. Its id comes back. */
export async function addComment(tx: Db, ctx: CaseContext, it: Case, comment: NewComment): Promise<string> {
  const id = ctx.world.id()
  const position = await writeComment(tx, ctx, it, id, comment)
  const what = comment.heldBecause ? 'held' : comment.visibility === 'internal' ? 'note' : 'comment'
  await logChanges(tx, ctx, it.id, comment.author.name, [
    { what, from: comment.heldBecause, to: `comment ${position}` },
  ])
  const solves = comment.visibility === 'public' && comment.commands.some((command) => command.kind === 'solved')
  if (solves) await writeSolution(tx, ctx, it, comment.author, comment.text)
  const status = await reopened(tx, ctx, it, statusAfter(it, comment), `comment ${position}`, comment.role)
  await changeStatus(tx, ctx, it, comment.author.name, status)
  if (comment.tellPeople) await tell(tx, ctx, it, comment.author.id, eventOf(id, comment, solves))
  // Of a status that comes with a note the customers see no words.
  if (comment.role === 'agent' && comment.visibility === 'internal')
    await tellStatus(tx, ctx, it, comment.author.id, status)
  return id
}

async function writeComment(tx: Db, ctx: CaseContext, it: Case, id: string, comment: NewComment): Promise<number> {
  const { author } = comment
  return await insertComment(tx, {
    id,
    case_id: it.id,
    author_id: author.id,
    author_name: author.name,
    author_address: author.address,
    role: comment.role,
    visibility: comment.visibility,
    channel: comment.channel,
    text: comment.text,
    quoted: comment.quoted,
    signature: comment.signature,
    message_id: comment.messageId,
    mail_id: comment.mailId,
    created_at: isoTime(ctx.world.now()),
  })
}

/** The comment is what solves the case, as far as the agent is concerned; the contact has yet to say. */
export async function writeSolution(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  author: { id: string | null; name: string },
  text: string,
): Promise<void> {
  const at = isoTime(ctx.world.now())
  await updateCase(tx, it.id, at, {
    solution_text: text,
    solution_author_id: author.id,
    solution_at: at,
    solution_accepted: null,
  })
  await logChanges(tx, ctx, it.id, author.name, [{ what: 'solution', to: 'proposed' }])
}

function statusAfter(it: Case, comment: NewComment): Status {
  if (comment.heldBecause || comment.keepsStatus) return it.status
  if (comment.commands.some((command) => command.kind === 'solved')) return 'solved'
  const asked = comment.commands.findLast((command) => command.kind === 'status')
  if (asked?.kind === 'status') return asked.status
  return comment.visibility === 'public' ? statusAfterComment(it.status, comment.role) : it.status
}

/** Sets a case's status and logs it, or just its time of change where the status stays. */
export async function changeStatus(tx: Db, ctx: CaseContext, it: Case, actor: string, to: Status): Promise<void> {
  const at = isoTime(ctx.world.now())
  await updateCase(tx, it.id, at, to === it.status ? {} : { status: to })
  if (to !== it.status) await logChanges(tx, ctx, it.id, actor, [{ what: 'status', from: it.status, to }])
}

function eventOf(commentId: string, comment: NewComment, solves: boolean): Event {
  if (solves) return { kind: 'solved', commentId }
  return {
    kind: 'commented',
    commentId,
    visibility: comment.visibility,
    byAgent: comment.role === 'agent',
    sender: comment.role === 'agent' ? null : comment.author.address,
    held: comment.heldBecause !== null,
  }
}
