import type { Stopping } from '../decision/stop.ts'
import type { Message } from '../message/message.ts'
import { findStopKey, type Secrets } from '../model/thread-key.ts'
import { findPeople } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { addressed } from './find-leaving.ts'

/** Which topic a mail ends, and for whom, by a key in an address or in its subject. A key of somebody who is gone is none. */
export async function findStopping(db: Db, secrets: Secrets, message: Message): Promise<Stopping | null> {
  const found = findStopKey(secrets, addressed(message), message.subject)
  if (!found) return null
  const [person] = await findPeople(db, [found.personId])
  return person ? found : null
}
