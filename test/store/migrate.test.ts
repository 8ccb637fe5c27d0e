import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Kysely, sql } from 'kysely'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MIGRATIONS, type Migration } from '../../migrations/index.ts'
import { quietLog } from '../../src/core/log.ts'
import { migrate, pendingMigrations } from '../../src/store/migrate.ts'
import { openStore } from '../../src/store/open.ts'
import { engines, openTestStore, type TestStore } from '../support/databases.ts'

const folder = mkdtempSync(join(tmpdir(), 'posthorn-migrations-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A migration whose file holds `text`. */
function migration(name: string, up: Migration['up'], text = name): Migration {
  const path = join(folder, `${name}.ts`)
  writeFileSync(path, text)
  return { name, file: pathToFileURL(path), up }
}

const addTable = (table: string) =>
  migration(`make_${table}`, async (db: Kysely<unknown>) => {
    await db.schema.createTable(table).addColumn('id', 'integer').execute()
  })

describe.each(engines)('migrations on %s', (engine) => {
  let store: TestStore
  beforeEach(async () => {
    store = await openTestStore(engine, { migrated: false })
  })
  afterEach(async () => await store.close())

  const names = MIGRATIONS.map((it) => it.name)

  it('make the tables, once', async () => {
    expect(await pendingMigrations(store)).toEqual(names)
    expect(await migrate(store)).toEqual(names)
    expect(await pendingMigrations(store)).toEqual([])
    expect(await migrate(store)).toEqual([])
    expect(await store.db.selectFrom('cases').selectAll().execute()).toEqual([])
  })

  it('run once when two programs start at the same time', async () => {
    const other = await openStore(store.config, store.dataFolder, quietLog)
    const done = await Promise.all([migrate(store), migrate(other)])
    await other.close()
    expect(done.flat().sort()).toEqual(names)
  })

  it('carry on where an earlier version stopped', async () => {
    const [first, second] = [addTable('first'), addTable('second')]
    expect(await migrate(store, { migrations: [first] })).toEqual(['make_first'])
    expect(await pendingMigrations(store, { migrations: [first, second] })).toEqual(['make_second'])
    expect(await migrate(store, { migrations: [first, second] })).toEqual(['make_second'])
  })

  it('leave nothing of one that fails, and keep those before it', async () => {
    const good = addTable('good')
    const bad = migration('bad', async (db) => {
      await db.schema.createTable('half').addColumn('id', 'integer').execute()
      throw new Error('the second half failed')
    })
    await expect(migrate(store, { migrations: [good, bad] })).rejects.toThrow('the second half failed')
    expect(await pendingMigrations(store, { migrations: [good, bad] })).toEqual(['bad'])
    await expect(sql`select id from half`.execute(store.db)).rejects.toMatchObject({ code: 'schema' })
  })

  it('refuse a database from a newer version', async () => {
    await migrate(store, { migrations: [addTable('old'), addTable('new')] })
    const older = { migrations: [addTable('old')] }
    const refused = { code: 'migration', temporary: false, message: expect.stringContaining('make_new') }
    await expect(migrate(store, older)).rejects.toMatchObject(refused)
    await expect(pendingMigrations(store, older)).rejects.toMatchObject(refused)
  })

  it('refuse a file that was changed after it ran, but not other line ends', async () => {
    const up = async () => undefined
    await migrate(store, { migrations: [migration('step', up, 'one\ntwo\n')] })
    expect(await migrate(store, { migrations: [migration('step', up, 'one\r\ntwo\r\n')] })).toEqual([])
    await expect(migrate(store, { migrations: [migration('step', up, 'one\nthree\n')] })).rejects.toMatchObject({
      code: 'migration',
      message: expect.stringContaining('step.ts'),
    })
  })
})
