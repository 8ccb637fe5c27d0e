import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Kysely, sql, type Transaction } from 'kysely'
import { MIGRATIONS, type Migration } from '../../migrations/index.ts'
import { PosthornError } from '../core/errors.ts'
import { isoTime, realWorld, type World } from '../core/world.ts'
import type { Store } from './open.ts'
import type { Tables } from './schema.ts'

interface Recorded {
  name: string
  checksum: string
}

/** What migrations need besides the store; tests bring their own. */
export interface MigrateOptions {
  migrations?: readonly Migration[]
  world?: Pick<World, 'now'>
}

/**
 * Brings the database to this version's tables and gives the names of the migrations that were run, in order.
 * Each runs in one transaction with its record, under a lock: several processes may start at once.
 * Throws 'migration' when the database is from a newer Posthorn or when a migration that it holds was changed since.
 */
export async function migrate(store: Store, options: MigrateOptions = {}): Promise<string[]> {
  const { migrations = MIGRATIONS, world = realWorld } = options
  const done: string[] = []
  for (const step of migrations) {
    const ran = await store.transaction(async (tx) => await runOnce(tx, store, migrations, step, world))
    if (ran) done.push(step.name)
  }
  return done
}

/** The names of the migrations that the database still needs, in order; the same errors as `migrate`. */
export async function pendingMigrations(store: Store, options: MigrateOptions = {}): Promise<string[]> {
  const { migrations = MIGRATIONS } = options
  const recorded = await readRecorded(store.db).catch((error: unknown) => {
    if (error instanceof PosthornError && error.code === 'schema') return []
    throw error
  })
  await checkRecorded(recorded, migrations)
  return migrations.map((it) => it.name).filter((name) => !recorded.some((it) => it.name === name))
}

/** Runs one migration unless it is recorded; asked under the lock, so that two processes never run it twice. */
async function runOnce(
  tx: Transaction<Tables>,
  store: Store,
  migrations: readonly Migration[],
  step: Migration,
  world: Pick<World, 'now'>,
): Promise<boolean> {
  if (store.engine.migrationLock) await sql.raw(store.engine.migrationLock).execute(tx)
  await sql`create table if not exists migrations (name text primary key, checksum text not null, applied_at text not null)`.execute(
    tx,
  )
  const recorded = await readRecorded(tx)
  await checkRecorded(recorded, migrations)
  if (recorded.some((it) => it.name === step.name)) return false
  await step.up(tx as unknown as Kysely<unknown>, store.engine)
  const checksum = await checksumOf(step)
  await sql`insert into migrations (name, checksum, applied_at) values (${step.name}, ${checksum}, ${isoTime(world.now())})`.execute(
    tx,
  )
  return true
}

async function readRecorded(db: Kysely<Tables>): Promise<Recorded[]> {
  return (await sql<Recorded>`select name, checksum from migrations order by name`.execute(db)).rows
}

async function checkRecorded(recorded: readonly Recorded[], migrations: readonly Migration[]): Promise<void> {
  for (const { name, checksum } of recorded) {
    const step = migrations.find((it) => it.name === name)
    if (!step) throw newerError(name)
    if ((await checksumOf(step)) !== checksum) throw changedError(name)
  }
}

/** A hash of the file's text; how lines end depends on the checkout, so that is left out. */
async function checksumOf(step: Migration): Promise<string> {
  const text = await readFile(step.file, 'utf8')
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}

function newerError(name: string): PosthornError {
  return new PosthornError('migration', `the database holds the migration ${name}, which this Posthorn does not know`, {
    temporary: false,
    hint: 'Start the newer Posthorn that made it, or restore the backup from before.',
  })
}

function changedError(name: string): PosthornError {
  return new PosthornError(
    'migration',
    `the file migrations/${name}.ts is not the one that this database was made with`,
    {
      temporary: false,
      hint: 'Restore the file as it was released; what should change goes into a new migration.',
    },
  )
}
