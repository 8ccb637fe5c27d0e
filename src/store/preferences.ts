import type { KeptPreference, Preference, Topic } from '../model/preferences.ts'
import { memoryOf } from './people-memory.ts'
import type { Db } from './schema.ts'

/**
 * What people have chosen to be told of, by person; nothing for somebody who never chose. A transaction asks for each
 * person once: a batch of mails tells the same agents again and again.
 */
export async function findPreferences(
  db: Db,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Preference[]>> {
  const known = memoryOf(db)?.preferences ?? new Map<string, Preference[]>()
  const missing = [...new Set(personIds)].filter((id) => !known.has(id))
  const rows = await readPreferences(db, missing)
  for (const id of missing) known.set(id, [])
  for (const { person_id, ...preference } of rows) known.get(person_id)?.push(preference)
  return known
}

async function readPreferences(db: Db, personIds: readonly string[]): Promise<(Preference & { person_id: string })[]> {
  if (personIds.length === 0) return []
  return await db
    .selectFrom('notification_preferences')
    .select(['person_id', 'topic', 'mailbox', 'mode'])
    .where('person_id', 'in', [...personIds])
    .execute()
}

/** What one person has chosen, with what it was before a topic was ended. */
export async function listKept(db: Db, personId: string): Promise<KeptPreference[]> {
  const rows = await db
    .selectFrom('notification_preferences')
    .select(['topic', 'mailbox', 'mode', 'was', 'stopped_with as stoppedWith'])
    .where('person_id', '=', personId)
    .orderBy('topic')
    .orderBy('mailbox')
    .execute()
  return rows
}

/** Writes one choice over what was there. `mailbox` '' is for all of them. */
export async function writePreference(db: Db, personId: string, kept: KeptPreference, at: string): Promise<void> {
  const { topic, mailbox, mode, was, stoppedWith: stopped_with } = kept
  const set = { mode, was, stopped_with, updated_at: at }
  memoryOf(db)?.preferences.delete(personId)
  await db
    .insertInto('notification_preferences')
    .values({ person_id: personId, topic, mailbox, ...set })
    .onConflict((conflict) => conflict.columns(['person_id', 'topic', 'mailbox']).doUpdateSet(set))
    .execute()
}

/** Forgets a choice: what was chosen for all mailboxes holds, or what holds for everybody. */
export async function dropPreference(db: Db, personId: string, topic: Topic, mailbox: string): Promise<void> {
  memoryOf(db)?.preferences.delete(personId)
  await db
    .deleteFrom('notification_preferences')
    .where('person_id', '=', personId)
    .where('topic', '=', topic)
    .where('mailbox', '=', mailbox)
    .execute()
}
