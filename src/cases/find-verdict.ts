import type { Answering } from '../decision/verdict.ts'
import type { Case } from '../model/case.ts'
import { isVerdictKey, type Verdict, type VerdictKey } from '../model/thread-key.ts'
import { findCaseByNumber, participantIds } from '../store/cases.ts'
import type { Db } from '../store/schema.ts'
import { listProposals, type Proposal } from '../store/solutions.ts'
import type { CasePolicy } from './context.ts'
import { followMerges } from './follow.ts'

/** What a key to say whether a solution helped is for. */
export interface KeyHolder extends Answering {
  it: Case
  verdict: Verdict
  /** When the key was given out: ISO 8601 UTC. */
  givenAt: string
}

const DAY = 86_400_000

/**
 * The case that a key is about, and the contact or participant it was given to; null where it is nobody's (any more). Whoever
 * was given a key and takes part may use it: the contact and participants alike, for each of them knows whether it helped.
 */
export async function findVerdict(db: Db, policy: CasePolicy, key: VerdictKey, now: number): Promise<KeyHolder | null> {
  const named = await findCaseByNumber(db, key.caseNumber)
  if (!named) return null
  const it = await followMerges(db, named)
  const proposals = await listProposals(db, it.id)
  const own = proposals.find(({ row }) => isVerdictKey(policy.secrets, key, row))
  if (!own?.personId) return null
  const role = await roleOf(db, it, own.personId)
  if (!role) return null
  const { verdict } = key
  const tooOld = policy.keyDays != null && Date.parse(own.at) < now - policy.keyDays * DAY
  const state = tooOld ? 'over' : stateOf(it, verdict, isNewest(own, proposals))
  return { it, verdict, givenAt: own.at, caseId: it.id, number: it.number, personId: own.personId, role, state }
}

async function roleOf(db: Db, it: Case, personId: string): Promise<KeyHolder['role'] | null> {
  if (it.contactId === personId) return 'contact'
  return (await participantIds(db, it.id)).includes(personId) ? 'participant' : null
}

/** Whether nothing was proposed since, to this person or to anybody. */
function isNewest(own: Proposal, proposals: Proposal[]): boolean {
  const toThem = proposals.findLast(({ personId }) => personId === own.personId)
  return toThem === own && proposals.at(-1)?.commentId === own.commentId
}

/** Whether a verdict can be given now, was given already, or comes too late: the case has gone on. */
function stateOf({ status, solution }: Case, verdict: Verdict, newest: boolean): Answering['state'] {
  if (!newest || !solution) return 'over'
  const finished = status === 'solved' || status === 'closed'
  if (solution.accepted === (verdict === 'yes')) return finished === (verdict === 'yes') ? 'done' : 'over'
  return status === 'solved' ? 'open' : 'over'
}
