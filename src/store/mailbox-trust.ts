import type { Selectable } from 'kysely'
import { isoTime } from '../core/world.ts'
import type { Db, MailboxTrustTable } from './schema.ts'

/** What a probe learned about the server of a mailbox. */
export interface LearnedServer {
  mailbox: string
  /** The name in its Authentication-Results ('unnamed' where it writes none); null where it writes no such header. */
  authservId: string | null
  /** What it reports on: 'dkim', 'spf', 'dmarc' … */
  methods: string[]
  /** Whether mail to local+anything@domain arrived. */
  plusAddress: boolean
  /** ISO 8601 UTC. */
  calibratedAt: string
}

/** What was learned about every mailbox, those that are gone from the configuration included. */
export async function listLearned(db: Db): Promise<LearnedServer[]> {
  const rows = await db.selectFrom('mailbox_trust').selectAll().orderBy('mailbox').execute()
  return rows.map(learnedOf)
}

/** Keeps what was learned in the place of what was learned before. `now`: milliseconds since 1970. */
export async function writeLearned(db: Db, learned: Omit<LearnedServer, 'calibratedAt'>, now: number): Promise<void> {
  const row = {
    authserv_id: learned.authservId,
    methods: learned.methods.join(' '),
    plus_address: learned.plusAddress ? 1 : 0,
    calibrated_at: isoTime(now),
  }
  await db
    .insertInto('mailbox_trust')
    .values({ mailbox: learned.mailbox, ...row })
    .onConflict((conflict) => conflict.column('mailbox').doUpdateSet(row))
    .execute()
}

function learnedOf(row: Selectable<MailboxTrustTable>): LearnedServer {
  return {
    mailbox: row.mailbox,
    authservId: row.authserv_id,
    methods: row.methods.split(' ').filter((method) => method !== ''),
    plusAddress: Number(row.plus_address) === 1,
    calibratedAt: row.calibrated_at,
  }
}
