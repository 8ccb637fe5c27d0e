import type { Selectable } from 'kysely'
import type { Db, SwitchTable } from './schema.ts'

export type Switch = Pick<Selectable<SwitchTable>, 'at' | 'reason'>

/** While it is on, no worker takes anything out of the outbox. */
const OUTBOX_PAUSED = 'outbox paused'

/** Since when (ISO 8601 UTC) and why the outbox is paused; null while it is not. */
export async function findPause(db: Db): Promise<Switch | null> {
  const found = await db.selectFrom('switches').select(['at', 'reason']).where('name', '=', OUTBOX_PAUSED).execute()
  return found[0] ?? null
}

/** Pauses the outbox, in every process on this database. Says whether it was not paused before: then the first word stays. */
export async function pauseOutbox(db: Db, pause: Switch): Promise<boolean> {
  const result = await db
    .insertInto('switches')
    .values({ name: OUTBOX_PAUSED, ...pause })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

/** Lets mails leave again. Says whether the outbox was paused. */
export async function resumeOutbox(db: Db): Promise<boolean> {
  const result = await db.deleteFrom('switches').where('name', '=', OUTBOX_PAUSED).executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}
