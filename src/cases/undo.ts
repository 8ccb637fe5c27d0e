import { unreachable } from '../core/errors.ts'
import { isoTime } from '../core/world.ts'
import { findCase, updateCase } from '../store/cases.ts'
import { deleteComment, listComments, restoreComment } from '../store/comments.ts'
import { decideHold } from '../store/holds.ts'
import { markLeft } from '../store/participants.ts'
import { findPeople } from '../store/people.ts'
import { nextPosition, rehomeAttachments } from '../store/rehome.ts'
import type { Db } from '../store/schema.ts'
import { findCaseValues, findLastUndo, findUndo, markUndone, type UndoRow } from '../store/undo-log.ts'
import { logChanges } from './change.ts'
import type { CaseContext } from './context.ts'
import { type Actor, type Inverse, type MergeInverse, readInverse, UNDO_WITHIN } from './inverse.ts'
import { moveOne } from './merge.ts'
import { requireComment } from './move-comment.ts'
import { sendHome, takeAlong } from './rehome.ts'
import { writeTags } from './set-tags.ts'

/** The last thing that an agent did in a case and that can still be taken back, or null. */
export async function lastUndoable(
  db: Db,
  now: number,
  caseId: string,
  agentId: string | null,
): Promise<{ row: UndoRow; changed: boolean } | null> {
  const row = await findLastUndo(db, caseId, agentId, isoTime(now - UNDO_WITHIN))
  return row && { row, changed: await isChanged(db, row) }
}

/** Whether somebody has since changed what would be set back: then it stands. */
async function isChanged(db: Db, row: UndoRow): Promise<boolean> {
  const inverse = readInverse(row)
  switch (inverse.kind) {
    case 'set': {
      const now = await findCaseValues(db, row.case_id)
      return Object.entries(inverse.after).some(([column, value]) => Reflect.get(now ?? {}, column) !== value)
    }
    case 'move':
      return !(await listComments(db, inverse.to)).some((comment) => comment.id === inverse.commentId)
    case 'merge':
      return (
        (await findCase(db, inverse.from))?.mergedInto !== inverse.into ||
        (await findCase(db, inverse.into))?.mergedInto !== null
      )
    case 'split': {
      const made = await findCase(db, inverse.newCase)
      return made === null || made.mergedInto !== null
    }
    case 'tags':
    case 'participants':
      return false
  }
}

/**
 * Takes back what an entry of the undo log says; `row.what` names it. Everything is as it was, but for what came since.
 * Nobody is told: whoever got a mail about what is taken back hears of the next thing that happens.
 */
export async function undo(tx: Db, ctx: CaseContext, entryId: string, actor: Actor): Promise<UndoRow> {
  const row = await findUndo(tx, entryId)
  if (!row || row.undone_at) throw new Error(`there is nothing to undo under ${entryId}`)
  await takeBack(tx, ctx, row.case_id, actor, readInverse(row))
  await markUndone(tx, row.id, isoTime(ctx.world.now()))
  for (const caseId of new Set([row.case_id, row.other_case_id]))
    if (caseId) await logChanges(tx, ctx, caseId, actor.name, [{ what: 'undone', from: row.what }])
  return row
}

async function takeBack(tx: Db, ctx: CaseContext, caseId: string, actor: Actor, inverse: Inverse): Promise<void> {
  switch (inverse.kind) {
    case 'set':
      return await updateCase(tx, caseId, isoTime(ctx.world.now()), inverse.before)
    case 'tags':
      return await writeTags(tx, ctx, caseId, actor, { added: inverse.removed, removed: inverse.added })
    case 'participants':
      return await takeOut(tx, ctx, caseId, actor, inverse.added)
    case 'move':
      await sendHome(tx, await requireComment(tx, inverse.to, inverse.commentId), inverse.from, null)
      return
    case 'split':
      return await unsplit(tx, ctx, caseId, actor, inverse)
    case 'merge':
      return await unmerge(tx, ctx, actor, inverse)
    default:
      return unreachable(inverse)
  }
}

async function takeOut(tx: Db, ctx: CaseContext, caseId: string, actor: Actor, ids: string[]): Promise<void> {
  const at = isoTime(ctx.world.now())
  for (const person of await findPeople(tx, ids))
    if (await markLeft(tx, caseId, person.id, at))
      await logChanges(tx, ctx, caseId, actor.name, [{ what: 'participant', from: person.address }])
}

/** The comment is a comment again, what was written in the new case comes along, and the new case points back. */
async function unsplit(
  tx: Db,
  ctx: CaseContext,
  caseId: string,
  actor: Actor,
  { comment, newCase, hold }: Extract<Inverse, { kind: 'split' }>,
): Promise<void> {
  const at = isoTime(ctx.world.now())
  await restoreComment(tx, { ...comment, position: await nextPosition(tx, caseId) })
  const home = { caseId, commentId: comment.id }
  await takeAlong(tx, comment, { caseId: newCase, commentId: null }, home, null)
  for (const later of await listComments(tx, newCase)) await sendHome(tx, later, caseId, newCase)
  if (hold) await decideHold(tx, comment.id, { state: hold, decided_at: at, decided_by: actor.name })
  const before = await findCase(tx, newCase)
  await updateCase(tx, newCase, at, { status: 'closed', merged_into: caseId })
  if (before && before.status !== 'closed')
    await logChanges(tx, ctx, newCase, actor.name, [{ what: 'status', from: before.status, to: 'closed' }])
}

async function unmerge(tx: Db, ctx: CaseContext, actor: Actor, inverse: MergeInverse): Promise<void> {
  const { from, into, description, comments, participants, status } = inverse
  const there = new Set((await listComments(tx, into)).map((comment) => comment.id))
  let position = await nextPosition(tx, from)
  for (const id of comments) {
    // One that an agent has moved on since stays where it is.
    if (!there.has(id)) continue
    await moveOne(tx, id, into, from, position)
    position += 1
  }
  await rehomeAttachments(tx, { caseId: into, commentId: description }, { caseId: from, commentId: null })
  await deleteComment(tx, description)
  await takeOut(tx, ctx, into, actor, participants)
  await updateCase(tx, from, isoTime(ctx.world.now()), { merged_into: null, status })
  if (status !== 'closed') await logChanges(tx, ctx, from, actor.name, [{ what: 'status', from: 'closed', to: status }])
}
