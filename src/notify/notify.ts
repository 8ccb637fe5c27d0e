import { isoTime } from '../core/world.ts'
import type { Charge } from '../decision/budgets.ts'
import { needsProof, type RecipientFacts, refusalsOf } from '../decision/guard.ts'
import { domainOf, withoutTag } from '../model/address.ts'
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
  /** A customer waits for an answer: of these notices in one call at least one is written, even where all chose otherwise. */
  mustReach?: boolean
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
  const refusals = await decideAll(tx, ctx, notices)
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
export async function decideAll(tx: Db, ctx: NotifyContext, notices: readonly NewNotice[]): Promise<(string | null)[]> {
  const known = await gather(tx, notices)
  const own = new Set(ctx.policy.mailboxes.map(({ address }) => address))
  const refusals = refusalsOf(
    notices.map((notice) => ({
      kind: notice.kind,
      mailbox: notice.mailbox.name,
      who: { ...factsOf(ctx, notice, known), own: own.has(withoutTag(notice.to.address)) },
      mustReach: notice.mustReach ?? false,
      refusal: notice.refusal ?? null,
    })),
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
  preferences: ReadonlyMap<string, readonly Preference[]>
  verified: ReadonlySet<string>
}

/** Three queries at the most, however many notices there are; a transaction asks for each person's choices once. */
async function gather(tx: Db, notices: readonly NewNotice[]): Promise<Known> {
  const suppressed = await reasonsAgainst(
    tx,
    notices.map(({ to }) => to.address),
  )
  const choosing = notices.filter(({ kind }) => topicOf(kind) !== null)
  const preferences = await findPreferences(
    tx,
    choosing.map(({ to }) => to.id).filter((id) => id !== null),
  )
  const wantsDigest = (id: string | null) => preferences.get(id ?? '')?.some(({ mode }) => mode === 'digest') ?? false
  const doubtful = choosing.filter(({ kind, to }) => needsProof(kind) || wantsDigest(to.id))
  const verified = await findVerified(
    tx,
    doubtful.map(({ to }) => to.address),
  )
  return { suppressed, preferences, verified }
}

function factsOf({ policy }: NotifyContext, { to }: NewNotice, known: Known): Omit<RecipientFacts, 'own'> {
  const verified = known.verified.has(to.address)
  return {
    address: to.address,
    suppressed: known.suppressed.get(to.address) ?? null,
    preferences: known.preferences.get(to.id ?? '') ?? [],
    verified,
    // Digests of articles and to customers go to verified addresses alone.
    served: (topic) => isServed(policy, topic, to.kind) && (verified || (to.kind === 'agent' && topic !== 'areas')),
  }
}
