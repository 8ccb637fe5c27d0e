import { NOTICE_KINDS } from '../model/notice.ts'
import { IN_DIGEST, type Topic, topicOf } from '../model/preferences.ts'
import type { Db, PersonTable } from './schema.ts'

/** Whom a digest matters to. */
export interface Waiters {
  /** How many people chose to read in it what they would else get at once. */
  people: number
  /** How many mails were not written since their last one, because it was to tell of them. */
  kept: number
}

/** What people may choose to read in a digest, and who they are; null: whoever they are. */
const SERVES: Readonly<Record<string, { topics: readonly Topic[]; kind: PersonTable['kind'] | null }>> = {
  agents: { topics: ['comments', 'solutions'], kind: 'agent' },
  contacts: { topics: ['comments', 'solutions'], kind: 'contact' },
  articles: { topics: ['areas'], kind: null },
}

/** Counts who waits for a digest, and for what. Once a digest is forgotten (forgetDigest), nothing is kept for it. */
export async function countWaiters(db: Db, digest: string): Promise<Waiters> {
  return { people: await countPeople(db, digest), kept: await countKept(db, digest) }
}

async function countPeople(db: Db, digest: string): Promise<number> {
  const { topics, kind } = servedBy(digest)
  const query = db
    .selectFrom('notification_preferences as choice')
    .innerJoin('people', 'people.id', 'choice.person_id')
    .select((eb) => eb.fn.count('choice.person_id').distinct().as('count'))
    .where('choice.topic', 'in', [...topics])
    .where('choice.mode', '=', 'digest')
  const row = await (kind === null ? query : query.where('people.kind', '=', kind)).executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Since somebody's own last digest, else since the schedule began. */
async function countKept(db: Db, digest: string): Promise<number> {
  const begun = await db
    .selectFrom('digest_runs')
    .select((eb) => eb.fn.min('at').as('at'))
    .where('digest', '=', digest)
    .executeTakeFirst()
  if (!begun?.at) return 0
  const { topics, kind } = servedBy(digest)
  const kinds = NOTICE_KINDS.filter((it) => topics.some((topic) => topic === topicOf(it)))
  const query = db
    .selectFrom('outbox')
    .innerJoin('people', 'people.id', 'outbox.person_id')
    .leftJoin('digest_marks as mark', (join) =>
      join.onRef('mark.person_id', '=', 'outbox.person_id').on('mark.digest', '=', digest),
    )
    .select((eb) => eb.fn.countAll().as('count'))
    .where('outbox.status', '=', 'suppressed')
    .where('outbox.kind', 'in', kinds)
    .where('outbox.last_error', 'like', `${IN_DIGEST}%`)
    .where((eb) => eb('outbox.created_at', '>=', eb.fn.coalesce('mark.at', eb.val(begun.at))))
  const row = await (kind === null ? query : query.where('people.kind', '=', kind)).executeTakeFirstOrThrow()
  return Number(row.count)
}

function servedBy(digest: string) {
  const serves = SERVES[digest]
  if (!serves) throw new Error(`there is no digest '${digest}'`)
  return serves
}
