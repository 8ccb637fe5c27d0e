import type { Selectable } from 'kysely'
import type { KnownDeviceTable, SessionTable } from '../account-tables.ts'
import type { Db } from '../schema.ts'

export type SessionRow = Selectable<SessionTable>

export async function insertSession(db: Db, row: SessionTable): Promise<void> {
  await db.insertInto('sessions').values(row).execute()
}

/** The session that a token belongs to, if it has not ended at `at`. */
export async function findSession(db: Db, tokenHash: string, at: string): Promise<SessionRow | null> {
  const row = await db
    .selectFrom('sessions')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', at)
    .executeTakeFirst()
  return row ?? null
}

export async function updateSession(
  db: Db,
  id: string,
  set: Partial<Pick<SessionTable, 'token_hash' | 'stage' | 'ways' | 'seen_at' | 'proven_at' | 'expires_at'>>,
): Promise<void> {
  await db.updateTable('sessions').set(set).where('id', '=', id).execute()
}

/** A person's sessions that have not ended, the last used first. */
export async function listSessions(db: Db, personId: string, at: string): Promise<SessionRow[]> {
  return await db
    .selectFrom('sessions')
    .selectAll()
    .where('person_id', '=', personId)
    .where('expires_at', '>', at)
    .orderBy('seen_at', 'desc')
    .execute()
}

/** Ends one session of a person's. Says whether there was one. */
export async function deleteSession(db: Db, personId: string, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom('sessions')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

/** Ends a person's sessions, all but one where it is named. How many there were comes back. */
export async function deleteSessions(db: Db, personId: string, except: string | null): Promise<number> {
  let query = db.deleteFrom('sessions').where('person_id', '=', personId)
  if (except !== null) query = query.where('id', '!=', except)
  return Number((await query.executeTakeFirst()).numDeletedRows)
}

export async function dropEndedSessions(db: Db, at: string): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<=', at).execute()
}

export async function insertKnownDevice(db: Db, row: KnownDeviceTable): Promise<void> {
  await db.insertInto('known_devices').values(row).execute()
}

/** Whether a token makes a device one that its person need not use a second factor on. */
export async function isKnownDevice(db: Db, personId: string, tokenHash: string, at: string): Promise<boolean> {
  const row = await db
    .selectFrom('known_devices')
    .select('person_id')
    .where('token_hash', '=', tokenHash)
    .where('person_id', '=', personId)
    .where('expires_at', '>', at)
    .executeTakeFirst()
  return row !== undefined
}

export async function countKnownDevices(db: Db, personId: string, at: string): Promise<number> {
  const row = await db
    .selectFrom('known_devices')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('person_id', '=', personId)
    .where('expires_at', '>', at)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export async function deleteKnownDevices(db: Db, personId: string): Promise<void> {
  await db.deleteFrom('known_devices').where('person_id', '=', personId).execute()
}

export async function dropEndedDevices(db: Db, at: string): Promise<void> {
  await db.deleteFrom('known_devices').where('expires_at', '<=', at).execute()
}
