import type { CaseFacts, CasePointer, Facts } from '../decision/facts.ts'
import { holdsOwnKey } from '../decision/pointers.ts'
import { gradeTrust } from '../decision/trust.ts'
import type { AuthenticationResults } from '../message/authentication-results.ts'
import type { Message } from '../message/message.ts'
import type { Case } from '../model/case.ts'
import { AGENT_KINDS } from '../model/notice.ts'
import type { ScanVerdict } from '../model/scan.ts'
import { type Audience, readOwnMessageId, readReplyAddress } from '../model/thread-key.ts'
import { findCase, findCaseByNumber, participantIds } from '../store/cases.ts'
import { casesOfMessageIds } from '../store/message-ids.ts'
import { findOutboxRow } from '../store/outbox.ts'
import { findPersonByAddress } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { checkOf } from './check-of.ts'
import type { CasePolicy, MailboxPolicy } from './context.ts'
import { findBouncedRow, rowsReturnedTo } from './find-bounced-row.ts'
import { findLeaving } from './find-leaving.ts'

/** More ids than this are not looked at: mail clients keep the newest ones last, and the first one is the root. */
const MOST_REFERENCES = 30
const DAY = 86_400_000

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
  return {
    ...known,
    mailbox: { name: mailbox.name, address: mailbox.address },
    ownAddresses: new Set(policy.mailboxes.map((it) => it.address)),
    trust: gradeTrust(message, checkOf(mailbox.trust, message, given.ownCheck ?? null), holdsOwnKey(known)),
    agentsNeed: mailbox.trust.agents,
    messageIdIsOurs: message.messageId !== null && readOwnMessageId(secrets, message.messageId) !== null,
    bouncedRow: await findBouncedRow(db, secrets, message),
    leaving: await findLeaving(db, secrets, message),
    filters: { rules: [], spam: 'open', ...policy.filters, scan: given.scan ?? null },
  }
}

/**
 * Every case the mail points at, once, by its strongest evidence: reply keys, then Message-IDs that we signed, then known
 * ones. A key that was given out longer ago than the policy says is none; the case of the first such is told.
 */
async function findPointers(db: Db, policy: CasePolicy, message: Message, now: number) {
  const { secrets, keyDays = null } = policy
  const since = keyDays === null ? Number.NEGATIVE_INFINITY : now - keyDays * DAY
  const found: CasePointer[] = []
  let expiredKey: Facts['expiredKey'] = null
  const add = async (
    by: CasePointer['by'],
    audience: Audience | null,
    it: Case | null,
    givenAt: number,
    givenTo: string | null = null,
  ) => {
    if (!it) return
    if (givenAt < since) {
      expiredKey ??= { case: await caseFacts(db, it), days: keyDays ?? 0 }
      return
    }
    const before = found.find((p) => p.case.id === it.id && p.audience === audience)
    if (!before) found.push({ by, audience, case: await caseFacts(db, it), givenTo: givenTo ? [givenTo] : [] })
    else if (givenTo) before.givenTo = [...(before.givenTo ?? []), givenTo]
  }
  for (const address of addressedTo(message)) {
    const key = readReplyAddress(secrets, address)
    // Which hour of its day the key was made is not in it: the whole day counts.
    if (key) await add('reply-key', key.audience, await findCaseByNumber(db, key.caseNumber), (key.madeOnDay + 1) * DAY)
  }
  for (const row of rowsReturnedTo(secrets, message)) {
    const sent = await findOutboxRow(db, row)
    if (!sent?.case_id) continue
    const it = await findCase(db, sent.case_id)
    await add('own-id', audienceOf(sent.kind), it, Date.parse(sent.created_at), sent.person_id)
  }
  const references = referencesOf(message)
  for (const id of references) {
    const own = readOwnMessageId(secrets, id)
    if (!own) continue
    // The root of a case stands in everybody's mails, so it proves no more than a customer's; where keys expire, it is none.
    const sent = own.row === 'root' ? null : await findOutboxRow(db, own.row)
    const audience = sent ? audienceOf(sent.kind) : 'customer'
    const givenAt = sent ? Date.parse(sent.created_at) : keyDays === null ? now : Number.NEGATIVE_INFINITY
    await add('own-id', audience, await findCaseByNumber(db, own.caseNumber), givenAt, sent?.person_id)
  }
  for (const caseId of await casesOfMessageIds(db, references)) {
    if (!found.some((p) => p.case.id === caseId)) await add('known-id', null, await findCase(db, caseId), now)
  }
  return { pointers: found, expiredKey }
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

function audienceOf(kind: string): Audience {
  return AGENT_KINDS.has(kind) ? 'agent' : 'customer'
}

async function caseFacts(db: Db, it: Case): Promise<CaseFacts> {
  const { id, number, status, contactId } = it
  return { id, number, status, contactId, participantIds: new Set(await participantIds(db, id)) }
}
