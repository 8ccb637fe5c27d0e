import type { Leaving } from '../decision/leave.ts'
import type { Message } from '../message/message.ts'
import type { Case } from '../model/case.ts'
import { isLeaveKey, type LeaveKey, readLeaveKeys, type Secrets } from '../model/thread-key.ts'
import { findCaseByNumber } from '../store/cases.ts'
import { listParticipants, type Participant } from '../store/participants.ts'
import type { Db } from '../store/schema.ts'
import { followMerges } from './follow.ts'

export interface KeyHolder extends Participant {
  it: Case
}

/** Whose key to leave a case a mail carries, in an address or in its subject; also of somebody who has left already. */
export async function findLeaving(db: Db, secrets: Secrets, message: Message): Promise<Leaving | null> {
  for (const key of readLeaveKeys(addressed(message), message.subject)) {
    const found = await findByKey(db, secrets, key)
    if (found) return { caseId: found.it.id, number: found.it.number, personId: found.personId }
  }
  return null
}

/** Every address that a mail was sent to, as far as it says. */
export function addressed({ to, cc, deliveredTo }: Message): string[] {
  return [...to.map((it) => it.address), ...cc.map((it) => it.address), ...deliveredTo]
}

/** The case that a key is for and the participant it was given to, who may have left already; null where it is nobody's. */
export async function findByKey(db: Db, secrets: Secrets, key: LeaveKey): Promise<KeyHolder | null> {
  const named = await findCaseByNumber(db, key.caseNumber)
  if (!named) return null
  // Who was in a case that was merged takes part in the other one.
  const it = await followMerges(db, named)
  const people = await listParticipants(db, it.id)
  const found = people.find(({ personId }) => isLeaveKey(secrets, key, personId))
  return found ? { it, ...found } : null
}
