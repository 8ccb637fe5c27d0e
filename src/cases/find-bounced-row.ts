import type { BouncedRow } from '../decision/facts.ts'
import type { Message } from '../message/message.ts'
import { bounceAddress, readBounceAddress, readOwnMessageId, type Secrets } from '../model/thread-key.ts'
import { findOutboxRow, type OutboxRow } from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import { type CasePolicy, mailboxNamed } from './context.ts'

/** More addresses than this are not looked at: a report is sent to one. */
const MOST_ADDRESSES = 30

/** The outbox row that a delivery or feedback report is about: by the envelope sender it came back to, else by our Message-ID in it. */
export async function findBouncedRow(db: Db, policy: CasePolicy, message: Message): Promise<BouncedRow | null> {
  const { secrets } = policy
  if (!message.bounce && !message.complaint) return null
  const returned = rowsReturnedTo(secrets, message)[0]
  const id = message.bounce?.originalMessageId ?? message.complaint?.originalMessageId
  const named = id ? readOwnMessageId(secrets, id)?.row : undefined
  const row = await findOutboxRow(db, returned ?? named ?? '')
  if (!row) return null
  return {
    id: row.id,
    caseId: row.case_id,
    to: { name: row.to_name, address: row.to_address },
    verp: hadOwnSender(policy, row),
    by: returned ? 'envelope-sender' : 'message-id',
    // A report may be quicker than our own note that the server has taken the mail.
    sent: row.sent_at !== null || row.attempts > 0,
  }
}

function hadOwnSender(policy: CasePolicy, row: OutboxRow): boolean {
  const { verp = false, address } = mailboxNamed(policy, row.mailbox)
  return verp && bounceAddress(policy.secrets, address, row.id) !== null
}

/** The rows whose envelope senders a mail was sent to, whatever it is. */
export function rowsReturnedTo(secrets: Secrets, message: Message): string[] {
  const addresses = [...message.deliveredTo, ...[...message.to, ...message.cc].map((it) => it.address)]
  const tagged = addresses.filter((address) => address.includes('+')).slice(0, MOST_ADDRESSES)
  const rows = tagged.map((address) => readBounceAddress(secrets, address)).filter((row) => row !== null)
  return [...new Set(rows)]
}
