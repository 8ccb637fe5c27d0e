import type { Leaving } from '../decision/leave.ts'
import type { Message } from '../message/message.ts'
import { isLeaveKey, readLeaveKeys, type Secrets } from '../model/thread-key.ts'
import { findCaseByNumber } from '../store/cases.ts'
import { listParticipants } from '../store/participants.ts'
import type { Db } from '../store/schema.ts'
import { followMerges } from './follow.ts'

/** Whose key to leave a case a mail carries, in an address or in its subject; also of somebody who has left already. */
export async function findLeaving(db: Db, secrets: Secrets, message: Message): Promise<Leaving | null> {
  const addresses = [
    ...message.to.map((it) => it.address),
    ...message.cc.map((it) => it.address),
    ...message.deliveredTo,
  ]
  for (const key of readLeaveKeys(addresses, message.subject)) {
    const it = await findCaseByNumber(db, key.caseNumber)
    if (!it) continue
    // Who was in a case that was merged takes part in the other one.
    const { id: caseId, number } = await followMerges(db, it)
    const people = await listParticipants(db, caseId)
    const found = people.find(({ personId }) => isLeaveKey(secrets, key, personId))
    if (found) return { caseId, number, personId: found.personId }
  }
  return null
}
