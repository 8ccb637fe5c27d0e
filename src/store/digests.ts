import type { Language } from '../model/language.ts'
import type { Db, DigestMarkTable, DigestRunTable, PersonTable } from './schema.ts'

/** Somebody who may get a digest. */
export interface Reader {
  id: string
  kind: PersonTable['kind']
  name: string
  /** The primary address. */
  address: string
  language: Language | null
  timeZone: string | null
}

/** Which readers are wanted: at most `most` in the order of their ids, after one, or a certain person alone. */
export interface ReaderPage {
  after: string
  most: number
  only: string | null
}

function readers(db: Db, { after, most, only }: ReaderPage) {
  const query = db
    .selectFrom('people')
    .innerJoin('person_addresses', (join) =>
      join.onRef('person_addresses.person_id', '=', 'people.id').on('person_addresses.is_primary', '=', 1),
    )
    .select(['people.id', 'people.kind', 'people.name', 'people.language', 'people.time_zone as timeZone'])
    .select('person_addresses.address')
    .where('people.id', '>', after)
    .orderBy('people.id')
    .limit(most)
  return only === null ? query : query.where('people.id', '=', only)
}

/** Everybody who works on cases. */
export async function listAgentReaders(db: Db, page: ReaderPage): Promise<Reader[]> {
  return await readers(db, page).where('people.kind', '=', 'agent').execute()
}

/** Contacts who want comments or solutions in a digest, or have said that they want digests. */
export async function listContactReaders(db: Db, page: ReaderPage): Promise<Reader[]> {
  return await readers(db, page)
    .where('people.kind', '=', 'contact')
    .where('people.id', 'in', (eb) =>
      eb
        .selectFrom('notification_preferences as choice')
        .select('choice.person_id')
        .where((or) =>
          or.or([
            or.and([or('choice.topic', 'in', ['comments', 'solutions']), or('choice.mode', '=', 'digest')]),
            or.and([or('choice.topic', '=', 'digests'), or('choice.mode', '=', 'now')]),
          ]),
        ),
    )
    .execute()
}

/** People who follow an area and want what is new there in a digest. */
export async function listFollowerReaders(db: Db, page: ReaderPage): Promise<Reader[]> {
  return await readers(db, page)
    .where('people.id', 'in', (eb) => eb.selectFrom('follows').select('follows.person_id'))
    .where('people.id', 'in', (eb) =>
      eb
        .selectFrom('notification_preferences as choice')
        .select('choice.person_id')
        .where('choice.topic', '=', 'areas')
        .where('choice.mode', '=', 'digest'),
    )
    .execute()
}

/** The zones that somebody's clocks are set by, besides that of the configuration. */
export async function listTimeZones(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('people')
    .select('time_zone')
    .distinct()
    .where('time_zone', 'is not', null)
    .orderBy('time_zone')
    .execute()
  return rows.map((row) => row.time_zone).filter((zone) => zone !== null)
}

/**
 * Moves people's marks to a slot each, where it is later than the one they have; for each that was moved, from when on its
 * digest covers: where the last one ended, else the `since` given. Whoever comes second, of two workers, moves none.
 */
export async function moveMarks(tx: Db, marks: readonly DigestMarkTable[]): Promise<Map<string, string>> {
  if (marks.length === 0) return new Map()
  const rows = await tx
    .insertInto('digest_marks')
    .values([...marks])
    .onConflict((conflict) =>
      conflict
        .columns(['digest', 'person_id'])
        .doUpdateSet((eb) => ({
          slot: eb.ref('excluded.slot'),
          since: eb.ref('digest_marks.at'),
          at: eb.ref('excluded.at'),
        }))
        .whereRef('digest_marks.slot', '<', 'excluded.slot'),
    )
    .returning(['person_id', 'since'])
    .execute()
  return new Map(rows.map((row) => [row.person_id, row.since]))
}

/** The marks of people, by their id. */
export async function findMarks(
  db: Db,
  digest: string,
  ids: readonly string[],
): Promise<Map<string, Pick<DigestMarkTable, 'slot' | 'at'>>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('digest_marks')
    .select(['person_id', 'slot', 'at'])
    .where('digest', '=', digest)
    .where('person_id', 'in', [...ids])
    .execute()
  return new Map(rows.map(({ person_id, ...mark }) => [person_id, mark]))
}

export type DigestRun = Pick<DigestRunTable, 'slot' | 'at' | 'done_at'>

/** The last slot that was prepared for everybody, by the zone of their clocks. */
export async function findRuns(db: Db, digest: string): Promise<Map<string, DigestRun>> {
  const rows = await db.selectFrom('digest_runs').selectAll().where('digest', '=', digest).execute()
  return new Map(rows.map(({ time_zone, slot, at, done_at }) => [time_zone, { slot, at, done_at }]))
}

/** Notes where a schedule begins in a zone, unless that is known already. */
export async function beginRun(db: Db, run: Omit<DigestRunTable, 'done_at'>): Promise<void> {
  await db
    .insertInto('digest_runs')
    .values({ ...run, done_at: null })
    .onConflict((conflict) => conflict.columns(['digest', 'time_zone']).doNothing())
    .execute()
}

/** Notes that a slot was prepared for everybody of a zone. A later one that is there already stays. */
export async function finishRun(db: Db, { digest, time_zone, slot, at, done_at }: DigestRunTable): Promise<void> {
  await db
    .updateTable('digest_runs')
    .set({ slot, at, done_at })
    .where('digest', '=', digest)
    .where('time_zone', '=', time_zone)
    .where('slot', '<', slot)
    .execute()
}

/** Forgets a digest that is not written any more: when it is again, it begins anew. */
export async function forgetDigest(tx: Db, digest: string): Promise<void> {
  await tx.deleteFrom('digest_runs').where('digest', '=', digest).execute()
  await tx.deleteFrom('digest_marks').where('digest', '=', digest).execute()
}
