import type { Selectable } from 'kysely'
import { SECRET_KINDS } from '../model/notice.ts'
import { NO_DATA } from './outbox.ts'
import type { Db, SuppressionTable } from './schema.ts'

export type SuppressionRow = Selectable<SuppressionTable>

/** Stops mail to an address, and takes back what was still waiting for it. Says whether it was not stopped before. */
export async function suppressAddress(db: Db, suppression: SuppressionRow): Promise<boolean> {
  const result = await db
    .insertInto('suppressions')
    .values(suppression)
    .onConflict((conflict) => conflict.column('address').doNothing())
    .executeTakeFirst()
  const waiting = db
    .updateTable('outbox')
    .set({ status: 'suppressed', last_error: describeSuppression(suppression) })
    .where('status', '=', 'waiting')
    .where('to_address', '=', suppression.address)
  // First those that hold a link which lets somebody in: it goes with them.
  await waiting
    .set({ data: NO_DATA })
    .where('kind', 'in', [...SECRET_KINDS])
    .execute()
  await waiting.execute()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

/** Lets mail to an address (in the form of normaliseAddress) leave again. Says whether it was stopped. */
export async function liftSuppression(db: Db, address: string): Promise<boolean> {
  const result = await db.deleteFrom('suppressions').where('address', '=', address).executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

/** Why each of `addresses` is not written to; those that are written to are left out. */
export async function reasonsAgainst(db: Db, addresses: readonly string[]): Promise<Map<string, string>> {
  if (addresses.length === 0) return new Map()
  const rows = await db
    .selectFrom('suppressions')
    .selectAll()
    .where('address', 'in', [...new Set(addresses)])
    .execute()
  return new Map(rows.map((row) => [row.address, describeSuppression(row)]))
}

/** All addresses that are not written to, the newest first. */
export async function listSuppressions(db: Db): Promise<SuppressionRow[]> {
  return await db.selectFrom('suppressions').selectAll().orderBy('at', 'desc').orderBy('address').execute()
}

function describeSuppression({ reason, at }: Pick<SuppressionRow, 'reason' | 'at'>): string {
  return `not written to since ${at}: ${reason}`.slice(0, 1_000)
}
