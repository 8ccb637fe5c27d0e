import { isoTime } from '../core/world.ts'
import type { Charge } from '../decision/budgets.ts'
import { type RecipientFacts, refusalOf } from '../decision/guard.ts'
import { domainOf } from '../model/address.ts'
import type { Language } from '../model/language.ts'
import type { NoticeKind } from '../model/notice.ts'
import { type Preference, topicOf } from '../model/preferences.ts'
import { ownMessageId } from '../model/thread-key.ts'
import { enqueue } from '../store/outbox.ts'
import { findVerified } from '../store/people.ts'
import { findPreferences } from '../store/preferences.ts'
import type { Db } from '../store/schema.ts'
import { reasonsAgainst } from '../store/suppressions.ts'
import { spend } from './budgets.ts'
import { isServed, type NotifyContext, type SendingMailbox } from './context.ts'

/** Something that somebody is to be told. */
export interface NewNotice {
  kind: NoticeKind
  to: Recipient
  language: Language
  /** The mailbox that it leaves from. */
  mailbox: SendingMailbox
  /** null: it is about no case. */
  case: { id: string; number: number } | null
  commentId: string | null
  /** The data of the kind beyond case and comment (model/notice.ts), as store/notices.ts reads it. */
  data: object
  /** Why it must not be written, where whoever causes it knows a reason. */
  refusal?: string | null
  /** What it is paid with, if nothing else speaks against it (decision/budgets.ts). */
  charges?: Charge[]
}

/** Whom it is for. `id` null: nobody we know, so there are no choices to heed. */
export interface Recipient {
  id: string | null
  kind: 'contact' | 'agent'
  name: string | null
  address: string
}

/**
 * Puts one row into the outbox for each notice, in the caller's transaction: the only way to tell anybody anything. The guard
 * (decision/guard.ts) is asked about each; what is refused is kept as 'suppressed', with the reason. The rows' ids come back.
 */
export async function notify(tx: Db, ctx: NotifyContext, notices: readonly NewNotice[]): Promise<string[]> {
  if (notices.length === 0) return []
  const refusals = await refusalsOf(tx, ctx, notices)
  const at = isoTime(ctx.world.now())
  const rows = notices.map((notice, index) => {
    const id = ctx.world.id()
    const { to, mailbox } = notice
    return {
      id,
      kind: notice.kind,
      case_id: notice.case?.id ?? null,
      comment_id: notice.commentId,
      to_name: to.name,
      to_address: to.address,
      person_id: to.id,
      language: notice.language,
      mailbox: mailbox.name,
      data: JSON.stringify(notice.data),
      message_id: ownMessageId(ctx.policy.secrets, domainOf(mailbox.address), notice.case?.number ?? 0, id),
      created_at: at,
      suppressedBecause: refusals[index] ?? null,
    }
  })
  await enqueue(tx, rows)
  return rows.map((row) => row.id)
}

/** For each notice why it is not written, or null. Only what nothing else speaks against is paid for. */
async function refusalsOf(tx: Db, ctx: NotifyContext, notices: readonly NewNotice[]): Promise<(string | null)[]> {
  const known = await gather(tx, notices)
  const refusals = notices.map(
    (notice) => notice.refusal ?? refusalOf(notice.kind, notice.mailbox.name, factsOf(ctx, notice, known)),
  )
  const unpaid = await spend(
    tx,
    ctx,
    notices.map(({ charges = [] }, index) => (refusals[index] === null ? charges : [])),
  )
  return refusals.map((refusal, index) => refusal ?? unpaid[index] ?? null)
}

interface Known {
  suppressed: ReadonlyMap<string, string>
  preferences: ReadonlyMap<string, Preference[]>
  verified: ReadonlySet<string>
}

/** Three queries at the most, however many there are. */
async function gather(tx: Db, notices: readonly NewNotice[]): Promise<Known> {
  const choosing = notices.filter(({ kind }) => topicOf(kind) !== null)
  const persons = choosing.map(({ to }) => to.id).filter((id) => id !== null)
  const subscribed = choosing.filter(({ case: about }) => about === null).map(({ to }) => to.address)
  return {
    suppressed: await reasonsAgainst(
      tx,
      notices.map(({ to }) => to.address),
    ),
    preferences: await findPreferences(tx, persons),
    verified: await findVerified(tx, subscribed),
  }
}

function factsOf({ policy }: NotifyContext, { to }: NewNotice, known: Known): RecipientFacts {
  return {
    address: to.address,
    suppressed: known.suppressed.get(to.address) ?? null,
    preferences: known.preferences.get(to.id ?? '') ?? [],
    verified: known.verified.has(to.address),
    served: (topic) => isServed(policy, topic, to.kind),
  }
}
