import type { Kysely } from 'kysely'
import * as mainRoad from './0001_main_road.ts'
import * as mailboxTrust from './0002_mailbox_trust.ts'
import * as agentsByMail from './0003_agents_by_mail.ts'
import * as participantsAndBudgets from './0004_participants_and_budgets.ts'
import * as bouncesAndHolds from './0005_bounces_and_holds.ts'
import * as telling from './0006_telling.ts'
import * as accounts from './0007_accounts.ts'

/** A step from one shape of the tables to the next. One file serves both engines; there is no way back. */
export interface Migration {
  /** The file's name without its ending. */
  name: string
  /** Where its text is, for the checksum. */
  file: URL
  up(db: Kysely<unknown>, engine: { blob: 'blob' | 'bytea' }): Promise<void>
}

/** All migrations in their order. A new one is added at the end; one that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [
  migration('0001_main_road', mainRoad.up),
  migration('0002_mailbox_trust', mailboxTrust.up),
  migration('0003_agents_by_mail', agentsByMail.up),
  migration('0004_participants_and_budgets', participantsAndBudgets.up),
  migration('0005_bounces_and_holds', bouncesAndHolds.up),
  migration('0006_telling', telling.up),
  migration('0007_accounts', accounts.up),
]

function migration(name: string, up: Migration['up']): Migration {
  return { name, file: new URL(`./${name}.ts`, import.meta.url), up }
}
