import { withoutTag } from '../model/address.ts'
import { AGENT_KINDS } from '../model/notice.ts'
import { notify } from '../notify/notify.ts'
import { findCase } from '../store/cases.ts'
import type { OutboxRow } from '../store/outbox.ts'
import { listAgents } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { reasonsAgainst } from '../store/suppressions.ts'
import { canBeWrittenTo } from './contact.ts'
import { type CaseContext, mailboxNamed } from './context.ts'
import { followMerges } from './follow.ts'

/** Why a mail will not arrive: what the server or the report said, and whether its address gets no more mail from now on. */
export interface DeliveryFailure {
  why: string
  stopped: boolean
}

/** The reason is one line in a mail; a report may be longer than anybody reads. */
const MOST_WORDS = 500

/**
 * Tells the case's assignee, else all agents (also where mail to the assignee came back), that a mail to a customer will not
 * arrive, in the caller's transaction. Says whether anybody is told: nobody is where the mail was for an agent (so that no
 * failure can cause the next one), or where it belongs to no case.
 */
export async function tellDeliveryFailed(
  tx: Db,
  ctx: Pick<CaseContext, 'world' | 'policy'>,
  row: OutboxRow,
  { why, stopped }: DeliveryFailure,
): Promise<boolean> {
  if (AGENT_KINDS.has(row.kind) || row.case_id === null) return false
  const found = await findCase(tx, row.case_id)
  if (!found) return false
  const it = await followMerges(tx, found)
  const failure = { to: row.to_address, of: row.kind, why: why.slice(0, MOST_WORDS), stopped }
  const mailbox = mailboxNamed(ctx.policy, it.mailbox)
  const told = await concerned(tx, ctx, it.assigneeId)
  await notify(
    tx,
    ctx,
    told.map((agent) => ({
      kind: 'delivery-failed',
      to: agent,
      language: agent.language ?? it.language,
      mailbox,
      case: it,
      commentId: it.id === row.case_id ? row.comment_id : null,
      data: { failure },
    })),
  )
  return told.length > 0
}

async function concerned(tx: Db, { policy }: Pick<CaseContext, 'policy'>, assigneeId: string | null) {
  const own = new Set(policy.mailboxes.map((mailbox) => mailbox.address))
  const agents = (await listAgents(tx)).filter((agent) => canBeWrittenTo(agent) && !own.has(withoutTag(agent.address)))
  const assignee = agents.find((agent) => agent.id === assigneeId)
  // Where mail to the assignee came back, nobody else would hear of it.
  const against = await reasonsAgainst(tx, assignee ? [assignee.address] : [])
  return assignee && !against.has(assignee.address) ? [assignee] : agents
}
