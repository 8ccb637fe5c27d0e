import type { Kysely } from 'kysely'

/** What `posthorn mailbox calibrate` learned about each mailbox's own server. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('mailbox_trust')
    .addColumn('mailbox', 'text', (c) => c.primaryKey())
    .addColumn('authserv_id', 'text')
    .addColumn('methods', 'text', (c) => c.notNull())
    .addColumn('plus_address', 'integer', (c) => c.notNull())
    .addColumn('calibrated_at', 'text', (c) => c.notNull())
    .execute()
}
