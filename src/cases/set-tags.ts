import type { Case } from '../model/case.ts'
import type { Db } from '../store/schema.ts'
import { deleteTags, insertTags, listTags } from '../store/tags.ts'
import { logChanges } from './change.ts'
import type { CaseContext } from './context.ts'
import { type Actor, rememberUndo } from './inverse.ts'

/** Puts tags on a case and takes others off it. Says whether that changed it. */
export async function setTags(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  actor: Actor,
  change: { add: readonly string[]; remove: readonly string[] },
): Promise<boolean> {
  const before = await listTags(tx, it.id)
  const added = change.add.filter((tag) => !before.includes(tag))
  const removed = before.filter((tag) => change.remove.includes(tag))
  if (added.length + removed.length === 0) return false
  await writeTags(tx, ctx, it.id, actor, { added, removed })
  await rememberUndo(tx, ctx, it.id, actor, { kind: 'tags', added, removed })
  return true
}

/** The change itself and its line in the change log. */
export async function writeTags(
  tx: Db,
  ctx: CaseContext,
  caseId: string,
  actor: Actor,
  { added, removed }: { added: readonly string[]; removed: readonly string[] },
): Promise<void> {
  await insertTags(tx, caseId, added)
  await deleteTags(tx, caseId, removed)
  await logChanges(tx, ctx, caseId, actor.name, [
    { what: 'tags', from: removed.join(' ') || null, to: added.join(' ') || null },
  ])
}
