import { createHmac } from 'node:crypto'
import { type Challenge, createChallenge, type Solution, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { isoTime } from '../core/world.ts'
import { insertSpentChallenge } from '../store/accounts/challenges.ts'
import type { AccountContext } from './context.ts'
import { isSame } from './tokens.ts'

/** How long somebody may look at a form before it is to be asked anew, in milliseconds. */
export const EFFORT_LIFE = 30 * 60_000
/** PBKDF2 rounds of one try. Of 256 tries one is right, on average: less than half a second of work, and a millisecond to check. */
const ROUNDS = 10_000
const KEY_PREFIX = '00'

const QUESTION = /^([A-Za-z0-9_-]{22})\.([a-z0-9]{1,12})\.([A-Za-z0-9_-]{43})$/

/** What a form asks of whoever sends it, so that a thousand mails cannot be asked for in a second. */
export interface Task {
  /** JSON: ALTCHA's challenge, which a script works on while somebody types. */
  challenge: string
  /** For whoever has no script: how much are these two? */
  sum: [number, number]
  /** Goes along with the answer. */
  question: string
}

type Ctx = Pick<AccountContext, 'world' | 'policy'>

/** Makes a task. Nothing is kept of it: it is signed. */
export async function makeTask(ctx: Ctx): Promise<Task> {
  const until = ctx.world.now() + EFFORT_LIFE
  const [secret] = ctx.policy.secrets
  const challenge = await createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: ROUNDS,
    keyPrefix: KEY_PREFIX,
    deriveKey,
    hmacSignatureSecret: keyOf(secret),
    // Not its own expiresAt, which is compared with another clock.
    data: { until },
  })
  const [a = 0, b = 0] = ctx.world.secret(2)
  const sum: [number, number] = [1 + (a % 9), 1 + (b % 9)]
  const nonce = ctx.world.secret(16).toString('base64url')
  const end = until.toString(36)
  const question = `${nonce}.${end}.${sign(secret, nonce, end, sum[0] + sum[1])}`
  return { challenge: JSON.stringify(challenge), sum, question }
}

/** What came back: the proof of a script (JSON: the challenge and its solution), or an answer to the question. '': nothing. */
export interface Effort {
  proof: string
  question: string
  answer: string
}

export type Judged =
  | { kind: 'made'; effort: 'proof' | 'question' }
  /** late: its time is over, or it was used before. */
  | { kind: 'unmade'; why: 'missing' | 'wrong' | 'late' }

/** Judges what came back, and spends it: each counts once, and a question is answered once, rightly or not. */
export async function judgeEffort(
  ctx: Pick<AccountContext, 'store' | 'world' | 'policy'>,
  it: Effort,
): Promise<Judged> {
  if (it.proof !== '') return await judgeProof(ctx, it.proof)
  if (it.answer === '') return { kind: 'unmade', why: 'missing' }
  const [, nonce, end, given] = QUESTION.exec(it.question) ?? []
  if (nonce === undefined || end === undefined || given === undefined) return { kind: 'unmade', why: 'wrong' }
  const answer = /^\d{1,2}$/.test(it.answer) ? Number(it.answer) : -1
  const right = ctx.policy.secrets.map((secret) => isSame(sign(secret, nonce, end, answer), given)).includes(true)
  if (!(await spend(ctx, nonce, Number.parseInt(end, 36)))) return { kind: 'unmade', why: 'late' }
  return right ? { kind: 'made', effort: 'question' } : { kind: 'unmade', why: 'wrong' }
}

async function judgeProof(ctx: Pick<AccountContext, 'store' | 'world' | 'policy'>, text: string): Promise<Judged> {
  const proof = readProof(text)
  if (!proof) return { kind: 'unmade', why: 'wrong' }
  const { nonce, data } = proof.challenge.parameters
  for (const secret of ctx.policy.secrets) {
    const { verified } = await verifySolution({ ...proof, deriveKey, hmacSignatureSecret: keyOf(secret) })
    if (!verified) continue
    const isFirst = await spend(ctx, nonce, Number(data?.until))
    return isFirst ? { kind: 'made', effort: 'proof' } : { kind: 'unmade', why: 'late' }
  }
  return { kind: 'unmade', why: 'wrong' }
}

/** Whether a nonce may still be used, for the first time. The times are signed, so that nobody can make one last. */
async function spend({ store, world }: Pick<AccountContext, 'store' | 'world'>, nonce: string, until: number) {
  const now = world.now()
  if (!(until > now && until <= now + EFFORT_LIFE)) return false
  return await insertSpentChallenge(store.db, {
    id: `effort ${nonce}`,
    kind: 'effort',
    person_id: null,
    data: '{}',
    tries: 0,
    created_at: isoTime(now),
    expires_at: isoTime(until),
  })
}

/** The shape alone; whether it is ours, its signature says. */
function readProof(text: string): { challenge: Challenge; solution: Solution } | null {
  try {
    const { challenge, solution } = JSON.parse(text) as { challenge?: Partial<Challenge>; solution?: Solution }
    const { parameters, signature } = challenge ?? {}
    if (typeof parameters !== 'object' || typeof signature !== 'string' || typeof solution !== 'object') return null
    if (parameters === null || solution === null || typeof parameters.nonce !== 'string') return null
    return { challenge: { parameters, signature }, solution }
  } catch {
    // No JSON, or none with such parts: nothing that our script sends.
    return null
  }
}

function keyOf(secret: string): string {
  return createHmac('sha256', secret).update('posthorn:effort').digest('base64url')
}

function sign(secret: string, nonce: string, end: string, answer: number): string {
  return createHmac('sha256', keyOf(secret)).update(`question:${nonce}:${end}:${answer}`).digest('base64url')
}
