import type { Kysely } from 'kysely'

/** Tags, merged cases, comments that went to another case, and what an agent can take back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema.alterTable('cases').addColumn('merged_into', 'text').execute()
  // Set where a comment was moved or split off: an answer to it follows, although its reply address names the old case.
  await schema.alterTable('message_ids').addColumn('moved_from', 'text').execute()
  await schema
    .createTable('case_tags')
    .addColumn('case_id', 'text', (c) => c.notNull().references('cases.id'))
    .addColumn('tag', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('case_tags_pk', ['case_id', 'tag'])
    .execute()
  await schema.createIndex('case_tags_tag').on('case_tags').column('tag').execute()

  await schema
    .createTable('undo_log')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('case_id', 'text', (c) => c.notNull())
    .addColumn('other_case_id', 'text')
    .addColumn('agent_id', 'text')
    .addColumn('what', 'text', (c) => c.notNull())
    .addColumn('inverse', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('undone_at', 'text')
    .execute()
  await schema.createIndex('undo_log_case').on('undo_log').column('case_id').execute()
  await schema.createIndex('undo_log_other_case').on('undo_log').column('other_case_id').execute()
}
