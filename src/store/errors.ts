import Database from 'better-sqlite3'
import pg from 'pg'
import { PosthornError } from '../core/errors.ts'

/** What a failing database is called here: the codes of the PosthornErrors that leave the store. */
export type StoreErrorCode =
  | 'unique'
  | 'constraint'
  | 'disk-full'
  | 'connection'
  | 'busy'
  | 'schema'
  | 'login'
  | 'read-only'
  | 'corrupt'
  | 'aborted'
  | 'store'

interface Kind {
  code: StoreErrorCode
  temporary: boolean
  hint?: string
}

const UNIQUE: Kind = { code: 'unique', temporary: false }
const CONSTRAINT: Kind = { code: 'constraint', temporary: false }
const BUSY: Kind = { code: 'busy', temporary: true }
const CONNECTION: Kind = { code: 'connection', temporary: true }
const ABORTED: Kind = { code: 'aborted', temporary: true }
const UNKNOWN: Kind = { code: 'store', temporary: true }
const DISK_FULL: Kind = { code: 'disk-full', temporary: true, hint: 'Make room on the disk of the database.' }
const SCHEMA: Kind = { code: 'schema', temporary: false, hint: 'Run `posthorn migrate`.' }
const LOGIN: Kind = { code: 'login', temporary: false, hint: 'Check `database` in the configuration.' }
const READ_ONLY: Kind = {
  code: 'read-only',
  temporary: false,
  hint: 'Check who owns the database file and its folder.',
}
const CORRUPT: Kind = { code: 'corrupt', temporary: false, hint: 'Restore the database from a backup.' }

/** By the driver's code, or its beginning; the longest match counts. SQLite's result codes, SQLSTATEs, Node's system errors. */
const KINDS: Record<string, Kind> = {
  SQLITE_CONSTRAINT_UNIQUE: UNIQUE,
  SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE,
  SQLITE_CONSTRAINT: CONSTRAINT,
  SQLITE_FULL: DISK_FULL,
  SQLITE_BUSY: BUSY,
  SQLITE_LOCKED: BUSY,
  SQLITE_READONLY: READ_ONLY,
  SQLITE_CORRUPT: CORRUPT,
  SQLITE_NOTADB: CORRUPT,
  SQLITE_CANTOPEN: { ...READ_ONLY, code: 'connection' },
  SQLITE_ERROR: UNKNOWN,
  '23505': UNIQUE,
  '23': CONSTRAINT,
  '53100': DISK_FULL,
  '53300': CONNECTION,
  '40001': BUSY,
  '40P01': BUSY,
  '55P03': BUSY,
  '08': CONNECTION,
  '57P': CONNECTION,
  '28': LOGIN,
  '3D000': LOGIN,
  '42P01': SCHEMA,
  '42703': SCHEMA,
  '0A000': { ...SCHEMA, temporary: true },
  '25006': READ_ONLY,
  '25P02': ABORTED,
  XX001: CORRUPT,
  XX002: CORRUPT,
  ENOSPC: DISK_FULL,
  EDQUOT: DISK_FULL,
  EROFS: READ_ONLY,
  EACCES: READ_ONLY,
  ECONNREFUSED: CONNECTION,
  ECONNRESET: CONNECTION,
  EPIPE: CONNECTION,
  ETIMEDOUT: CONNECTION,
  EHOSTUNREACH: CONNECTION,
  ENOTFOUND: CONNECTION,
  EAI_AGAIN: CONNECTION,
  ENOENT: CONNECTION,
}

/** A driver's or file system's error as a PosthornError that says what was being done. PosthornErrors pass unchanged. */
export function storeError(error: unknown, doing: string): PosthornError {
  if (error instanceof PosthornError) return error
  const { code, temporary, hint } = kindOf(error)
  const message = error instanceof Error ? error.message || error.name : String(error)
  return new PosthornError(code, `database: ${message} (${doing.replace(/\s+/g, ' ').slice(0, 120)})`, {
    temporary,
    cause: error,
    ...(hint ? { hint } : {}),
  })
}

/** Whether a row was refused because its key is taken. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof PosthornError && error.code === 'unique'
}

function kindOf(error: unknown): Kind {
  if (!(error instanceof Error)) return UNKNOWN
  if (error instanceof Database.SqliteError && /^no such (?:table|column)/.test(error.message)) return SCHEMA
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  for (let length = code.length; length >= 2; length -= 1) {
    const kind = KINDS[code.slice(0, length)]
    if (kind) return kind
  }
  // pg says these without a code.
  const lost =
    /^Connection terminated|^timeout exceeded when trying to connect|connection error and is not queryable/.test(
      error.message,
    )
  return lost && !(error instanceof pg.DatabaseError) ? CONNECTION : UNKNOWN
}
