import type { CaseFacts, CasePointer, Facts } from '../decision/facts.ts'
import type { Message } from '../message/message.ts'
import type { Case } from '../model/case.ts'
import { AGENT_KINDS } from '../model/notice.ts'
import { type Audience, readOwnMessageId, readReplyAddress, readVerdictKey } from '../model/thread-key.ts'
import { findCase, findCaseByNumber, participantIds } from '../store/cases.ts'
import { type Lead, leadsOfMessageIds, subjectsOfComments } from '../store/message-ids.ts'
import { findOutboxRow } from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import type { CasePolicy } from './context.ts'
import { rowsReturnedTo } from './find-bounced-row.ts'
import { findVerdict, type KeyHolder } from './find-verdict.ts'
import { followMerges } from './follow.ts'

/** More ids than this are not looked at: mail clients keep the newest ones last, and the first one is the root. */
const MOST_REFERENCES = 30
const DAY = 86_400_000

/**
 * Every case the mail points at, once, by its strongest evidence: reply keys, then Message-IDs that we signed, then known
 * ones. A key that was given out longer ago than the policy says is none; the case of the first such is told.
 */
export async function findPointers(db: Db, policy: CasePolicy, message: Message, now: number) {
  const { secrets } = policy
  const collected = collectPointers(db, policy, now)
  const { found, add } = collected
  const moved = new Map<string, string>()
  for (const address of addressedTo(message)) {
    const key = readReplyAddress(secrets, address)
    // Which hour of its day the key was made is not in it: the whole day counts.
    if (key) await add('reply-key', key.audience, await findCaseByNumber(db, key.caseNumber), (key.madeOnDay + 1) * DAY)
  }
  const answering = await findAnswering(db, policy, addressedTo(message), now)
  if (answering) await add('reply-key', 'customer', answering.it, Date.parse(answering.givenAt))
  for (const row of rowsReturnedTo(secrets, message)) {
    const sent = await findOutboxRow(db, row)
    if (!sent?.case_id) continue
    const it = await findCase(db, sent.case_id)
    await add('own-id', audienceOf(sent.kind), it, Date.parse(sent.created_at), sent.person_id)
  }
  const references = referencesOf(message)
  for (const id of references) {
    const own = await readOwnId(db, policy, id, now)
    if (!own) continue
    if (own.it && own.movedTo && answers(message, id)) moved.set(own.it.id, own.movedTo)
    await add('own-id', own.audience, own.it, own.givenAt, own.givenTo)
  }
  const leads = await leadsOfMessageIds(db, references)
  for (const { messageId, caseId, movedFrom } of leads) {
    if (movedFrom && answers(message, messageId)) moved.set(movedFrom, caseId)
    if (!found.some((p) => p.case.id === caseId)) await add('known-id', null, await findCase(db, caseId), now)
  }
  await addSubjects(db, found, leads)
  const pointers = await followMoves(db, found, moved)
  return { pointers, expiredKey: collected.expiredKey ?? null, answering }
}

/** The first address that says, by its holder's own key, that a solution helped. 'No' is said by words, or on a page. */
async function findAnswering(db: Db, policy: CasePolicy, addresses: string[], now: number): Promise<KeyHolder | null> {
  for (const address of addresses) {
    const key = readVerdictKey(address)
    const found = key?.verdict === 'yes' ? await findVerdict(db, policy, key, now) : null
    if (found) return found
  }
  return null
}

