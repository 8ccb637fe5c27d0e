import type { Kysely } from 'kysely'

/** Who wants to be told of what, digests, the outbox's limits and pause, areas that are followed, alarms of mailboxes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await widenPeople(db)
  await widenOutbox(db)
  await makeTelling(db)
  await makeAreas(db)
}

async function widenPeople({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('people').addColumn('time_zone', 'text').execute()
  const people = schema.createIndex('people_time_zone').on('people').column('time_zone')
  await people.where('time_zone', 'is not', null).execute()
  await schema.alterTable('person_addresses').addColumn('verified_at', 'text').execute()
  await schema.createIndex('participants_person').on('participants').column('person_id').execute()
}

async function widenOutbox(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .alterTable('outbox')
    .addColumn('to_domain', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  await schema.alterTable('outbox').addColumn('attempted_at', 'text').execute()
  await schema.alterTable('outbox').addColumn('failed_at', 'text').execute()
  const failures = schema.createIndex('outbox_failed').on('outbox').column('failed_at')
  await failures.where('failed_at', 'is not', null).execute()
  // Due rows in their order, and past those of a domain at its limit without looking at each.
  await schema.dropIndex('outbox_due').execute()
  await schema
    .createIndex('outbox_due')
    .on('outbox')
    .columns(['status', 'next_attempt_at', 'id', 'to_domain'])
    .execute()
  await schema.createIndex('outbox_domain').on('outbox').columns(['to_domain', 'attempted_at']).execute()
  // What is still due must be counted by its domain; what is done never is again.
  const outbox = db as Kysely<{ outbox: { id: string; to_address: string; to_domain: string; status: string } }>
  const due = await outbox
    .selectFrom('outbox')
    .select(['id', 'to_address'])
    .where('status', 'in', ['waiting', 'sending', 'failed'])
    .execute()
  for (const { id, to_address } of due)
    await outbox
      .updateTable('outbox')
      .set({ to_domain: to_address.slice(to_address.lastIndexOf('@') + 1) })
      .where('id', '=', id)
      .execute()
}

async function makeTelling({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('notification_preferences')
    .addColumn('person_id', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('mailbox', 'text', (c) => c.notNull())
    .addColumn('mode', 'text', (c) => c.notNull())
    .addColumn('was', 'text')
    .addColumn('stopped_with', 'text')
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('notification_preferences_pk', ['person_id', 'topic', 'mailbox'])
    .execute()
  await schema
    .createTable('digest_marks')
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('person_id', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('slot', 'text', (c) => c.notNull())
    .addColumn('since', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('digest_marks_pk', ['digest', 'person_id'])
    .execute()
  await schema
    .createTable('digest_runs')
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('time_zone', 'text', (c) => c.notNull())
    .addColumn('slot', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('done_at', 'text')
    .addPrimaryKeyConstraint('digest_runs_pk', ['digest', 'time_zone'])
    .execute()
  await schema
    .createTable('switches')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .execute()
  await schema
    .createTable('mailbox_alarms')
    .addColumn('mailbox', 'text', (c) => c.primaryKey())
    .addColumn('since', 'text', (c) => c.notNull())
    .addColumn('told_at', 'text', (c) => c.notNull())
    .addColumn('error', 'text', (c) => c.notNull())
    .execute()
}

async function makeAreas({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('areas')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
  await schema
    .createTable('articles')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('area_id', 'text', (c) => c.notNull().references('areas.id'))
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('author_id', 'text', (c) => c.references('people.id'))
    .addColumn('published_at', 'text', (c) => c.notNull())
    .execute()
  await schema.createIndex('articles_area').on('articles').columns(['area_id', 'published_at']).execute()
  await schema
    .createTable('article_comments')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('article_id', 'text', (c) => c.notNull().references('articles.id'))
    .addColumn('author_id', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
  await schema
    .createIndex('article_comments_article')
    .on('article_comments')
    .columns(['article_id', 'created_at'])
    .execute()
  // What is new, for digests.
  await schema.createIndex('article_comments_created').on('article_comments').column('created_at').execute()
  await schema
    .createTable('follows')
    .addColumn('area_id', 'text', (c) => c.notNull().references('areas.id'))
    .addColumn('person_id', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('follows_pk', ['area_id', 'person_id'])
    .execute()
  await schema.createIndex('follows_person').on('follows').column('person_id').execute()
  await schema
    .createTable('tellings')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('article_id', 'text', (c) => c.notNull().references('articles.id'))
    .addColumn('comment_id', 'text', (c) => c.references('article_comments.id'))
    .addColumn('told_to', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
}
