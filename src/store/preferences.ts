import type { Mode, Preference, Topic } from '../model/preferences.ts'
import type { Db } from './schema.ts'

/** What people have chosen to be told of, by person; somebody who never chose is left out. */
export async function findPreferences(db: Db, personIds: readonly string[]): Promise<Map<string, Preference[]>> {
  const found = new Map<string, Preference[]>()
  if (personIds.length === 0) return found
  const rows = await db
    .selectFrom('notification_preferences')
    .select(['person_id', 'topic', 'mailbox', 'mode'])
    .where('person_id', 'in', [...new Set(personIds)])
    .execute()
  for (const { person_id, ...preference } of rows) found.set(person_id, [...(found.get(person_id) ?? []), preference])
  return found
}

/** Writes one choice over what was there. `mailbox` '' is for all of them. */
export async function writePreference(
  db: Db,
  personId: string,
  choice: { topic: Topic; mailbox: string; mode: Mode },
  at: string,
): Promise<void> {
  await db
    .insertInto('notification_preferences')
    .values({ person_id: personId, ...choice, updated_at: at })
    .onConflict((conflict) =>
      conflict.columns(['person_id', 'topic', 'mailbox']).doUpdateSet({ mode: choice.mode, updated_at: at }),
    )
    .execute()
}
