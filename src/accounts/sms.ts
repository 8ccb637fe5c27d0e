import { createHmac } from 'node:crypto'
import { isoTime } from '../core/world.ts'
import {
  type ChallengeRow,
  countTry,
  findChallengeOf,
  insertChallenge,
  takeChallenge,
} from '../store/accounts/challenges.ts'
import { deleteFactor, findFactor, writeFactor } from '../store/accounts/factors.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import type { Session } from './sessions.ts'
import { payForSms } from './sms-budget.ts'
import { isSame } from './tokens.ts'

/** Milliseconds; NIST SP 800-63B-4, 3.1.3: ten minutes at the most. */
const CODE_LIFE = 10 * 60_000
/** Wrong answers that one code outlives. */
const TRIES = 5
/** E.164: a plus, the country, at most 15 digits. */
const NUMBER = /^\+[1-9]\d{7,14}$/

/** What a code is for: to prove a number, or to sign in. It is good for that, and in the session that asked, alone. */
export type SmsUse = 'prove' | 'enter'

/** What the message says, in somebody's language. */
export type SmsText = (code: string, reference: string) => string

export type SmsAsked =
  | { kind: 'sent' }
  /** Nothing that a message can be sent to. */
  | { kind: 'number' }
  /** Too many messages; milliseconds before there is a next one. */
  | { kind: 'limit'; wait: number }
  /** The gateway did not take it. `why` and the masked number are for the log. */
  | { kind: 'failed'; why: string; to: string }

/** Sends a code to a number that somebody wants to use, to prove that they read there. */
export async function askNumber(
  ctx: AccountContext,
  session: Session,
  wish: { number: string; text: SmsText },
  visit: Visit,
): Promise<SmsAsked> {
  const number = readNumber(wish.number)
  const allowed = ctx.sms?.prefixes ?? []
  if (number === null || (allowed.length > 0 && !allowed.some((it) => number.startsWith(it)))) return { kind: 'number' }
  return await sendCode(ctx, session, { use: 'prove', number, text: wish.text }, visit)
}

/** Sends a code to the number that somebody has proven, to sign in. */
export async function askCode(ctx: AccountContext, session: Session, text: SmsText, visit: Visit): Promise<SmsAsked> {
  const number = await provenNumber(ctx.store.db, session.personId)
  return number === null ? { kind: 'number' } : await sendCode(ctx, session, { use: 'enter', number, text }, visit)
}

/** '+45 20 12-34 56' and '004520123456' → '+4520123456'; null where it is no number with its country. */
export function readNumber(typed: string): string | null {
  const number = typed.replace(/[\s().\-/]/g, '').replace(/^00/, '+')
  return NUMBER.test(number) ? number : null
}

/** '+45••••••56': enough to know one's own number by. */
export function maskNumber(number: string): string {
  return `${number.slice(0, 3)}${'•'.repeat(Math.max(0, number.length - 5))}${number.slice(-2)}`
}

/** The number that somebody has proven; null where there is none. */
export async function provenNumber(db: Db, personId: string): Promise<string | null> {
  const factor = await findFactor(db, personId, 'sms')
  return factor && factor.confirmed_at !== null ? factor.secret : null
}

interface Sending {
  use: SmsUse
  number: string
  text: SmsText
}

