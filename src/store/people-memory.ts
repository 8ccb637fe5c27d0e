import type { Preference } from '../model/preferences.ts'
import type { Person } from './people.ts'
import type { Db } from './schema.ts'

/**
 * What one transaction has read of people: a batch of mails asks for the same agents and senders again and again.
 * It ends with the transaction, and forgets everything when the transaction itself changes a person, so it never shows
 * anything but what the transaction would read.
 */
export class PeopleMemory {
  readonly byAddress = new Map<string, Person | null>()
  readonly byId = new Map<string, Person>()
  agents: Person[] | undefined
  /** By person; empty for somebody who never chose. */
  readonly preferences = new Map<string, Preference[]>()
  /** Addresses that their person has been shown to read. */
  readonly verified = new Set<string>()

  /** Somebody who was just written. */
  add(person: Person): void {
    this.byAddress.set(person.address, person)
    this.byId.set(person.id, person)
    if (person.kind === 'agent') this.agents = undefined
  }

  forget(): void {
    this.byAddress.clear()
    this.byId.clear()
    this.preferences.clear()
    this.verified.clear()
    this.agents = undefined
  }
}

const memories = new WeakMap<Db, PeopleMemory>()

/** The memory of a transaction; undefined outside of one. */
export function memoryOf(db: Db): PeopleMemory | undefined {
  if (!db.isTransaction) return undefined
  const memory = memories.get(db) ?? new PeopleMemory()
  memories.set(db, memory)
  return memory
}
