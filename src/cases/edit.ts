import { PosthornError } from '../core/errors.ts'
import type { Case } from '../model/case.ts'
import { findCaseByNumber } from '../store/cases.ts'
import { type CommentRow, listComments } from '../store/comments.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext } from './context.ts'
import { followMerges } from './follow.ts'
import type { Actor } from './inverse.ts'
import { mergeCases } from './merge.ts'
import { moveComment } from './move-comment.ts'
import { splitComment } from './split-comment.ts'
import { lastUndoable, undo } from './undo.ts'

/**
 * The verbs that take cases apart and together, by the numbers that people know, each in a transaction of its own.
 * All of them throw a PosthornError ('no-such-case', 'no-such-comment', 'not-possible') that says what to do instead.
 */
export const COMMAND_LINE: Actor = { id: null, name: 'posthorn' }

/** Merges case `from` into case `into`. */
export async function mergeByNumber(ctx: CaseContext, actor: Actor, from: number, into: number): Promise<void> {
  await ctx.store.transaction(async (tx) => {
    const [source, target] = [await standing(tx, from), await standing(tx, into)]
    if (source.id === target.id) throw notPossible(`#${from} and #${into} are the same case`)
    if (target.status === 'closed') throw notPossible(`#${target.number} is closed`)
    await mergeCases(tx, ctx, source, target, actor)
  })
}

/** Makes a new case of a comment, named by its place in the case or its id; the new number comes back. */
export async function splitByNumber(ctx: CaseContext, actor: Actor, number: number, comment: string): Promise<number> {
  return await ctx.store.transaction(async (tx) => {
    const it = await standing(tx, number)
    const row = await commentOf(tx, it, comment)
    if (row.role === 'agent' || row.author_address === '')
      throw notPossible(`comment ${row.position} was not written by a customer: nobody would be the new case's contact`)
    return (await splitComment(tx, ctx, it, actor, row.id)).number
  })
}

/** Moves a comment to another case. */
export async function moveByNumber(
  ctx: CaseContext,
  actor: Actor,
  number: number,
  comment: string,
  to: number,
): Promise<void> {
  await ctx.store.transaction(async (tx) => {
    const [it, target] = [await standing(tx, number), await standing(tx, to)]
    if (it.id === target.id) throw notPossible(`the comment is in #${target.number} already`)
    await moveComment(tx, ctx, it, target, actor, (await commentOf(tx, it, comment)).id)
  })
}

/** Takes back the last thing that `actor` did in a case within a day; what it was comes back. */
export async function undoByNumber(ctx: CaseContext, actor: Actor, number: number): Promise<string> {
  return await ctx.store.transaction(async (tx) => {
    const it = await standing(tx, number)
    const last = await lastUndoable(tx, ctx.world.now(), it.id, actor.id)
    if (!last) throw notPossible(`there is nothing to undo in #${number}: it is for what was done here within a day`)
    if (last.changed) throw notPossible(`'${last.row.what}' in #${number} has been changed by somebody since`)
    return (await undo(tx, ctx, last.row.id, actor)).what
  })
}

/** The case with a number, or the one that it was merged into. */
async function standing(tx: Db, number: number): Promise<Case> {
  const it = Number.isSafeInteger(number) ? await findCaseByNumber(tx, number) : null
  if (!it)
    throw new PosthornError('no-such-case', `there is no case '${number}'`, {
      temporary: false,
      hint: "'posthorn cases list' shows which there are.",
    })
  return await followMerges(tx, it)
}

async function commentOf(tx: Db, it: Case, named: string): Promise<CommentRow> {
  const found = (await listComments(tx, it.id)).find((row) => row.id === named || String(row.position) === named)
  if (found) return found
  throw new PosthornError('no-such-comment', `there is no comment '${named}' in case #${it.number}`, {
    temporary: false,
    hint: `'posthorn cases show ${it.number}' shows its comments: the first is 1.`,
  })
}

function notPossible(why: string): PosthornError {
  return new PosthornError('not-possible', why, { temporary: false })
}
