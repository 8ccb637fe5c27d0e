import type { Kysely } from 'kysely'

/** Participants who left a case, and what was used up of the budgets for automatic mail. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema.alterTable('participants').addColumn('left_at', 'text').execute()

  await schema
    .createTable('budget_counters')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('used', 'integer', (c) => c.notNull())
    .addColumn('until', 'text', (c) => c.notNull())
    .execute()
  await schema.createIndex('budget_counters_until').on('budget_counters').column('until').execute()
}
