import { isoTime } from '../core/world.ts'
import { automaticMailCharges, tellingCharge } from '../decision/budgets.ts'
import { domainOf, withoutTag } from '../model/address.ts'
import type { Case, Visibility } from '../model/case.ts'
import type { NoticeKind } from '../model/notice.ts'
import { ownMessageId } from '../model/thread-key.ts'
import { participantIds } from '../store/cases.ts'
import { enqueue } from '../store/outbox.ts'
import { findPeople, listAgents, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { spend } from './budgets.ts'
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
  await enqueueFor(tx, ctx, it, event, told, await refusals(tx, ctx, it, event, told))
}

/** Why not all that are told of an event are written to: what each kind is refused for, by the budgets. */
async function refusals(tx: Db, ctx: CaseContext, it: Case, event: Event, told: Told[]): Promise<Refusals> {
  const { budgets } = ctx.policy
  const receipt = told.find(({ kind }) => kind === 'case-received')
  const sender = event.kind === 'solved' ? null : event.sender
  const [noReceipt = null, noNotice = null] = await spend(tx, ctx, [
    receipt ? automaticMailCharges('acknowledgement', receipt.person.address, budgets) : [],
    sender ? [tellingCharge(sender, budgets)] : [],
  ])
  if (noNotice) await logChanges(tx, ctx, it.id, 'posthorn', [{ what: 'delivery', to: `suppressed: ${noNotice}` }])
  return { receipt: noReceipt, notice: noNotice }
}

interface Refusals {
  receipt: string | null
  notice: string | null
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

async function enqueueFor(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  event: Event,
  told: Told[],
  refused: Refusals,
): Promise<void> {
  const mailbox = mailboxNamed(ctx.policy, it.mailbox)
  const at = isoTime(ctx.world.now())
  const commentId = event.kind === 'opened' ? null : event.commentId
  // What a sender wrote is not sent to an address that nobody has proven to be the sender's.
  const titled = event.kind === 'opened' && event.proven === true
  const rows = told.map(({ person, kind }) => {
    const id = ctx.world.id()
    return {
      id,
      kind,
      case_id: it.id,
      comment_id: commentId,
      to_name: person.name,
      to_address: person.address,
      person_id: person.id,
      language: person.language ?? it.language,
      mailbox: mailbox.name,
      data: kind === 'case-received' ? JSON.stringify({ titled }) : '{}',
      message_id: ownMessageId(ctx.policy.secrets, domainOf(mailbox.address), it.number, id),
      created_at: at,
      suppressedBecause: kind === 'case-received' ? refused.receipt : refused.notice,
    }
  })
  await enqueue(tx, rows)
}
