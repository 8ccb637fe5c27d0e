import type { Kysely, Selectable } from 'kysely'
import { insertRows } from './insert.ts'
import type { LedgerTable, MailTable, Tables } from './schema.ts'

export type MailRow = Selectable<MailTable>
export type LedgerRow = Selectable<LedgerTable>

/** The mails with these identities (message/identity), however and wherever they were taken in before; by identity. */
export async function findMailsByIdentity(
  db: Kysely<Tables>,
  identities: readonly string[],
): Promise<Map<string, MailRow>> {
  if (identities.length === 0) return new Map()
  const rows = await db
    .selectFrom('mails')
    .selectAll()
    .where('identity', 'in', [...identities])
    .execute()
  return new Map(rows.map((row) => [row.identity, row]))
}

export async function findMail(db: Kysely<Tables>, id: string): Promise<MailRow | null> {
  return (await db.selectFrom('mails').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function listQuarantined(db: Kysely<Tables>): Promise<MailRow[]> {
  return await db.selectFrom('mails').selectAll().where('status', '=', 'quarantined').orderBy('id').execute()
}

export async function insertMail(db: Kysely<Tables>, row: MailTable): Promise<void> {
  await insertRows(db, 'mails', [row])
}

export async function updateMail(
  db: Kysely<Tables>,
  id: string,
  set: Partial<Omit<MailTable, 'id' | 'identity'>>,
): Promise<void> {
  await db.updateTable('mails').set(set).where('id', '=', id).execute()
}

/** Which mail a place in a mailbox holds. */
export interface Place {
  mailbox: string
  uidValidity: string
  uid: number
}

/** What became of a place, before the server is told. */
export type LedgerEntry = Place & Omit<LedgerTable, 'mailbox' | 'uid_validity' | 'uid' | 'acknowledged_at'>

/** Writes what became of places, each of which stands in it once. An earlier row is replaced only while it is 'failed': what is done stays done. */
export async function writeLedger(db: Kysely<Tables>, entries: readonly LedgerEntry[]): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map(({ mailbox, uidValidity, uid, ...set }) => ({
    mailbox,
    uid_validity: uidValidity,
    uid,
    ...set,
    acknowledged_at: null,
  }))
  await db
    .insertInto('ledger')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['mailbox', 'uid_validity', 'uid'])
        .doUpdateSet((eb) => ({
          mail_id: eb.ref('excluded.mail_id'),
          status: eb.ref('excluded.status'),
          attempts: eb.ref('excluded.attempts'),
          last_error: eb.ref('excluded.last_error'),
          taken_at: eb.ref('excluded.taken_at'),
        }))
        .where('ledger.status', '=', 'failed'),
    )
    .execute()
}

export async function findLedger(db: Kysely<Tables>, place: Place): Promise<LedgerRow | null> {
  return (await atPlace(db, place).selectAll().executeTakeFirst()) ?? null
}

function atPlace(db: Kysely<Tables>, place: Place) {
  return db
    .selectFrom('ledger')
    .where('mailbox', '=', place.mailbox)
    .where('uid_validity', '=', place.uidValidity)
    .where('uid', '=', place.uid)
}

/** The rows of one mailbox under one UIDVALIDITY, without their texts. */
export async function listLedger(
  db: Kysely<Tables>,
  mailbox: string,
  uidValidity: string,
): Promise<Pick<LedgerRow, 'uid' | 'status' | 'acknowledged_at'>[]> {
  const rows = await db
    .selectFrom('ledger')
    .select(['uid', 'status', 'acknowledged_at'])
    .where('mailbox', '=', mailbox)
    .where('uid_validity', '=', uidValidity)
    .execute()
  return rows.map((row) => ({ ...row, uid: Number(row.uid) }))
}

/** Marks places as told to the mail server (moved, flagged, deleted). */
export async function markAcknowledged(
  db: Kysely<Tables>,
  mailbox: string,
  uidValidity: string,
  uids: readonly number[],
  at: string,
): Promise<void> {
  for (let from = 0; from < uids.length; from += 500) {
    await db
      .updateTable('ledger')
      .set({ acknowledged_at: at })
      .where('mailbox', '=', mailbox)
      .where('uid_validity', '=', uidValidity)
      .where('uid', 'in', uids.slice(from, from + 500))
      .execute()
  }
}

/** Remembers what a folder looked like at the last look. */
export async function writeFolder(
  db: Kysely<Tables>,
  mailbox: string,
  uidValidity: string,
  onServer: number,
  at: string,
): Promise<void> {
  const row = { uid_validity: uidValidity, on_server: onServer, looked_at: at }
  await db
    .insertInto('mailbox_folders')
    .values({ mailbox, ...row })
    .onConflict((conflict) => conflict.column('mailbox').doUpdateSet(row))
    .execute()
}

export async function findFolder(db: Kysely<Tables>, mailbox: string) {
  return (await db.selectFrom('mailbox_folders').selectAll().where('mailbox', '=', mailbox).executeTakeFirst()) ?? null
}

/** Counts a failed attempt at a place; the number of attempts so far comes back. */
export async function countFailedAttempt(db: Kysely<Tables>, place: Place, why: string, at: string): Promise<number> {
  const attempts = ((await findLedger(db, place))?.attempts ?? 0) + 1
  await writeLedger(db, [
    { ...place, mail_id: null, status: 'failed', attempts, last_error: why.slice(0, 2_000), taken_at: at },
  ])
  return attempts
}

/** A place that a mail was taken from, the first one; null for a mail that the ledger no longer holds. */
export async function findPlaceOfMail(db: Kysely<Tables>, mailId: string): Promise<Place | null> {
  const row = await db
    .selectFrom('ledger')
    .selectAll()
    .where('mail_id', '=', mailId)
    .orderBy('taken_at')
    .executeTakeFirst()
  return row ? { mailbox: row.mailbox, uidValidity: row.uid_validity, uid: Number(row.uid) } : null
}
