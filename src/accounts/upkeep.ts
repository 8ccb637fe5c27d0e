import { isoTime } from '../core/world.ts'
import { dropOldChallenges } from '../store/accounts/challenges.ts'
import { dropOldLinks } from '../store/accounts/links.ts'
import { dropNobodysLines } from '../store/accounts/security-log.ts'
import { dropEndedDevices, dropEndedSessions } from '../store/accounts/sessions.ts'
import { dropOldThrottles } from '../store/accounts/throttles.ts'
import type { AccountContext } from './context.ts'

/** How long after its end a link still says why it does not work, and a try at nobody's account is kept, in milliseconds. */
const REMEMBERED = 90 * 86_400_000

/** Drops what is over: nothing that strangers can make more of by asking stays for ever. */
export async function sweepAccounts({ store, world }: Pick<AccountContext, 'store' | 'world'>): Promise<void> {
  const now = world.now()
  const at = isoTime(now)
  await dropOldThrottles(store.db, at)
  await dropOldChallenges(store.db, at)
  await dropEndedSessions(store.db, at)
  await dropEndedDevices(store.db, at)
  await dropOldLinks(store.db, isoTime(now - REMEMBERED))
  await dropNobodysLines(store.db, isoTime(now - REMEMBERED))
}
