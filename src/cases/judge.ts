import { decide } from '../decision/rules.ts'
import type { Message } from '../message/message.ts'
import type { Db } from '../store/schema.ts'
import { type Applied, applyDecision } from './apply-decision.ts'
import { noteReader } from './contact.ts'
import { type CaseContext, mailboxNamed } from './context.ts'
import { cutSecretLinks } from './cut-secret-links.ts'
import { gatherFacts } from './gather-facts.ts'
import type { ParsedMail } from './parsed-mail.ts'
import { liftForSender, logLifted } from './suppress.ts'

/** What becomes of one mail: gathers facts, decides, and applies, in the caller's transaction. */
export async function judge(
  tx: Db,
  ctx: CaseContext,
  mailId: string,
  mail: ParsedMail,
  written: Message,
): Promise<Applied> {
  const message = cutSecretLinks(ctx.policy, written)
  const mailbox = mailboxNamed(ctx.policy, mail.place.mailbox)
  const scan = mail.scan ?? null
  const judgement = decide(
    message,
    await gatherFacts(tx, ctx.policy, mailbox, message, {
      now: ctx.world.now(),
      ownCheck: mail.ownCheck ?? null,
      scan,
    }),
  )
  const lifted = await liftForSender(tx, message, judgement)
  const applied = await applyDecision(tx, ctx, { mailId, mailbox, message, judgement, scan })
  await noteReader(tx, ctx, message, judgement)
  if (lifted && applied.caseId) await logLifted(tx, ctx, applied.caseId, message.from?.name ?? 'the sender')
  return applied
}
