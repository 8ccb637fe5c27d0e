import { isoTime } from '../core/world.ts'
import { mayAcknowledge } from '../decision/acknowledge.ts'
import { automaticMailCharges } from '../decision/budgets.ts'
import type { Message } from '../message/message.ts'
import { domainOf } from '../model/address.ts'
import { writtenLanguage } from '../model/language.ts'
import { ownMessageId } from '../model/thread-key.ts'
import { findLedger, type Place, writeLedger } from '../store/mails.ts'
import { enqueue } from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import { spend } from './budgets.ts'
import { type CaseContext, mailboxNamed } from './context.ts'
import { openCase } from './open-case.ts'

export interface TooLarge {
  place: Place
  /** Bytes; what is allowed. */
  size: number
  limit: number
  /** What its header says; null where even that could not be read. */
  message: Message | null
}

/** A mail over the size limit: it stays on the server, the agents get a case, the sender is told once. Seen again, nothing happens. */
export async function reportTooLarge(ctx: CaseContext, mail: TooLarge): Promise<void> {
  await ctx.store.transaction(async (tx) => {
    if (await findLedger(tx, mail.place)) return
    const at = isoTime(ctx.world.now())
    const it = await openReport(tx, ctx, mail)
    await tellSender(tx, ctx, mail, it, at)
    await writeLedger(tx, [
      { ...mail.place, mail_id: null, status: 'kept', attempts: 1, last_error: null, taken_at: at },
    ])
  })
}

async function openReport(tx: Db, ctx: CaseContext, { place, message, size, limit }: TooLarge) {
  const mailbox = mailboxNamed(ctx.policy, place.mailbox)
  const from = message?.from ?? null
  return await openCase(tx, ctx, {
    mailbox,
    contact: from,
    title: `Mail too large: ${message?.subject.slice(0, 200) || '–'}`,
    description: `A mail of ${megabytes(size)} from ${from?.address ?? 'an unknown sender'} is over the limit of ${megabytes(limit)}.\nIt stays in the mailbox ${place.mailbox} (UID ${place.uid}). Raise limits.mailSize to take it in, or fetch it there.`,
    descriptionQuoted: '',
    language: writtenLanguage(message?.language ?? null),
    acknowledge: false,
    followUpOf: null,
    actor: 'posthorn',
  })
}

async function tellSender(
  tx: Db,
  ctx: CaseContext,
  { place, message, size, limit }: TooLarge,
  it: { id: string; number: number; language: 'da' | 'nb' | 'sv' | 'en' },
  at: string,
): Promise<void> {
  const to = message?.from
  const own = new Set(ctx.policy.mailboxes.map((mailbox) => mailbox.address))
  if (!to || !mayAcknowledge(message, own, 'unverified')) return
  const [refusal] = await spend(tx, ctx, [automaticMailCharges('acknowledgement', to.address, ctx.policy.budgets)])
  const mailbox = mailboxNamed(ctx.policy, place.mailbox)
  const id = ctx.world.id()
  await enqueue(tx, [
    {
      id,
      kind: 'mail-too-large',
      case_id: it.id,
      comment_id: null,
      to_name: to.name,
      to_address: to.address,
      person_id: null,
      language: it.language,
      mailbox: mailbox.name,
      // Nothing of the sender's words goes to an address that nobody has proven.
      data: JSON.stringify({ subject: '', size, limit }),
      message_id: ownMessageId(ctx.policy.secrets, domainOf(mailbox.address), it.number, id),
      created_at: at,
      suppressedBecause: refusal ?? null,
    },
  ])
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`
}
