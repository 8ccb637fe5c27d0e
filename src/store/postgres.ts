import { createHash } from 'node:crypto'
import {
  type Dialect,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely'
import pg from 'pg'
import { describeError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { storeError } from './errors.ts'
import { storableParameters } from './parameters.ts'
import { StatementCache } from './statement-cache.ts'
import type { TransactionScope } from './transaction-scope.ts'

/** Connections at the most. */
const CONNECTIONS = 10
/** Statements that each connection keeps prepared; what is asked for after that is prepared each time. */
const STATEMENTS = 500
/** PostgreSQL's ids of bigint (counts, uids) and numeric (sums): they come as text, and fit a number. */
const NUMBER_TYPES = new Set<number>([pg.types.builtins.INT8, pg.types.builtins.NUMERIC])
/** 'cached plan must not change result type': the tables changed under a prepared statement, so the connection is given up. */
const STALE_PLAN = '0A000'

/** A Kysely dialect on a pool of connections, with statements prepared once under the hash of their text. */
export function postgresDialect(url: string, scope: TransactionScope, log: Log): Dialect {
  return new PostgresDialect({ pool: new PreparingPool(url, scope, log) })
}

/** Numbers for bigint and numeric, for this pool alone: other users of pg in the process keep theirs. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    NUMBER_TYPES.has(oid) ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

class PreparingPool implements PostgresPool {
  readonly options: object
  readonly #pool: pg.Pool
  readonly #scope: TransactionScope
  readonly #clients = new WeakMap<pg.PoolClient, PreparingClient>()

  constructor(url: string, scope: TransactionScope, log: Log) {
    this.#scope = scope
    this.#pool = new pg.Pool({
      connectionString: url,
      types,
      max: CONNECTIONS,
      connectionTimeoutMillis: 10_000,
      application_name: 'posthorn',
    })
    this.options = this.#pool.options
    const lost = (error: Error) => log.warn({ error: describeError(error) }, 'a database connection was lost')
    this.#pool.on('error', lost)
    // The pool listens to idle connections alone; an error that nobody listens to would end the program.
    this.#pool.on('connect', (client) => void client.on('error', lost))
  }

  async connect(): Promise<PostgresPoolClient> {
    this.#scope.assertOutside()
    try {
      const client = await this.#pool.connect()
      const known = this.#clients.get(client) ?? new PreparingClient(client)
      this.#clients.set(client, known)
      return known
    } catch (error) {
      throw storeError(error, 'connecting to PostgreSQL')
    }
  }

  async end(): Promise<void> {
    await this.#pool.end()
  }
}

class PreparingClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient
  readonly #seen = new StatementCache<{ uses: number }>(STATEMENTS)
  readonly #prepared = new Map<string, string>()
  #stale = false

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  // biome-ignore lint/suspicious/noExplicitAny: the interface is overloaded for cursors, which are not used here
  query = (async (sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<any>> => {
    const values = storableParameters(parameters, sql)
    const name = this.#nameOf(sql)
    try {
      return (await this.#client.query({
        text: sql,
        values,
        ...(name ? { name } : {}),
      })) as PostgresQueryResult<unknown>
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === STALE_PLAN) this.#stale = true
      throw storeError(error, sql)
    }
  }) as PostgresPoolClient['query']

  release(destroy = false): void {
    this.#client.release(destroy || this.#stale)
  }

  /** A name from a statement's second use on, as long as there is room: statements made for one list stay unnamed. */
  #nameOf(sql: string): string | null {
    const known = this.#prepared.get(sql)
    if (known) return known
    const seen = this.#seen.get(sql, () => ({ uses: 0 }))
    seen.uses += 1
    if (seen.uses < 2 || this.#prepared.size >= STATEMENTS) return null
    const name = createHash('sha256').update(sql).digest('hex').slice(0, 32)
    this.#prepared.set(sql, name)
    return name
  }
}
