import type { Db } from '../schema.ts'
import { listFactors } from './factors.ts'

/** Takes away all second factors of a person, with those that are being set up, and all passkeys. Which counted comes back. */
export async function deleteAllFactors(db: Db, personId: string): Promise<string[]> {
  const confirmed = (await listFactors(db, personId)).filter((it) => it.confirmed_at !== null).map((it) => it.kind)
  await db.deleteFrom('second_factors').where('person_id', '=', personId).execute()
  const passkeys = await db.deleteFrom('passkeys').where('person_id', '=', personId).executeTakeFirst()
  return Number(passkeys.numDeletedRows) > 0 ? [...confirmed, 'passkey'] : confirmed
}

/** Whether a person has a second factor that they can sign in with: an app, a number or a passkey. */
export async function hasFactor(db: Db, personId: string): Promise<boolean> {
  if ((await listFactors(db, personId)).some((it) => it.kind !== 'emergency' && it.confirmed_at !== null)) return true
  const passkey = await db.selectFrom('passkeys').select('id').where('person_id', '=', personId).executeTakeFirst()
  return passkey !== undefined
}
