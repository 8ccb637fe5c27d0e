import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { PosthornError } from '../core/errors.ts'
import { storeError } from './errors.ts'
import { storableParameters } from './parameters.ts'
import { StatementCache } from './statement-cache.ts'
import type { TransactionScope } from './transaction-scope.ts'

/** Milliseconds that a statement outside transactions, or the begin of one, waits for another process that writes. */
const PATIENCE = 5_000
/** The longest pause between two looks, in milliseconds. SQLite's own waiting would hold up the whole program. */
const LONGEST_PAUSE = 50
/** Prepared statements that are kept. */
const STATEMENTS = 500

/** A Kysely dialect on one better-sqlite3 connection: cached statements, transactions one after the other. */
export function sqliteDialect(path: string, scope: TransactionScope): Dialect {
  return {
    createDriver: () => new SqliteSerialDriver(path, scope),
    createAdapter: () => new OwnLockAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}

/** Kysely's own lock would be taken before the scope is asked, so that the mistake would hang instead of being told. */
class OwnLockAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

class SqliteSerialDriver implements Driver {
  readonly #path: string
  readonly #scope: TransactionScope
  #connection: SqliteConnection | null = null
  /** Resolves when whoever asked last has given the connection back. */
  #last: Promise<void> = Promise.resolve()
  #release: () => void = () => undefined

  constructor(path: string, scope: TransactionScope) {
    this.#path = path
    this.#scope = scope
  }

  async init(): Promise<void> {
    this.#connection = new SqliteConnection(openDatabase(this.#path))
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    this.#scope.assertOutside()
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    await before
    this.#release = resolve
    return this.#open()
  }

  async releaseConnection(): Promise<void> {
    this.#release()
  }

  async beginTransaction(): Promise<void> {
    await this.#open().begin()
  }

  async commitTransaction(): Promise<void> {
    this.#open().commit()
  }

  async rollbackTransaction(): Promise<void> {
    this.#open().rollback()
  }

  async destroy(): Promise<void> {
    this.#connection?.close()
  }

  #open(): SqliteConnection {
    if (!this.#connection) throw new Error('the database is not open')
    return this.#connection
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: Database.Database
  readonly #statements = new StatementCache<Database.Statement>(STATEMENTS)
  /** As on PostgreSQL, a statement that fails ends its transaction: what works on one engine works on the other. */
  #aborted = false

  constructor(database: Database.Database) {
    this.#database = database
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#aborted) throw abortedError()
    try {
      const values = storableParameters(parameters, sql)
      return await this.#patiently(() => this.#execute<R>(sql, values))
    } catch (error) {
      this.#aborted = this.#database.inTransaction
      throw storeError(error, sql)
    }
  }

  async *streamQuery<R>({ sql, parameters }: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    const statement = this.#database.prepare<unknown[], R>(sql)
    for (const row of statement.iterate(...storableParameters(parameters, sql))) yield { rows: [row] }
  }

  async begin(): Promise<void> {
    this.#aborted = false
    // Immediate: a transaction that reads first and writes later could otherwise fail in its middle.
    await this.#patiently(() => this.#run('begin immediate'))
  }

  commit(): void {
    if (this.#aborted) throw abortedError()
    this.#run('commit')
  }

  rollback(): void {
    this.#aborted = false
    // A full disk makes SQLite roll back by itself.
    if (this.#database.inTransaction) this.#run('rollback')
  }

  close(): void {
    this.#database.close()
  }

  /** Waits for another process by looking again. Whoever is in a transaction has the lock already. */
  async #patiently<T>(run: () => T): Promise<T> {
    const deadline = performance.now() + PATIENCE
    for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        return run()
      } catch (error) {
        const known = storeError(error, 'waiting for another process')
        if (known.code !== 'busy' || this.#database.inTransaction || performance.now() > deadline) throw error
      }
      await wait(pause)
    }
  }

  #execute<R>(sql: string, parameters: unknown[]): QueryResult<R> {
    const statement = this.#statements.get(sql, (text) => this.#database.prepare(text))
    if (statement.reader) return { rows: statement.all(...parameters) as R[] }
    return { numAffectedRows: BigInt(statement.run(...parameters).changes), rows: [] }
  }

  #run(sql: string): void {
    try {
      this.#statements.get(sql, (text) => this.#database.prepare(text)).run()
    } catch (error) {
      throw storeError(error, sql)
    }
  }
}

function abortedError(): PosthornError {
  return new PosthornError('aborted', 'database: an earlier statement failed, so the transaction is rolled back')
}

/** Opens or makes the file: write-ahead log, every commit on the disk before it is reported, foreign keys enforced. */
function openDatabase(path: string): Database.Database {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const database = new Database(path, { timeout: PATIENCE })
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    // KiB. A batch of mails with attachments would push everything else out of the default 2 MB.
    database.pragma('cache_size = -32768')
    database.pragma('busy_timeout = 0')
    return database
  } catch (error) {
    throw storeError(error, `opening ${path}`)
  }
}
