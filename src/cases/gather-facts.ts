import type { Facts } from '../decision/facts.ts'
import { holdsOwnKey } from '../decision/pointers.ts'
import { gradeTrust } from '../decision/trust.ts'
import type { AuthenticationResults } from '../message/authentication-results.ts'
import type { Message } from '../message/message.ts'
import type { ScanVerdict } from '../model/scan.ts'
import { readOwnMessageId } from '../model/thread-key.ts'
import { findPersonByAddress } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { checkOf } from './check-of.ts'
import type { CasePolicy, MailboxPolicy } from './context.ts'
import { findBouncedRow } from './find-bounced-row.ts'
import { findLeaving } from './find-leaving.ts'
import { findPointers } from './find-pointers.ts'
import { findStopping } from './find-stopping.ts'
import { gatherCommandFacts } from './gather-command-facts.ts'

/** What is known of a mail besides the mail: when it is judged (milliseconds), and what checks of it found. */
export interface Given {
  now: number
  ownCheck?: AuthenticationResults | null
  scan?: ScanVerdict | null
}

/** What the store and the configuration know that bears on a mail: a bounded number of indexed queries. */
export async function gatherFacts(
  db: Db,
  policy: CasePolicy,
  mailbox: MailboxPolicy,
  message: Message,
  given: Given,
): Promise<Facts> {
  const { secrets } = policy
  const sender = message.from ? await findPersonByAddress(db, message.from.address) : null
  const known = {
    sender: sender ? { personId: sender.id, kind: sender.kind } : null,
    ...(await findPointers(db, policy, message, given.now)),
  }
  const commands = await gatherCommandFacts(db, policy, message, known, given.now)
  return {
    ...known,
    ...(commands ? { commands } : {}),
    mailbox: { name: mailbox.name, address: mailbox.address },
    ownAddresses: new Set(policy.mailboxes.map((it) => it.address)),
    trust: gradeTrust(message, checkOf(mailbox.trust, message, given.ownCheck ?? null), holdsOwnKey(known)),
    agentsNeed: mailbox.trust.agents,
    messageIdIsOurs: message.messageId !== null && readOwnMessageId(secrets, message.messageId) !== null,
    bouncedRow: await findBouncedRow(db, policy, message),
    filters: { rules: [], spam: 'open', ...policy.filters, scan: given.scan ?? null },
    leaving: await findLeaving(db, secrets, message),
    stopping: await findStopping(db, secrets, message),
  }
}
