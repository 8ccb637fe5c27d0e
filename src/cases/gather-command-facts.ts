import { readCommands } from '../decision/commands.ts'
import type { Facts } from '../decision/facts.ts'
import { type CommandFacts, NO_COMMAND_FACTS } from '../decision/orders.ts'
import type { Message } from '../message/message.ts'
import type { Status } from '../model/case.ts'
import { readOwnMessageId, type Secrets } from '../model/thread-key.ts'
import { findAccount } from '../store/accounts/accounts.ts'
import { findCaseByNumber } from '../store/cases.ts'
import { findComment, lastComment } from '../store/comments.ts'
import { newestHold } from '../store/holds.ts'
import { findOutboxRow } from '../store/outbox.ts'
import { findPeople, findVerified, listAgents } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { reasonsAgainst } from '../store/suppressions.ts'
import type { CasePolicy } from './context.ts'
import { followMerges } from './follow.ts'
import { lastUndoable } from './undo.ts'

/** More cases than these are not looked up: each is named in a line of its own. */
const MOST_NUMBERS = 5

/**
 * What the commands of an agent's mail name, or undefined where it holds none or its sender may give none: most mails cost
 * nothing here. `now` in milliseconds since 1970.
 */
export async function gatherCommandFacts(
  db: Db,
  policy: Pick<CasePolicy, 'secrets' | 'portalUrl'>,
  message: Message,
  facts: Pick<Facts, 'sender' | 'pointers'>,
  now: number,
): Promise<CommandFacts | undefined> {
  const it = facts.pointers.find((pointer) => pointer.audience === 'agent')?.case
  const opens = message.forwarded !== null && facts.pointers.length === 0
  if (facts.sender?.kind !== 'agent' || !(it || opens)) return undefined
  const commands = readCommands(message.reply).commands.map(({ command }) => command)
  if (commands.length === 0) return undefined
  const numbers = commands.flatMap((command) => ('number' in command ? [command.number] : []))
  const named = {
    agents: (await listAgents(db)).map(({ id, name, address }) => ({ id, name, address })),
    cases: await casesNumbered(db, numbers.slice(0, MOST_NUMBERS)),
  }
  if (!it) return { ...NO_COMMAND_FACTS, ...named }
  const undo = await lastUndoable(db, now, it.id, facts.sender.personId)
  return {
    ...named,
    comment: await commentMeant(db, policy.secrets, message, it.id),
    hold: (await newestHold(db, it.id))?.id ?? null,
    reset: commands.some(({ kind }) => kind === 'reset')
      ? await resetOf(db, policy, it.contactId)
      : NO_COMMAND_FACTS.reset,
    undo: undo && { id: undo.row.id, changed: undo.changed },
  }
}

/** A link that lets somebody in goes only where they have shown that they read it. */
async function resetOf(
  db: Db,
  { portalUrl }: Pick<CasePolicy, 'portalUrl'>,
  contactId: string,
): Promise<CommandFacts['reset']> {
  if (!portalUrl) return { refused: 'no-portal' }
  const [contact] = await findPeople(db, [contactId])
  if (!contact || !(await findVerified(db, [contact.address])).has(contact.address))
    return { refused: 'unproven-contact' }
  if ((await reasonsAgainst(db, [contact.address])).size > 0) return { refused: 'suppressed-contact' }
  const account = await findAccount(db, contact.id)
  return account?.disabled_at ? { refused: 'disabled-account' } : { personId: contact.id }
}

async function casesNumbered(db: Db, numbers: number[]): Promise<CommandFacts['cases']> {
  const found = new Map<number, { id: string; number: number; status: Status }>()
  for (const number of new Set(numbers)) {
    const named = await findCaseByNumber(db, number)
    const it = named && (await followMerges(db, named))
    if (it) found.set(number, { id: it.id, number: it.number, status: it.status })
  }
  return found
}

/** The comment that the notice was about which the mail answers; else the newest one that no agent wrote. */
async function commentMeant(
  db: Db,
  secrets: Secrets,
  message: Message,
  caseId: string,
): Promise<CommandFacts['comment']> {
  const answered = message.inReplyTo.map((id) => readOwnMessageId(secrets, id)).find((own) => own !== null)
  const row = answered ? await findOutboxRow(db, answered.row) : null
  const named = row?.comment_id ? await findComment(db, row.comment_id) : null
  const comment = named?.case_id === caseId ? named : await lastComment(db, caseId)
  if (!comment) return null
  return { id: comment.id, byAgent: comment.role === 'agent' || comment.author_address === '' }
}
