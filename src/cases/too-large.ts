import { isoTime } from '../core/world.ts'
import { mayAcknowledge } from '../decision/acknowledge.ts'
import { automaticMailCharges } from '../decision/budgets.ts'
import type { Message } from '../message/message.ts'
import { type Language, writtenLanguage } from '../model/language.ts'
import { notify } from '../notify/notify.ts'
import { findLedger, type Place, writeLedger } from '../store/mails.ts'
import type { Db } from '../store/schema.ts'
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
    await tellSender(tx, ctx, mail, it)
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
  it: { id: string; number: number; language: Language },
): Promise<void> {
  const to = message?.from
  const own = new Set(ctx.policy.mailboxes.map((mailbox) => mailbox.address))
  if (!to || !mayAcknowledge(message, own, 'unverified')) return
  const mailbox = mailboxNamed(ctx.policy, place.mailbox)
  await notify(tx, ctx, [
    {
      kind: 'mail-too-large',
      to: { id: null, kind: 'contact', ...to },
      language: it.language,
      mailbox,
      case: it,
      commentId: null,
      // Nothing of the sender's words goes to an address that nobody has proven.
      data: { subject: '', size, limit },
      charges: automaticMailCharges('acknowledgement', to.address, ctx.policy.budgets),
    },
  ])
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`
}
