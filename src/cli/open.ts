import type { Command } from 'commander'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { type Log, makeLog } from '../core/log.ts'
import { openStore, type Store } from '../store/open.ts'

/** Where the configuration is looked for when nobody says. */
export const DEFAULT_CONFIG = 'posthorn.yaml'

/** Adds `--config FILE` to a command that needs the configuration. */
export function withConfigOption(command: Command): Command {
  return command.option('-c, --config <file>', 'the configuration', process.env.POSTHORN_CONFIG ?? DEFAULT_CONFIG)
}

export interface Opened {
  config: Config
  store: Store
  log: Log
}

/** Opens configuration and store for one command and closes them behind it. The database must be migrated: `posthorn migrate`. */
export async function withStore<T>(path: string, work: (opened: Opened) => Promise<T>): Promise<T> {
  const config = loadConfig(path, process.env)
  const log = makeLog(config.log.level)
  const store = await openStore(config.database, config.dataFolder, log, { blobInline: config.limits.blobInline })
  try {
    return await work({ config, store, log })
  } finally {
    await store.close()
  }
}

/** Prints one JSON object a line: stdout holds nothing else, so that scripts can read it. */
export function printJson(rows: readonly object[]): void {
  for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
}

/**
 * Prints rows as a table: a column for each key of the first row, as wide as its widest value, at most `widest` characters.
 * `header` false: it carries on a table that was begun.
 */
export function printTable(rows: readonly Record<string, unknown>[], widest = 60, header = true): void {
  const keys = Object.keys(rows[0] ?? {})
  const text = (value: unknown) =>
    (value === null || value === undefined ? '' : String(value)).replace(/\s+/g, ' ').slice(0, widest)
  const widths = keys.map((key) => Math.max(key.length, ...rows.map((row) => text(row[key]).length)))
  const line = (cells: string[]) =>
    `${cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()}\n`
  if (header) process.stdout.write(line(keys))
  for (const row of rows) process.stdout.write(line(keys.map((key) => text(row[key]))))
}
