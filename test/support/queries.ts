import type { CompiledQuery, Kysely, KyselyPlugin } from 'kysely'
import type { Store } from '../../src/store/open.ts'
import type { Tables } from '../../src/store/schema.ts'

/** A query as the engine gets it. */
export type Query = Pick<CompiledQuery, 'sql' | 'parameters'>

/** The same connection, with every query told before it is made. */
export function watched<T extends Kysely<Tables>>(db: T, onQuery: (query: Query) => void): T {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      onQuery(db.getExecutor().compileQuery(node, queryId))
      return node
    },
    transformResult: async ({ result }) => result,
  }
  return db.withPlugin(plugin) as T
}

/** The same store, with every query told, inside transactions too. */
export function watchedStore(store: Store, onQuery: (query: Query) => void): Store {
  return {
    ...store,
    db: watched(store.db, onQuery),
    transaction: async (work) => await store.transaction(async (tx) => await work(watched(tx, onQuery))),
  }
}
