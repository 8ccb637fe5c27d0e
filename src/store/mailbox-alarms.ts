import type { Selectable } from 'kysely'
import type { Db, MailboxAlarmTable } from './schema.ts'

/** An alarm about a mailbox that cannot be reached; its row is there until the mailbox is back. Times are ISO 8601 UTC. */
export type MailboxAlarmRow = Selectable<MailboxAlarmTable>

/** Raises an alarm. Says whether it was not raised before, by this program or another one: whoever is first tells of it. */
export async function insertAlarm(db: Db, alarm: MailboxAlarmRow): Promise<boolean> {
  const result = await db
    .insertInto('mailbox_alarms')
    .values(alarm)
    .onConflict((conflict) => conflict.column('mailbox').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

/** Ends the alarm about a mailbox; the alarm comes back to whoever ends it, and null to everybody else. */
export async function endAlarm(db: Db, mailbox: string): Promise<MailboxAlarmRow | null> {
  const rows = await db.deleteFrom('mailbox_alarms').where('mailbox', '=', mailbox).returningAll().execute()
  return rows[0] ?? null
}
