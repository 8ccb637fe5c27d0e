import { automaticMailCharges, tellingCharge } from '../decision/budgets.ts'
import { withoutTag } from '../model/address.ts'
import type { Case, Visibility } from '../model/case.ts'
import type { NoticeKind } from '../model/notice.ts'
import { spend } from '../notify/budgets.ts'
import { type NewNotice, notify } from '../notify/notify.ts'
import { participantIds } from '../store/cases.ts'
import { findPeople, listAgents, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { logChanges } from './change.ts'
import { canBeWrittenTo } from './contact.ts'
import { type CaseContext, mailboxNamed } from './context.ts'

/** What people are told of. */
export type Event =
  | ({ kind: 'opened'; acknowledge: boolean; proven?: boolean } & Sent)
  | ({ kind: 'commented'; commentId: string; visibility: Visibility; byAgent: boolean } & Sent)
  | { kind: 'solved'; commentId: string }

/** The address of whoever wrote, where telling of it counts against the budget of that sender. Absent for agents' words. */
interface Sent {
  sender?: string | null
}

interface Told {
  person: Person
  kind: NoticeKind
}

interface Circle {
  authorId: string | null
  contact: Person | undefined
  participants: Person[]
  agents: Person[]
  assigneeId: string | null
  answerByMail: boolean
}

/** Puts a row into the outbox for everybody who should hear of an event: one row a person, in the caller's transaction. */
export async function tell(tx: Db, ctx: CaseContext, it: Case, authorId: string | null, event: Event): Promise<void> {
  const others = await findPeople(tx, [it.contactId, ...(await participantIds(tx, it.id))])
  const circle: Circle = {
    authorId,
    contact: others.find((person) => person.id === it.contactId),
    participants: others.filter((person) => person.id !== it.contactId),
    agents: await listAgents(tx),
    assigneeId: it.assigneeId,
    answerByMail: it.answerBy === 'email',
  }
  const own = new Set(ctx.policy.mailboxes.map((mailbox) => mailbox.address))
  const told = whoHears(event, circle).filter(
    ({ person }) => canBeWrittenTo(person) && !own.has(withoutTag(person.address)),
  )
  await write(tx, ctx, it, event, told)
}

/** What is over a sender's budget is told to nobody; a receipt has a budget of its own. */
async function write(tx: Db, ctx: CaseContext, it: Case, event: Event, told: Told[]): Promise<void> {
  const { budgets } = ctx.policy
  const sender = event.kind === 'solved' ? null : event.sender
  const [refusal = null] = await spend(tx, ctx, [sender ? [tellingCharge(sender, budgets)] : []])
  if (refusal) await logChanges(tx, ctx, it.id, 'posthorn', [{ what: 'delivery', to: `suppressed: ${refusal}` }])
  const mailbox = mailboxNamed(ctx.policy, it.mailbox)
  const commentId = event.kind === 'opened' ? null : event.commentId
  // What a sender wrote is not sent to an address that nobody has proven to be the sender's.
  const titled = event.kind === 'opened' && event.proven === true
  const notices = told.map(({ person, kind }): NewNotice => {
    const about = { kind, to: person, language: person.language ?? it.language, mailbox, case: it, commentId }
    return kind === 'case-received'
      ? { ...about, data: { titled }, charges: automaticMailCharges('acknowledgement', person.address, budgets) }
      : { ...about, data: {}, refusal }
  })
  await notify(tx, ctx, notices)
}

/** Who hears of an event, and in which kind of mail. Pure: the policy of telling, in one place. Nobody hears of their own words. */
export function whoHears(event: Event, circle: Circle): Told[] {
  const told: Told[] = []
  const customers = circle.answerByMail ? [...(circle.contact ? [circle.contact] : []), ...circle.participants] : []
  const add = (people: Person[], kind: NoticeKind, except: string | null) => {
    for (const person of people)
      if (person.id !== except && !told.some((it) => it.person.id === person.id)) told.push({ person, kind })
  }
  switch (event.kind) {
    case 'opened':
      // A receipt is for whoever wrote, so here the author is not left out.
      if (event.acknowledge) add(customers.slice(0, 1), 'case-received', null)
      add(circle.agents, 'case-opened', circle.authorId)
      break
    case 'commented':
      add(concernedAgents(circle), 'comment-added-agent', circle.authorId)
      if (event.visibility === 'public') add(customers, 'comment-added', circle.authorId)
      break
    case 'solved':
      add(concernedAgents(circle), 'comment-added-agent', circle.authorId)
      add(customers, 'solution-proposed', circle.authorId)
      break
  }
  return told
}

/** The assignee where there is one, else all agents. */
function concernedAgents(circle: Circle): Person[] {
  const assignee = circle.agents.filter((agent) => agent.id === circle.assigneeId)
  return assignee.length > 0 ? assignee : circle.agents
}