/** Each case and audience once, where its merges lead; a key that is too old is remembered as that and leads nowhere. */
function collectPointers(db: Db, { keyDays = null }: CasePolicy, now: number) {
  const since = keyDays === null ? Number.NEGATIVE_INFINITY : now - keyDays * DAY
  const collected = {
    found: [] as CasePointer[],
    expiredKey: null as Facts['expiredKey'],
    add: async (
      by: CasePointer['by'],
      audience: Audience | null,
      named: Case | null,
      givenAt: number,
      givenTo: string | null = null,
    ) => {
      if (!named) return
      const it = await followMerges(db, named)
      if (givenAt < since) {
        collected.expiredKey ??= { case: await caseFacts(db, it), days: keyDays ?? 0 }
        return
      }
      const before = collected.found.find((p) => p.case.id === it.id && p.audience === audience)
      if (!before)
        collected.found.push({ by, audience, case: await caseFacts(db, it), givenTo: givenTo ? [givenTo] : [] })
      else if (givenTo) before.givenTo = [...(before.givenTo ?? []), givenTo]
    },
  }
  return collected
}

/**
 * What one of our own Message-IDs says, and what its outbox row adds. The root of a case stands in everybody's mails, so it
 * proves no more than a customer's; where keys expire, it is none. `movedTo`: where the comment went that its mail was about.
 */
async function readOwnId(db: Db, { secrets, keyDays = null }: CasePolicy, id: string, now: number) {
  const own = readOwnMessageId(secrets, id)
  if (!own) return null
  const it = await findCaseByNumber(db, own.caseNumber)
  const sent = own.row === 'root' ? null : await findOutboxRow(db, own.row)
  if (!sent) {
    const givenAt = keyDays === null ? now : Number.NEGATIVE_INFINITY
    return { it, audience: 'customer', givenAt, givenTo: null, movedTo: null } as const
  }
  const movedTo = sent.case_id === it?.id ? null : sent.case_id
  return { it, audience: audienceOf(sent.kind), givenAt: Date.parse(sent.created_at), givenTo: sent.person_id, movedTo }
}

/** Whether a mail is the direct answer to another one. */
function answers(message: Message, id: string): boolean {
  return message.inReplyTo.length > 0 ? message.inReplyTo.includes(id) : message.references.at(-1) === id
}

/**
 * Where nothing but copied Message-IDs points at a case, the subjects of their mails tell an answer from a new matter. A
 * mail that opened its case has the case's title; what was split off has another one, and is left in doubt.
 */
async function addSubjects(db: Db, pointers: CasePointer[], leads: Lead[]): Promise<void> {
  if (pointers.length === 0 || pointers.some((pointer) => pointer.by !== 'known-id')) return
  const subjects = await subjectsOfComments(
    db,
    leads.flatMap((lead) => lead.commentId ?? []),
  )
  for (const pointer of pointers) {
    const own = leads.filter((lead) => lead.caseId === pointer.case.id)
    const known = own.map((lead) => (lead.commentId ? subjects.get(lead.commentId) : pointer.case.title))
    const sure = own.length > 0 && own.every((lead) => lead.movedFrom === null)
    if (sure) pointer.subjects = known.filter((subject) => subject !== undefined)
  }
}

/**
 * What answers a comment that has gone to another case follows it, although its reply address names the old one. `moved`:
 * the comment's new case by its old one, as our own records have it.
 */
async function followMoves(
  db: Db,
  pointers: CasePointer[],
  moved: ReadonlyMap<string, string>,
): Promise<CasePointer[]> {
  if (moved.size === 0) return pointers
  const found: CasePointer[] = []
  for (const pointer of pointers) {
    const target = moved.get(pointer.case.id)
    const it = target === undefined ? null : await findCase(db, target)
    const followed = it ? { ...pointer, case: await caseFacts(db, await followMerges(db, it)) } : pointer
    if (!found.some((p) => p.case.id === followed.case.id && p.audience === followed.audience)) found.push(followed)
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

function audienceOf(kind: string): Audience {
  return AGENT_KINDS.has(kind) ? 'agent' : 'customer'
}

async function caseFacts(db: Db, it: Case): Promise<CaseFacts> {
  const { id, number, title, status, contactId } = it
  return { id, number, title, status, contactId, participantIds: new Set(await participantIds(db, id)) }
}
