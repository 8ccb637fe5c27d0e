import type { Judgement } from '../decision/decision.ts'
import type { Message } from '../message/message.ts'
import { normaliseAddress } from '../model/address.ts'
import type { Db } from '../store/schema.ts'
import { liftSuppression } from '../store/suppressions.ts'
import { logChanges } from './change.ts'
import type { CaseContext } from './context.ts'

/**
 * Whoever writes can be written to: a mail lifts the suppression of its sender's address, before anybody is told of it.
 * Not a forged mail, a report or a machine's answer, which prove nothing. Says whether there was one.
 */
export async function liftForSender(tx: Db, message: Message, { decision, trust }: Judgement): Promise<boolean> {
  if (!message.from || message.automatic || trust === 'failed') return false
  if (decision.kind === 'bounce' || decision.kind === 'ignore') return false
  return await liftSuppression(tx, normaliseAddress(message.from.address))
}

/** Notes in the change log that somebody is written to again. */
export async function logLifted(tx: Db, ctx: CaseContext, caseId: string, name: string): Promise<void> {
  await logChanges(tx, ctx, caseId, 'posthorn', [
    { what: 'delivery', from: 'suppressed', to: `${name} is written to again` },
  ])
}
