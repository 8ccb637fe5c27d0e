import { unreachable } from '../core/errors.ts'
import { automaticMailCharges, tellingCharge } from '../decision/budgets.ts'
import { withoutTag } from '../model/address.ts'
import type { Case, Visibility } from '../model/case.ts'
import type { NoticeKind } from '../model/notice.ts'
import { spend } from '../notify/budgets.ts'
import { type NewNotice, notify } from '../notify/notify.ts'
import { participantIds } from '../store/cases.ts'
import { findPeople, listAgents, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { reasonsAgainst } from '../store/suppressions.ts'
import { findTold } from '../store/told.ts'
import { logChanges } from './change.ts'
import { canBeWrittenTo } from './contact.ts'
import { type CaseContext, mailboxNamed } from './context.ts'

/** What people are told of. `by`: the name of whoever did it. */
export type Event =
  | ({ kind: 'opened'; acknowledge: boolean; proven?: boolean } & Sent)
  | ({ kind: 'commented'; commentId: string; visibility: Visibility; byAgent: boolean } & Sent)
  | { kind: 'solved'; commentId: string }
  /** An agent closed it, or opened it again, and sends no words of theirs with it. */
  | { kind: 'closed' | 'reopened' }
  /** A customer says by a click that the solution did not help. */
  | { kind: 'unsolved'; by: string }
  | { kind: 'assigned'; by: string }

interface Sent {
  /** The address of whoever wrote, where telling of it counts against the budget of that sender. Absent for agents' words. */
  sender?: string | null
  /** It waits until an agent lets it in. */
  held?: boolean
}

interface Told {
  person: Person
  kind: NoticeKind
}

/** Everybody around a case, and who did what is told of: null for nobody in person. */
export interface Circle {
  authorId: string | null
  contact: Person | undefined
  participants: Person[]
  agents: Person[]
  assigneeId: string | null
  answerByMail: boolean
  /** Ids of the customers who have had a mail about the case. */
  toldBefore: ReadonlySet<string>
}

/** Puts a row into the outbox for everybody who should hear of an event: one row a person, in the caller's transaction. */
export async function tell(tx: Db, ctx: CaseContext, it: Case, authorId: string | null, event: Event): Promise<void> {
  const others = await findPeople(tx, [it.contactId, ...(await participantIds(tx, it.id))])
  const agents = await listAgents(tx)
  const circle: Circle = {
    authorId,
    contact: others.find((person) => person.id === it.contactId),
    participants: others.filter((person) => person.id !== it.contactId),
    agents,
    assigneeId: event.kind === 'assigned' ? it.assigneeId : await reachableAssignee(tx, it, agents),
    answerByMail: it.answerBy === 'email',
    toldBefore: await toldBefore(tx, it, event, others),
  }
  const own = new Set(ctx.policy.mailboxes.map((mailbox) => mailbox.address))
  const told = whoHears(event, circle).filter(
    ({ person }) => canBeWrittenTo(person) && !own.has(withoutTag(person.address)),
  )
  await write(tx, ctx, it, event, told)
}

/** The assignee, unless mail to them came back: then all agents hear of the case, for nobody else would. */
async function reachableAssignee(tx: Db, { assigneeId }: Case, agents: readonly Person[]): Promise<string | null> {
  const assignee = agents.find((agent) => agent.id === assigneeId)
  if (!assignee) return null
  const against = await reasonsAgainst(tx, [assignee.address])
  return against.has(assignee.address) ? null : assignee.id
}

/** Looked up only where it matters. */
async function toldBefore(tx: Db, it: Case, { kind }: Event, others: Person[]): Promise<ReadonlySet<string>> {
  if (kind !== 'closed' && kind !== 'reopened') return new Set()
  const ids = others.map((person) => person.id)
  return await findTold(tx, it.id, ids)
}

/** What is over a sender's budget is told to nobody; a receipt has a budget of its own. */
async function write(tx: Db, ctx: CaseContext, it: Case, event: Event, told: Told[]): Promise<void> {
  const { budgets } = ctx.policy
  const sender = 'sender' in event ? event.sender : null
  const [refusal = null] = await spend(tx, ctx, [sender ? [tellingCharge(sender, budgets)] : []])
  if (refusal) await logChanges(tx, ctx, it.id, 'posthorn', [{ what: 'delivery', to: `suppressed: ${refusal}` }])
  const mailbox = mailboxNamed(ctx.policy, it.mailbox)
  const commentId = 'commentId' in event ? event.commentId : null
  const data = 'by' in event ? { by: event.by } : {}
  // What a sender wrote is not sent to an address that nobody has proven to be the sender's.
  const titled = event.kind === 'opened' && event.proven === true
  const customerWaits =
    event.kind === 'opened' || event.kind === 'unsolved' || (event.kind === 'commented' && !event.byAgent)
  const notices = told.map(({ person, kind }): NewNotice => {
    const about = { kind, to: person, language: person.language ?? it.language, mailbox, case: it, commentId }
    return kind === 'case-received'
      ? { ...about, data: { titled }, charges: automaticMailCharges('acknowledgement', person.address, budgets) }
      : { ...about, data, refusal, mustReach: customerWaits && person.kind === 'agent' }
  })
  await notify(tx, ctx, notices)
}

/**
 * Who hears of an event, and in which kind of mail. Pure: the policy of telling, in one place. Nobody hears of their own
 * doing; customers who do not want mail hear of nothing; and whom nobody told of a case does not hear that it was closed.
 */
export function whoHears(event: Event, circle: Circle): Told[] {
  const told: Told[] = []
  const customers = circle.answerByMail ? [...(circle.contact ? [circle.contact] : []), ...circle.participants] : []
  const add = (people: Person[], kind: NoticeKind, except: string | null = circle.authorId) => {
    for (const person of people)
      if (person.id !== except && !told.some((it) => it.person.id === person.id)) told.push({ person, kind })
  }
  switch (event.kind) {
    case 'opened':
      // A receipt is for whoever wrote, so here the author is not left out.
      if (event.acknowledge) add(customers.slice(0, 1), 'case-received', null)
      add(circle.agents, event.held ? 'mail-held' : 'case-opened')
      break
    case 'commented':
      add(concernedAgents(circle), event.held ? 'mail-held' : 'comment-added-agent')
      if (event.visibility === 'public') add(customers, 'comment-added')
      break
    case 'solved':
      add(concernedAgents(circle), 'comment-added-agent')
      add(customers, 'solution-proposed')
      break
    case 'closed':
    case 'reopened':
      add(
        customers.filter((person) => circle.toldBefore.has(person.id)),
        `case-${event.kind}`,
      )
      break
    case 'unsolved':
      add(concernedAgents(circle), 'case-reopened-agent')
      break
    case 'assigned':
      add(assigneeOf(circle), 'case-assigned')
      break
    default:
      unreachable(event)
  }
  return told
}

/** The assignee where there is one, else all agents. */
function concernedAgents(circle: Circle): Person[] {
  const assignee = assigneeOf(circle)
  return assignee.length > 0 ? assignee : circle.agents
}

function assigneeOf(circle: Circle): Person[] {
  return circle.agents.filter((agent) => agent.id === circle.assigneeId)
}
