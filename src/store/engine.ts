/**
 * Every difference between the engines that the rest of the store has to know, as a named capability.
 * What is not here is the same on both: ids and times are text, booleans 0 and 1, counts numbers, a failed statement
 * ends its transaction, and parameters are checked alike (parameters.ts).
 */
export interface Engine {
  readonly name: 'sqlite' | 'postgres'
  /** The column type for bytes. */
  readonly blob: 'blob' | 'bytea'
  /** Run first in a transaction that migrates, so that only one process does; null where every transaction excludes the others. */
  readonly migrationLock: string | null
  /** Appended to a select whose rows are to be changed; '' where every transaction excludes the others. */
  readonly forUpdate: '' | ' for update'
  /** Run first in a transaction that claims due mails, so that only one worker counts and claims; null as above. */
  readonly claimLock: string | null
  /** Whether several transactions can be at work at once, so that one of them may have to start again. */
  readonly concurrent: boolean
}

export const SQLITE: Engine = {
  name: 'sqlite',
  blob: 'blob',
  migrationLock: null,
  forUpdate: '',
  claimLock: null,
  concurrent: false,
}

/** The locks' numbers are 'posthorn' in ASCII, and the next one: whatever else lives in that database has its own. */
export const POSTGRES: Engine = {
  name: 'postgres',
  blob: 'bytea',
  migrationLock: 'select pg_advisory_xact_lock(8101821198468346478)',
  forUpdate: ' for update',
  claimLock: 'select pg_advisory_xact_lock(8101821198468346479)',
  concurrent: true,
}
