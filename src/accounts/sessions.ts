import { isoTime } from '../core/world.ts'
import {
  deleteSession,
  deleteSessions,
  findSession,
  insertSession,
  listSessions,
  type SessionRow,
  updateSession,
} from '../store/accounts/sessions.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import { hashToken, isToken, newToken } from './tokens.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * How long a session lasts (OWASP ASVS 5.0, 7.3.1 and 7.3.2): 12 hours without use, 7 days in all; 15 minutes to come up with
 * the second factor. 15 minutes after somebody proved themselves, sensitive changes ask for it anew (7.5.3).
 */
export const SESSION_LIFE = { idle: 12 * HOUR, whole: 7 * DAY, unfinished: 15 * MINUTE, proven: 15 * MINUTE }
/** A session's last use is written down at most once in this time. */
const SEEN_EVERY = MINUTE

/** How somebody proved themselves. */
export type Way = 'password' | 'link' | 'passkey' | 'identity' | 'totp' | 'sms' | 'emergency' | 'device'

export interface Session {
  id: string
  personId: string
  stage: SessionRow['stage']
  ways: Way[]
  device: string
  network: string
  /** ISO 8601 UTC. */
  createdAt: string
  seenAt: string
  provenAt: string
}

/** Begins a session. The token is for its cookie alone; only its hash is kept. */
export async function beginSession(
  tx: Db,
  ctx: Pick<AccountContext, 'world'>,
  who: { personId: string; stage: Session['stage']; ways: Way[]; visit: Visit },
): Promise<{ token: string; session: Session }> {
  const { token, hash } = newToken(ctx.world)
  const now = ctx.world.now()
  const at = isoTime(now)
  const row = {
    id: ctx.world.id(),
    token_hash: hash,
    person_id: who.personId,
    stage: who.stage,
    ways: who.ways.join(),
    ...who.visit,
    created_at: at,
    seen_at: at,
    proven_at: at,
    expires_at: isoTime(now + lifeOf(who.stage, 0)),
  }
  await insertSession(tx, row)
  return { token, session: sessionOf(row) }
}

/** The session of a cookie, or null where there is none any more. Notes its use. */
export async function resumeSession(
  ctx: Pick<AccountContext, 'world' | 'store'>,
  token: unknown,
): Promise<Session | null> {
  if (!isToken(token)) return null
  const { db } = ctx.store
  const now = ctx.world.now()
  const row = await findSession(db, hashToken(token), isoTime(now))
  if (!row) return null
  if (row.stage === 'full' && now - Date.parse(row.seen_at) >= SEEN_EVERY) {
    const age = now - Date.parse(row.created_at)
    await updateSession(db, row.id, { seen_at: isoTime(now), expires_at: isoTime(now + lifeOf('full', age)) })
  }
  return sessionOf(row)
}

/**
 * Brings a session further: the second factor came, or the person proved themselves anew. It gets a new token, so that one
 * that somebody else planted or saw before is worth nothing (ASVS 7.2.4).
 */
export async function raiseSession(
  tx: Db,
  ctx: Pick<AccountContext, 'world'>,
  session: Session,
  to: { stage: Session['stage']; way: Way },
): Promise<{ token: string; session: Session }> {
  const { token, hash } = newToken(ctx.world)
  const now = ctx.world.now()
  const ways = session.ways.includes(to.way) ? session.ways : [...session.ways, to.way]
  await updateSession(tx, session.id, {
    token_hash: hash,
    stage: to.stage,
    ways: ways.join(),
    seen_at: isoTime(now),
    proven_at: isoTime(now),
    expires_at: isoTime(now + lifeOf(to.stage, now - Date.parse(session.createdAt))),
  })
  return { token, session: { ...session, stage: to.stage, ways, seenAt: isoTime(now), provenAt: isoTime(now) } }
}

/** Whether the person has proven themselves lately enough for a sensitive change. */
export function isProven(ctx: Pick<AccountContext, 'world'>, session: Session): boolean {
  return session.stage === 'full' && ctx.world.now() - Date.parse(session.provenAt) < SESSION_LIFE.proven
}

/** A person's sessions that have not ended, the last used first. */
export async function sessionsOf(ctx: Pick<AccountContext, 'world' | 'store'>, personId: string): Promise<Session[]> {
  return (await listSessions(ctx.store.db, personId, isoTime(ctx.world.now()))).map(sessionOf)
}

/** Ends one session. Says whether it was this person's. */
export async function endSession(tx: Db, personId: string, id: string): Promise<boolean> {
  return await deleteSession(tx, personId, id)
}

/** Ends all sessions of a person but one, where it is named. */
export async function endSessions(tx: Db, personId: string, except: string | null): Promise<number> {
  return await deleteSessions(tx, personId, except)
}

/** Milliseconds from now on; `age`: how long it has lasted already. */
function lifeOf(stage: Session['stage'], age: number): number {
  return stage === 'full' ? Math.min(SESSION_LIFE.idle, SESSION_LIFE.whole - age) : SESSION_LIFE.unfinished
}

function sessionOf(row: Omit<SessionRow, 'token_hash' | 'expires_at'>): Session {
  return {
    id: row.id,
    personId: row.person_id,
    stage: row.stage,
    ways: row.ways.split(',') as Way[],
    device: row.device,
    network: row.network,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    provenAt: row.proven_at,
  }
}
