import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { quietLog } from '../src/core/log.ts'
import { isoTime, realWorld } from '../src/core/world.ts'
import { migrate } from '../src/store/migrate.ts'
import { openStore, type Store } from '../src/store/open.ts'

/**
 * CPU of writing rows in groups of 50, four a mail as intake does: the store against bare better-sqlite3 on
 * the same tables. `node bench/store.ts [groups]` prints microseconds a row and their ratio.
 */
const ROWS = 200
const groups = Number(process.argv[2] ?? 40)

type Row = ReturnType<typeof makeRow>

function makeRow() {
  const created_at = isoTime(realWorld.now())
  return { name: `${realWorld.id()} ${created_at}`, value: 1 }
}

/** CPU microseconds a row. */
async function measure(write: (rows: Row[]) => Promise<void>): Promise<number> {
  for (let i = 0; i < 3; i += 1) await write(Array.from({ length: ROWS }, makeRow))
  const batches = Array.from({ length: groups }, () => Array.from({ length: ROWS }, makeRow))
  const before = process.cpuUsage()
  for (const batch of batches) await write(batch)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (groups * ROWS)
}

function throughStore(store: Store) {
  return async (rows: Row[]) =>
    await store.transaction(async (tx) => {
      for (const row of rows) await tx.insertInto('counters').values(row).execute()
    })
}

function bare(database: Database.Database) {
  const insert = database.prepare('insert into counters (name, value) values (?, ?)')
  const all = database.transaction((rows: Row[]) => {
    for (const row of rows) insert.run(row.name, row.value)
  })
  return async (rows: Row[]) => all.immediate(rows)
}

const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
const path = join(folder, 'bench.db')
const store = await openStore({ engine: 'sqlite', path }, folder, quietLog)
await migrate(store)
const database = new Database(path)
database.pragma('synchronous = FULL')
const floor = await measure(bare(database))
const ours = await measure(throughStore(store))
const text = `bare ${floor.toFixed(1)} µs a row, store ${ours.toFixed(1)} µs, ratio ${(ours / floor).toFixed(1)}`
process.stdout.write(`${text} (${groups} groups of 50 mails, ${ROWS} rows each)\n`)
database.close()
await store.close()
rmSync(folder, { recursive: true })
