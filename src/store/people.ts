import type { Kysely } from 'kysely'
import type { Language } from '../model/language.ts'
import { memoryOf, type PeopleMemory } from './people-memory.ts'
import type { PersonTable, Tables } from './schema.ts'

export interface Person {
  id: string
  kind: PersonTable['kind']
  name: string
  /** The primary address. */
  address: string
  language: Language | null
}

const PERSON = ['people.id', 'people.kind', 'people.name', 'people.language'] as const

/** The person who has (or had) an address, given in the form of normaliseAddress; `address` is the primary one. */
export async function findPersonByAddress(db: Kysely<Tables>, address: string): Promise<Person | null> {
  const memory = memoryOf(db)
  const remembered = memory?.byAddress.get(address)
  if (remembered !== undefined) return remembered
  const person = await readPersonByAddress(db, address, memory)
  memory?.byAddress.set(address, person)
  if (person) memory?.byId.set(person.id, person)
  return person
}

/** By keys alone, one table at a time: for most mails the first look-up ends it, and a join costs ten times as much. */
async function readPersonByAddress(
  db: Kysely<Tables>,
  address: string,
  memory: PeopleMemory | undefined,
): Promise<Person | null> {
  const known = await db
    .selectFrom('person_addresses')
    .select(['person_id', 'is_primary', 'verified_at'])
    .where('address', '=', address)
    .executeTakeFirst()
  if (!known) return null
  if (known.verified_at !== null) memory?.verified.add(address)
  if (known.is_primary === 0)
    return (await people(db).where('people.id', '=', known.person_id).executeTakeFirst()) ?? null
  const person = await db.selectFrom('people').select(PERSON).where('id', '=', known.person_id).executeTakeFirst()
  return person ? { ...person, address } : null
}

/** People by id, in no order. */
export async function findPeople(db: Kysely<Tables>, ids: readonly string[]): Promise<Person[]> {
  const memory = memoryOf(db)
  const found = ids.map((id) => memory?.byId.get(id)).filter((person) => person !== undefined)
  const missing = ids.filter((id) => !memory?.byId.has(id))
  if (missing.length === 0) return found
  const rows = await people(db).where('people.id', 'in', missing).execute()
  for (const row of rows) memory?.byId.set(row.id, row)
  return [...found, ...rows]
}

/** Everybody who works on cases. */
export async function listAgents(db: Kysely<Tables>): Promise<Person[]> {
  const memory = memoryOf(db)
  const agents =
    memory?.agents ?? (await people(db).where('people.kind', '=', 'agent').orderBy('people.name').execute())
  if (memory) memory.agents = agents
  return agents
}

function people(db: Kysely<Tables>) {
  return db
    .selectFrom('people')
    .innerJoin('person_addresses', (join) =>
      join.onRef('person_addresses.person_id', '=', 'people.id').on('person_addresses.is_primary', '=', 1),
    )
    .select([...PERSON, 'person_addresses.address'])
}

/** Writes a person with one address, the primary one. A unique violation means that the address is taken. */
export async function insertPerson(db: Kysely<Tables>, person: Person & { createdAt: string }): Promise<void> {
  const { id, kind, name, language, createdAt, address } = person
  await db
    .insertInto('people')
    .values({ id, kind, name, language, organisation_id: null, created_at: createdAt, time_zone: null })
    .execute()
  await db
    .insertInto('person_addresses')
    .values({ address, person_id: id, is_primary: 1, created_at: createdAt, verified_at: null })
    .execute()
  memoryOf(db)?.add({ id, kind, name, language, address })
}

/** The zone of a person's clocks, an IANA name; null: that of the configuration. */
export async function findTimeZone(db: Kysely<Tables>, id: string): Promise<string | null> {
  const row = await db.selectFrom('people').select('time_zone').where('id', '=', id).executeTakeFirst()
  return row?.time_zone ?? null
}

/** Corrects what is known of a person: what the configuration says of an agent, or what was chosen. */
export async function updatePerson(
  db: Kysely<Tables>,
  id: string,
  set: Partial<Pick<PersonTable, 'kind' | 'name' | 'language' | 'time_zone'>>,
): Promise<void> {
  memoryOf(db)?.forget()
  await db.updateTable('people').set(set).where('id', '=', id).execute()
}

/** Which of `addresses` (in the form of normaliseAddress) their person has been shown to read. */
export async function findVerified(db: Kysely<Tables>, addresses: readonly string[]): Promise<Set<string>> {
  if (addresses.length === 0) return new Set()
  const rows = await db
    .selectFrom('person_addresses')
    .select('address')
    .where('address', 'in', [...new Set(addresses)])
    .where('verified_at', 'is not', null)
    .execute()
  return new Set(rows.map((row) => row.address))
}

/**
 * Notes that somebody has shown that they read an address. Says whether that was not known before. A transaction that has
 * read of the person knows it without asking again: nearly every mail comes from somebody who was shown to be there before.
 */
export async function markVerified(db: Kysely<Tables>, address: string, at: string): Promise<boolean> {
  const memory = memoryOf(db)
  if (memory?.verified.has(address)) return false
  const result = await db
    .updateTable('person_addresses')
    .set({ verified_at: at })
    .where('address', '=', address)
    .where('verified_at', 'is', null)
    .executeTakeFirst()
  memory?.verified.add(address)
  return Number(result.numUpdatedRows) > 0
}

/** Gives a person one more address (in the form of normaliseAddress), where they do not have it yet. */
export async function addAddress(db: Kysely<Tables>, personId: string, address: string, at: string): Promise<void> {
  memoryOf(db)?.forget()
  await db
    .insertInto('person_addresses')
    .values({ address, person_id: personId, is_primary: 0, created_at: at, verified_at: null })
    .onConflict((conflict) => conflict.column('address').doNothing())
    .execute()
}

/** Makes one of a person's addresses the primary one. */
export async function setPrimary(db: Kysely<Tables>, personId: string, address: string): Promise<void> {
  memoryOf(db)?.forget()
  await db
    .updateTable('person_addresses')
    .set((eb) => ({ is_primary: eb.case().when('address', '=', address).then(1).else(0).end() }))
    .where('person_id', '=', personId)
    .execute()
}
