import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Kysely, type Transaction } from 'kysely'
import type { Config } from '../config/config.ts'
import { PosthornError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { type BlobStore, openBlobs } from './blobs.ts'
import { type Engine, POSTGRES, SQLITE } from './engine.ts'
import { postgresDialect } from './postgres.ts'
import type { Tables } from './schema.ts'
import { sqliteDialect } from './sqlite.ts'
import { TransactionScope } from './transaction-scope.ts'

/** The open database and the folder of large contents beside it. */
export interface Store {
  /** For queries outside transactions; inside one it throws. */
  db: Kysely<Tables>
  engine: Engine
  /**
   * Runs `work` in a transaction: all of it or nothing. It is begun again when the engine says that it collided with
   * another, so `work` must not change anything but the database (and blobs). Inside a transaction it throws.
   */
  transaction<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T>
  blobs: BlobStore
  close(): Promise<void>
}

/** How often a transaction is begun that collides with others, and the milliseconds before the second time (doubling). */
const ATTEMPTS = 6
const FIRST_WAIT = 10
/** Bytes from which content goes to a file, where nobody says. */
const BLOB_INLINE = 256 * 1024

/**
 * Opens the database and its blob folder, without migrating (migrate.ts). Files and folders are made where missing.
 * Throws PosthornErrors with the codes of errors.ts; PostgreSQL is reached at the first query, not here.
 */
export async function openStore(
  config: Config['database'],
  dataFolder: string,
  log: Log,
  options: { blobInline?: number } = {},
): Promise<Store> {
  const scope = new TransactionScope()
  const engine = config.engine === 'sqlite' ? SQLITE : POSTGRES
  const db = new Kysely<Tables>({
    dialect:
      config.engine === 'sqlite' ? sqliteDialect(resolve(config.path), scope) : postgresDialect(config.url, scope, log),
  })
  return {
    db,
    engine,
    transaction: async (work) => await withRetries(log, async () => await runTransaction(db, scope, work)),
    blobs: openBlobs(resolve(dataFolder, 'blobs'), options.blobInline ?? BLOB_INLINE),
    close: async () => await db.destroy(),
  }
}

async function runTransaction<T>(
  db: Kysely<Tables>,
  scope: TransactionScope,
  work: (tx: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction().execute(async (tx) => await scope.run(async () => await work(tx)))
  } catch (error) {
    throw error instanceof Error && error.name === 'AbortedTransactionError' ? abortedError(error) : error
  }
}

function abortedError(cause: Error): PosthornError {
  return new PosthornError('aborted', 'database: an earlier statement failed, so the transaction was rolled back', {
    cause,
  })
}

/** Repeats what failed because another transaction was in its way; the waits differ, so that two do not meet again. */
async function withRetries<T>(log: Log, attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt()
    } catch (error) {
      const collided = error instanceof PosthornError && error.code === 'busy'
      if (!collided || attempts >= ATTEMPTS) throw error
      log.debug({ attempts, error: error.message }, 'transaction begun again')
      await wait(FIRST_WAIT * 2 ** attempts * (0.5 + Math.random()))
    }
  }
}
