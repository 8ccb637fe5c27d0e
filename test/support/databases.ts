import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { quietLog } from '../../src/core/log.ts'
import type { Engine } from '../../src/store/engine.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openStore, type Store } from '../../src/store/open.ts'

export type EngineName = Engine['name']

/** The engines of this run, for `describe.each(engines)`: PostgreSQL is left out where no server is found. */
export const engines: EngineName[] = inject('postgresSocket') ? ['sqlite', 'postgres'] : ['sqlite']

/** A store of its own, gone when it is closed; `config` and `dataFolder` open it a second time. */
export interface TestStore extends Store {
  config: Config['database']
  dataFolder: string
}

const TEMPLATE = 'posthorn_template'
/** Any number: who makes the template holds this lock. */
const TEMPLATE_LOCK = 4711

/** A fresh, migrated store; `migrated: false` gives an empty database. Close it at the end of the test file. */
export async function openTestStore(
  engine: EngineName,
  options: { migrated?: boolean; blobInline?: number } = {},
): Promise<TestStore> {
  const { migrated = true, ...rest } = options
  const dataFolder = mkdtempSync(join(tmpdir(), 'posthorn-store-'))
  const database = engine === 'sqlite' ? sqliteFile(dataFolder) : await postgresDatabase(migrated)
  const store = await openStore(database.config, dataFolder, quietLog, rest)
  if (migrated) await migrate(store)
  const close = async () => {
    await store.close()
    await database.drop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
  return { ...store, config: database.config, dataFolder, close }
}

interface TestDatabase {
  config: Config['database']
  drop(): Promise<void>
}

function sqliteFile(folder: string): TestDatabase {
  return { config: { engine: 'sqlite', path: join(folder, 'posthorn.db') }, drop: async () => undefined }
}

async function postgresDatabase(migrated: boolean): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await asAdmin(async (admin) => {
    if (migrated) await ensureTemplate(admin)
    await admin.query(`create database ${name} template ${migrated ? TEMPLATE : 'template0'}`)
  })
  return {
    config: { engine: 'postgres', url: urlOf(name) },
    drop: async () => await asAdmin(async (admin) => void (await admin.query(`drop database ${name} with (force)`))),
  }
}

/** Makes the migrated database that the others are copied from; the first test file that needs it does. */
async function ensureTemplate(admin: pg.Client): Promise<void> {
  await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
  try {
    const found = await admin.query('select 1 from pg_database where datname = $1', [TEMPLATE])
    if (found.rowCount === 0) await makeTemplate(admin)
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK])
  }
}

async function makeTemplate(admin: pg.Client): Promise<void> {
  const draft = `${TEMPLATE}_draft`
  await admin.query(`drop database if exists ${draft}`)
  await admin.query(`create database ${draft} template template0`)
  const store = await openStore({ engine: 'postgres', url: urlOf(draft) }, tmpdir(), quietLog)
  await migrate(store)
  await store.close()
  await admin.query(`alter database ${draft} rename to ${TEMPLATE}`)
}

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: urlOf('postgres') })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

function urlOf(database: string): string {
  return `postgres://postgres@/${database}?host=${encodeURIComponent(inject('postgresSocket'))}`
}
