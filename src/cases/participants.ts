import { isoTime } from '../core/world.ts'
import type { Trust } from '../decision/decision.ts'
import { namedPeople } from '../decision/participants.ts'
import { type Address, withoutTag } from '../model/address.ts'
import type { Case } from '../model/case.ts'
import type { ParticipantPolicy } from '../model/policy.ts'
import { joinCase, listParticipants, markLeft } from '../store/participants.ts'
import { findPeople, findPersonByAddress, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { logChanges } from './change.ts'
import { findOrMakeContact } from './contact.ts'
import type { CaseContext } from './context.ts'

/** Somebody names people who should take part in a case. */
export interface Naming {
  /** Who names them, for the change log. */
  actor: string
  /** An agent's word also brings back those who left. */
  byAgent: boolean
  people: readonly Address[]
  /** Of the mail; 'verified' for what an agent orders. */
  trust: Trust
  policy: ParticipantPolicy
}

/**
 * Lets those take part in a case whom the policy admits: never one of our own addresses, never an agent, never more than
 * `policy.most`, and nobody who left, but on an agent's word. They hear of public comments from now on, and of nothing
 * that was said before. Those who are new come back.
 */
export async function addParticipants(tx: Db, ctx: CaseContext, it: Case, naming: Naming): Promise<Person[]> {
  const { policy, trust, people } = naming
  if (policy.policy === 'off' || people.length === 0) return []
  const [contact] = await findPeople(tx, [it.contactId])
  const own = new Set(ctx.policy.mailboxes.map((mailbox) => withoutTag(mailbox.address)))
  const named = namedPeople(people, { policy: policy.policy, contact: contact?.address ?? '', own, trust })
  if (named.length === 0) return []
  const known = new Map((await listParticipants(tx, it.id)).map((one) => [one.personId, one.leftAt]))
  let room = policy.most - [...known.values()].filter((leftAt) => leftAt === null).length
  const joined: Person[] = []
  for (const address of named) {
    if (room <= 0) break
    const person = await newcomer(tx, ctx, it, address, known, naming.byAgent)
    if (!person || !(await joinCase(tx, it.id, person.id, isoTime(ctx.world.now())))) continue
    known.set(person.id, null)
    joined.push(person)
    room -= 1
  }
  await logChanges(
    tx,
    ctx,
    it.id,
    naming.actor,
    joined.map((person) => ({ what: 'participant', to: person.address })),
  )
  return joined
}

/** The person behind an address, or null where they cannot join: an agent, the contact, there already, gone for good. */
async function newcomer(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  address: Address,
  known: ReadonlyMap<string, string | null>,
  byAgent: boolean,
): Promise<Person | null> {
  const before = await findPersonByAddress(tx, address.address)
  if (!before) return await findOrMakeContact(tx, ctx, address, null)
  if (before.kind === 'agent' || before.id === it.contactId) return null
  const leftAt = known.get(before.id)
  if (leftAt === undefined) return before
  return leftAt !== null && byAgent ? before : null
}

/**
 * Takes a participant out of a case: no more mail about it, and what they write with its key is held like a stranger's.
 * Nobody is told; the change log says so. Says whether they took part until now: leaving twice is leaving once.
 */
export async function leaveCase(tx: Db, ctx: CaseContext, caseId: string, personId: string): Promise<boolean> {
  const left = await markLeft(tx, caseId, personId, isoTime(ctx.world.now()))
  if (!left) return false
  const [person] = await findPeople(tx, [personId])
  const from = person?.address ?? null
  await logChanges(tx, ctx, caseId, person?.name ?? 'posthorn', [{ what: 'participant', from }])
  return true
}
