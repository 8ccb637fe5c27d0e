import { PosthornError } from '../core/errors.ts'
import type { Language } from '../model/language.ts'
import { isTimeZone } from '../model/time-zone.ts'
import { findTimeZone, type Person, updatePerson } from '../store/people.ts'
import type { Db } from '../store/schema.ts'

/** How somebody reads what they are told. */
export interface Reading {
  /** null: that of the case, else of the mailbox. */
  language: Language | null
  /** IANA name: the clock that their digests go by; null: that of the configuration. */
  timeZone: string | null
}

/** In which language somebody is written to, and by which clock. */
export async function viewReading(db: Db, { id, language }: Person): Promise<Reading> {
  return { language, timeZone: await findTimeZone(db, id) }
}

/**
 * Writes a contact's language and time zone; what is not named stays. Throws 'no-such-time-zone', and 'in-configuration' for
 * agents, who are as the configuration says at each start.
 */
export async function setReading(
  tx: Db,
  { id, kind, address }: Pick<Person, 'id' | 'kind' | 'address'>,
  { language, timeZone }: Partial<Reading>,
): Promise<void> {
  if (kind === 'agent')
    throw new PosthornError(
      'in-configuration',
      `the language and the time zone of ${address} are in the configuration`,
      {
        temporary: false,
        hint: 'Set agents[].language and agents[].timeZone there: what is written here would be gone at the next start.',
      },
    )
  if (timeZone && !isTimeZone(timeZone))
    throw new PosthornError('no-such-time-zone', `'${timeZone}' is no time zone that is known`, {
      temporary: false,
      hint: "Name one like 'Europe/Copenhagen', or write default for that of the configuration.",
    })
  await updatePerson(tx, id, {
    ...(language === undefined ? {} : { language }),
    ...(timeZone === undefined ? {} : { time_zone: timeZone }),
  })
}
