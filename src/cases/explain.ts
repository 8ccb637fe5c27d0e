import type { Judgement } from '../decision/decision.ts'
import { decide } from '../decision/rules.ts'
import type { Message } from '../message/message.ts'
import { withoutTag } from '../model/address.ts'
import { findCase } from '../store/cases.ts'
import { findMailsByIdentity } from '../store/mails.ts'
import type { CaseContext, MailboxPolicy } from './context.ts'
import { type Given, gatherFacts } from './gather-facts.ts'

/** What would be done with a mail, without doing it. `caseNumber`: the case it would go to; null for a new one or none. */
export interface Explanation {
  judgement: Judgement
  caseNumber: number | null
}

/**
 * Judges a mail against the database as it is now. A mail that was taken in before is explained as that: it is ignored.
 * `mailbox`: where it would come in; the one that it is addressed to, unless given (a mail may be a blind copy).
 */
export async function explain(
  ctx: CaseContext,
  message: Message,
  identity: string,
  given: Omit<Given, 'now'> & { mailbox?: MailboxPolicy } = {},
): Promise<Explanation> {
  const db = ctx.store.db
  const before = (await findMailsByIdentity(db, [identity])).get(identity)
  const { mailbox = mailboxOf(ctx, message), ...checks } = given
  const facts = await gatherFacts(db, ctx.policy, mailbox, message, { now: ctx.world.now(), ...checks })
  const judgement = decide(message, facts)
  if (before) return await explainAgain(ctx, judgement, before)
  const caseId = 'caseId' in judgement.decision ? judgement.decision.caseId : null
  return { judgement, caseNumber: caseId ? ((await findCase(db, caseId))?.number ?? null) : null }
}

async function explainAgain(
  ctx: CaseContext,
  judgement: Judgement,
  before: { case_id: string | null; decision: string },
): Promise<Explanation> {
  const because = `this mail was taken in before, as '${before.decision}'`
  const it = before.case_id ? await findCase(ctx.store.db, before.case_id) : null
  const taken: Judgement = {
    ...judgement,
    decision: { kind: 'ignore' },
    reason: because,
    rules: [{ rule: 'taken-before', applied: true, because }],
  }
  return { judgement: taken, caseNumber: it?.number ?? null }
}

/** The mailbox that the mail is addressed to; the first one where none is. */
export function mailboxOf(ctx: CaseContext, message: Message): MailboxPolicy {
  const addressed = new Set(
    [...message.deliveredTo, ...[...message.to, ...message.cc].map((it) => it.address)].map(withoutTag),
  )
  const found = ctx.policy.mailboxes.find((mailbox) => addressed.has(mailbox.address)) ?? ctx.policy.mailboxes[0]
  if (!found) throw new Error('there is no mailbox in the configuration')
  return found
}
