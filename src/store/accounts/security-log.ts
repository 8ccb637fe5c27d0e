import type { Selectable } from 'kysely'
import type { SecurityLogTable } from '../account-tables.ts'
import type { Db } from '../schema.ts'

export type SecurityLogRow = Selectable<SecurityLogTable>

export async function insertSecurityLog(db: Db, row: SecurityLogTable): Promise<void> {
  await db.insertInto('security_log').values(row).execute()
}

/** What happened to a person's account, the newest first. */
export async function listSecurityLog(db: Db, personId: string, most: number): Promise<SecurityLogRow[]> {
  return await db
    .selectFrom('security_log')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
}

/** Whether a person has signed in from such a device and network before: yes, only from elsewhere, or never at all. */
export async function hasSignedInFrom(
  db: Db,
  personId: string,
  { device, network }: { device: string; network: string },
): Promise<'here' | 'elsewhere' | 'never'> {
  const rows = await db
    .selectFrom('security_log')
    .select(['device', 'network'])
    .where('person_id', '=', personId)
    .where('what', 'in', ['signed-in', 'activated'])
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
  if (rows.length === 0) return 'never'
  return rows.some((row) => row.device === device && row.network === network) ? 'here' : 'elsewhere'
}

/** Drops what was noted of nobody (tries at addresses that no one has) before a time; people's own lines stay. */
export async function dropNobodysLines(db: Db, before: string): Promise<void> {
  await db.deleteFrom('security_log').where('person_id', 'is', null).where('at', '<', before).execute()
}
