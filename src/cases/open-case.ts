import { isoTime } from '../core/world.ts'
import type { OpeningSettings } from '../decision/decision.ts'
import { type Address, normaliseAddress } from '../model/address.ts'
import type { Case } from '../model/case.ts'
import type { Language } from '../model/language.ts'
import { findCase, insertCase, nextCaseNumber } from '../store/cases.ts'
import { findPersonByAddress, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { insertTags } from '../store/tags.ts'
import { type Change, logChanges } from './change.ts'
import { findOrMakeContact } from './contact.ts'
import type { CaseContext, MailboxPolicy } from './context.ts'
import { tell } from './tell.ts'

export interface NewCase {
  mailbox: MailboxPolicy
  /** null: a mail without a usable From. */
  contact: Address | null
  title: string
  description: string
  descriptionQuoted: string
  /** What the contact writes in, where that is known. */
  language: Language | null
  acknowledge: boolean
  /** Whether the contact is proven to have written: only then their title is in the receipt. */
  proven?: boolean
  /** The id of the closed case that it carries on. */
  followUpOf: string | null
  /** What it begins with, where the mailbox's defaults are not meant. */
  settings?: OpeningSettings | null
  /** Nobody is told: it waits to be admitted. */
  quiet?: boolean
  /** It waits to be admitted, and the agents are told so. */
  held?: boolean
  /** Who opens it, for the change log: the contact, the program, or an agent by name. */
  actor: 'contact' | 'posthorn' | { name: string }
}

/** Opens a case: number, contact, change log and notices, all in the caller's transaction. */
export async function openCase(tx: Db, ctx: CaseContext, from: NewCase): Promise<Case> {
  const contact = await findOrMakeContact(tx, ctx, from.contact, from.language)
  const settings = from.settings ?? null
  const assignee = settings?.assign ? await findAgent(tx, settings.assign) : null
  const it = makeCase(ctx, from, {
    number: await nextCaseNumber(tx),
    contactId: contact.id,
    assigneeId: assignee?.id ?? null,
  })
  await insertCase(tx, it)
  const actor = typeof from.actor === 'object' ? from.actor.name : from.actor === 'contact' ? contact.name : 'posthorn'
  await logChanges(tx, ctx, it.id, actor, [{ what: 'opened', to: `#${it.number}` }])
  if (settings) await noteSettings(tx, ctx, it, settings, assignee)
  if (from.followUpOf) await linkFollowUp(tx, ctx, it, from.followUpOf)
  if (from.quiet) return it
  await tell(tx, ctx, it, contact.id, {
    kind: 'opened',
    acknowledge: from.acknowledge,
    proven: from.proven ?? false,
    sender: contact.address,
    held: from.held ?? false,
  })
  return it
}

/** The case as it begins: what is not said comes from the mailbox. */
function makeCase(ctx: CaseContext, from: NewCase, ids: Pick<Case, 'number' | 'contactId' | 'assigneeId'>): Case {
  const at = isoTime(ctx.world.now())
  const { settings, mailbox } = from
  return {
    id: ctx.world.id(),
    ...ids,
    title: from.title,
    description: from.description,
    descriptionQuoted: from.descriptionQuoted,
    status: 'new',
    priority: settings?.priority ?? 'normal',
    organisationId: null,
    endCustomer: null,
    mailbox: mailbox.name,
    language: from.language ?? mailbox.language,
    product: settings?.product ?? mailbox.defaults.product,
    category: settings?.category ?? mailbox.defaults.category,
    routine: null,
    type: null,
    operatingSystem: null,
    version: null,
    answerBy: 'email',
    solution: null,
    followUpOf: from.followUpOf,
    mergedInto: null,
    createdAt: at,
    updatedAt: at,
  }
}

/** Somebody who is no agent any more gets no case. */
async function findAgent(tx: Db, address: string): Promise<Person | null> {
  const person = await findPersonByAddress(tx, normaliseAddress(address))
  return person?.kind === 'agent' ? person : null
}

/** The change log tells what a rule made of the case; what the mailbox gives every case is not told. */
async function noteSettings(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  { priority, product, category, tags }: OpeningSettings,
  assignee: Person | null,
): Promise<void> {
  await insertTags(tx, it.id, tags)
  const changes: Change[] = [
    { what: 'priority', to: priority },
    { what: 'product', to: product },
    { what: 'category', to: category },
    { what: 'tags', to: tags.join(' ') || null },
    { what: 'assignee', to: assignee?.name ?? null },
  ]
  await logChanges(
    tx,
    ctx,
    it.id,
    'posthorn',
    changes.filter((change) => change.to),
  )
}

/** Both sides of a follow-up say so in their change logs. */
async function linkFollowUp(tx: Db, ctx: CaseContext, it: Case, earlierId: string): Promise<void> {
  const earlier = await findCase(tx, earlierId)
  if (!earlier) return
  await logChanges(tx, ctx, it.id, 'posthorn', [{ what: 'follow-up', from: `#${earlier.number}` }])
  await logChanges(tx, ctx, earlier.id, 'posthorn', [{ what: 'follow-up', to: `#${it.number}` }])
}
