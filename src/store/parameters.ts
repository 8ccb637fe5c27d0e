import { PosthornError } from '../core/errors.ts'

/**
 * Parameters as both engines can hold them, or an error: better-sqlite3 refuses booleans and dates where PostgreSQL takes
 * a date in silence, so both refuse them here. PostgreSQL cannot hold U+0000 in text, so both store U+FFFD instead.
 */
export function storableParameters(parameters: readonly unknown[], sql: string): unknown[] {
  return parameters.map((value, index) => storable(value, index, sql))
}

function storable(value: unknown, index: number, sql: string): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value
  if (value === null || typeof value === 'bigint' || value instanceof Uint8Array) return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new PosthornError(
    'parameter',
    `parameter ${index + 1} is ${kindOf(value)}, which is not stored, in: ${sql.slice(0, 200)}`,
    { temporary: false, hint: 'Times are ISO 8601 text, booleans 0 and 1, JSON text.' },
  )
}

function kindOf(value: unknown): string {
  if (value instanceof Date) return 'a Date'
  if (typeof value === 'object') return `an object (${value?.constructor?.name ?? 'without a class'})`
  return `${typeof value} ${String(value)}`
}
