import type { DigestContext, DigestData, DigestName } from '../../src/digest/edition.ts'
import type { Mode, Topic } from '../../src/model/preferences.ts'
import { insertRows } from '../../src/store/insert.ts'
import { insertPerson, markVerified } from '../../src/store/people.ts'
import { writePreference } from '../../src/store/preferences.ts'
import type { PersonTable } from '../../src/store/schema.ts'
import type { EngineName } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

/** The data of each kind of digest, as a row of the outbox holds it. */
export type AnyDigest = Omit<DigestData<'agent-digest'> & DigestData<'article-digest'>, 'cases'> &
  DigestData<'customer-digest'>

export interface DigestRow {
  to: string
  status: string
  language: string
  mailbox: string
  error: string | null
  data: AnyDigest
}

/** A help desk with digests. */
export interface DigestDesk extends HelpDesk {
  digests: DigestContext
  /** Puts the clock to a time (ISO 8601). */
  setClock(iso: string): void
  /** Makes somebody, known to read their mail; their id. */
  person(name: string, over?: { kind?: PersonTable['kind']; zone?: string; verified?: boolean }): Promise<string>
  /** Makes many at once; their ids. */
  crowd(count: number, kind: PersonTable['kind']): Promise<string[]>
  prefer(personId: string, topic: Topic, mode: Mode, mailbox?: string): Promise<void>
  /** The rows of the outbox that are digests, in their order. */
  written(digest?: DigestName): Promise<DigestRow[]>
}

export const KIND = { agents: 'agent-digest', contacts: 'customer-digest', articles: 'article-digest' } as const

/** All digests come at seven each morning in Copenhagen, unless a test says otherwise. */
export async function openDigestDesk(engine: EngineName, over: Partial<DigestContext> = {}): Promise<DigestDesk> {
  const desk = await openHelpDesk(engine)
  const { store, world } = desk
  const daily = '0 7 * * *'
  const digests: DigestContext = {
    ...desk.ctx,
    policy: { ...desk.ctx.policy, digests: { agents: true, contacts: true, articles: true } },
    schedules: { agents: daily, contacts: daily, articles: daily },
    timeZone: 'Europe/Copenhagen',
    ...over,
  }
  const now = () => new Date(world.now()).toISOString()
  return {
    ...desk,
    ctx: { ...desk.ctx, policy: { ...desk.ctx.policy, digests: { agents: true, contacts: true, articles: true } } },
    digests,
    setClock: (iso) => world.pass(Date.parse(iso) - world.now()),
    person: async (name, { kind = 'contact', zone, verified = true } = {}) => {
      const id = world.id()
      const address = `${name.toLowerCase()}@${kind === 'agent' ? 'private' : 'customer'}.test`
      await insertPerson(store.db, { id, kind, name, address, language: null, createdAt: now() })
      if (zone) await store.db.updateTable('people').set({ time_zone: zone }).where('id', '=', id).execute()
      if (verified) await markVerified(store.db, address, now())
      return id
    },
    crowd: async (count, kind) => {
      const people = Array.from({ length: count }, (_, index) => ({
        id: world.id(),
        address: `${kind}${index}@crowd.test`,
      }))
      const common = { organisation_id: null, language: null, created_at: now(), time_zone: null }
      const addresses = people.map(({ id, address }) => ({ address, person_id: id, is_primary: 1 }))
      await store.transaction(async (tx) => {
        await insertRows(
          tx,
          'people',
          people.map(({ id, address }) => ({ id, kind, name: address, ...common })),
        )
        await insertRows(
          tx,
          'person_addresses',
          addresses.map((row) => ({ ...row, created_at: now(), verified_at: now() })),
        )
      })
      return people.map(({ id }) => id)
    },
    prefer: async (personId, topic, mode, mailbox = '') =>
      await writePreference(store.db, personId, { topic, mailbox, mode, was: null, stoppedWith: null }, now()),
    written: async (digest) => {
      const rows = await store.db
        .selectFrom('outbox')
        .select(['to_address as to', 'status', 'language', 'mailbox', 'last_error as error', 'data'])
        .where('kind', 'in', digest ? [KIND[digest]] : Object.values(KIND))
        .orderBy('id')
        .execute()
      return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as AnyDigest }))
    },
  }
}