/** The gateway is asked between two transactions: no network in one. */
async function sendCode(ctx: AccountContext, session: Session, wish: Sending, visit: Visit): Promise<SmsAsked> {
  const { sms, store, world } = ctx
  const { use, number } = wish
  if (!sms) return { kind: 'failed', why: "there is no 'sms' in the configuration", to: maskNumber(number) }
  const id = world.id()
  // 48 bits for 20: each code is as likely as the others but for one in 281 million.
  const code = String(world.secret(6).readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
  const reference = String((world.secret(4).readUInt32BE() % 9_000) + 1_000)
  const wait = await store.transaction(async (tx) => {
    const payer = { number, personId: session.personId, network: visit.network }
    const over = await payForSms(tx, ctx, payer, sms.perDay)
    if (over > 0) return over
    const data = { number, reference, hash: hashOf(ctx.policy.secrets[0], id, code) }
    await insertChallenge(tx, { ...challengeOf(ctx, session, use), id, data: JSON.stringify(data) })
    return 0
  })
  if (wait > 0) return { kind: 'limit', wait }
  const sent = await sms.send(number, wish.text(code, reference))
  if (sent.kind === 'sent') return sent
  await store.transaction(async (tx) => await takeChallenge(tx, id))
  return { ...sent, to: maskNumber(number) }
}

function challengeOf({ world }: AccountContext, session: Session, use: SmsUse) {
  const now = world.now()
  const [created_at, expires_at] = [isoTime(now), isoTime(now + CODE_LIFE)]
  return { kind: kindOf(session, use), person_id: session.personId, tries: 0, created_at, expires_at }
}

/** A code that was sent and waits to be typed. */
export interface SentCode {
  /** Masked. */
  to: string
  /** Stands in the message too, so that nobody types the code of another one. */
  reference: string
}

/** The last code that was sent in this session; null where there is none, its time is over, or it was tried too often. */
export async function sentCode(db: Db, ctx: AccountContext, session: Session, use: SmsUse): Promise<SentCode | null> {
  const row = await findSent(db, ctx, session, use)
  if (!row || row.tries >= TRIES) return null
  const { number, reference } = dataOf(row)
  return { to: maskNumber(number), reference }
}

export type CodeChecked =
  | { kind: 'right'; number: string }
  | { kind: 'wrong' }
  /** It is over, or was tried too often: only a new one helps. */
  | { kind: 'over' }

/** Checks a code that somebody has typed. Each try counts, also of several at the same moment; a right one is gone with that. */
export async function checkSmsCode(
  tx: Db,
  ctx: AccountContext,
  session: Session,
  use: SmsUse,
  typed: string,
): Promise<CodeChecked> {
  const row = await findSent(tx, ctx, session, use)
  if (!row || (await countTry(tx, row.id)) > TRIES) return { kind: 'over' }
  const { number, hash } = dataOf(row)
  const code = typed.replace(/\s/g, '')
  const right = ctx.policy.secrets.map((secret) => isSame(hashOf(secret, row.id, code), hash))
  if (!right.includes(true)) return { kind: row.tries + 1 >= TRIES ? 'over' : 'wrong' }
  return (await takeChallenge(tx, row.id)) ? { kind: 'right', number } : { kind: 'over' }
}

/** The number was proven: codes go there from now on, in the place of one before. */
export async function keepNumber(tx: Db, ctx: AccountContext, personId: string, number: string): Promise<void> {
  const at = isoTime(ctx.world.now())
  const row = {
    person_id: personId,
    kind: 'sms',
    secret: number,
    created_at: at,
    confirmed_at: at,
    last_step: null,
  } as const
  await writeFactor(tx, row)
}

/** Says whether there was a number. */
export async function removeNumber(tx: Db, personId: string): Promise<boolean> {
  return await deleteFactor(tx, personId, 'sms')
}

async function findSent(
  db: Db,
  { world }: AccountContext,
  session: Session,
  use: SmsUse,
): Promise<ChallengeRow | null> {
  return await findChallengeOf(db, kindOf(session, use), session.personId, isoTime(world.now()))
}

function dataOf({ data }: ChallengeRow): { number: string; reference: string; hash: string } {
  return JSON.parse(data) as { number: string; reference: string; hash: string }
}

function kindOf({ id }: Session, use: SmsUse): string {
  return `sms ${use} ${id}`
}

/** Six digits are guessed by whoever has read the database, so that the hash is made with a key. */
function hashOf(secret: string, id: string, code: string): string {
  return createHmac('sha256', secret).update(`posthorn:sms:${id}:${code}`).digest('base64url')
}
