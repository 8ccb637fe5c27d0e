import type { CaseFacts, CasePointer, Facts } from '../decision/facts.ts'
import type { Message } from '../message/message.ts'
import type { Case } from '../model/case.ts'
import { AGENT_KINDS } from '../model/notice.ts'
import { type Audience, readOwnMessageId, readReplyAddress, type Secrets } from '../model/thread-key.ts'
import { findCase, findCaseByNumber, participantIds } from '../store/cases.ts'
import { casesOfMessageIds } from '../store/message-ids.ts'
import { findOutboxRow } from '../store/outbox.ts'
import { findPersonByAddress } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { CasePolicy, MailboxPolicy } from './context.ts'
import { findBouncedRow, rowsReturnedTo } from './find-bounced-row.ts'

/** More ids than this are not looked at: mail clients keep the newest ones last, and the first one is the root. */
const MOST_REFERENCES = 30

/** What the store and the configuration know that bears on a mail: a bounded number of indexed queries. */
export async function gatherFacts(
  db: Db,
  policy: CasePolicy,
  mailbox: MailboxPolicy,
  message: Message,
): Promise<Facts> {
  const { secrets } = policy
  const sender = message.from ? await findPersonByAddress(db, message.from.address) : null
  return {
    mailbox: { name: mailbox.name, address: mailbox.address },
    ownAddresses: new Set(policy.mailboxes.map((it) => it.address)),
    sender: sender ? { personId: sender.id, kind: sender.kind } : null,
    pointers: await findPointers(db, secrets, message),
    messageIdIsOurs: message.messageId !== null && readOwnMessageId(secrets, message.messageId) !== null,
    bouncedRow: await findBouncedRow(db, secrets, message),
  }
}

/** Every case the mail points at, once, by its strongest evidence: reply keys, then Message-IDs that we signed, then known ones. */
async function findPointers(db: Db, secrets: Secrets, message: Message): Promise<CasePointer[]> {
  const found: CasePointer[] = []
  const add = async (by: CasePointer['by'], audience: Audience | null, it: Case | null) => {
    if (it && !found.some((p) => p.case.id === it.id && p.audience === audience))
      found.push({ by, audience, case: await caseFacts(db, it) })
  }
  for (const address of addressedTo(message)) {
    const key = readReplyAddress(secrets, address)
    if (key) await add('reply-key', key.audience, await findCaseByNumber(db, key.caseNumber))
  }
  for (const row of rowsReturnedTo(secrets, message)) {
    const sent = await findOutboxRow(db, row)
    if (sent?.case_id) await add('own-id', audienceOf(sent.kind), await findCase(db, sent.case_id))
  }
  const references = referencesOf(message)
  for (const id of references) {
    const own = readOwnMessageId(secrets, id)
    if (own) await add('own-id', await audienceOfRow(db, own.row), await findCaseByNumber(db, own.caseNumber))
  }
  for (const caseId of await casesOfMessageIds(db, references)) {
    if (!found.some((p) => p.case.id === caseId)) await add('known-id', null, await findCase(db, caseId))
  }
  return found
}

function addressedTo(message: Message): string[] {
  const all = [...message.to.map((it) => it.address), ...message.cc.map((it) => it.address), ...message.deliveredTo]
  return [...new Set(all)].filter((address) => address.includes('+')).slice(0, MOST_REFERENCES)
}

/** In-Reply-To, then References from the newest to the oldest. */
function referencesOf(message: Message): string[] {
  const newestFirst = [...message.references].reverse()
  const all = [...new Set([...message.inReplyTo, ...newestFirst])]
  const root = newestFirst.at(-1)
  return all.length > MOST_REFERENCES && root ? [...all.slice(0, MOST_REFERENCES - 1), root] : all
}

/** Who was given a Message-ID of ours. The root of a case stands in everybody's mails, so it proves no more than a customer's. */
async function audienceOfRow(db: Db, row: string): Promise<Audience> {
  if (row === 'root') return 'customer'
  const sent = await findOutboxRow(db, row)
  return sent ? audienceOf(sent.kind) : 'customer'
}

function audienceOf(kind: string): Audience {
  return AGENT_KINDS.has(kind) ? 'agent' : 'customer'
}

async function caseFacts(db: Db, it: Case): Promise<CaseFacts> {
  const { id, number, status, contactId } = it
  return { id, number, status, contactId, participantIds: new Set(await participantIds(db, id)) }
}
