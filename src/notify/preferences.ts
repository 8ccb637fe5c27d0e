import { PosthornError } from '../core/errors.ts'
import { isoTime } from '../core/world.ts'
import {
  isStopped,
  type KeptPreference,
  type Mode,
  modeOf,
  type Preference,
  resuming,
  stopping,
  type Topic,
} from '../model/preferences.ts'
import { findPeople, type Person } from '../store/people.ts'
import { dropPreference, listKept, writePreference } from '../store/preferences.ts'
import type { Db } from '../store/schema.ts'
import { isServed, type NotifyContext, type NotifyPolicy } from './context.ts'

/** Something that a person may choose. `mailbox` '' is for all of them. */
export interface Offer {
  topic: Topic
  mailbox: string
  /** What may be chosen; null: as it is for all mailboxes. */
  modes: readonly (Mode | null)[]
}

/** What was chosen; `mode` null: as it is for all mailboxes. */
export interface Choice {
  topic: Topic
  mailbox: string
  mode: Mode | null
}

/** A person with everything that they may choose, and what holds now. */
export interface PreferencesView {
  person: Person
  choices: (Offer & { mode: Mode | null })[]
}

/** What somebody may choose: agents also for each mailbox, and nothing that waits for a digest that is not written. */
export function offersTo(policy: NotifyPolicy, kind: Person['kind']): Offer[] {
  const modes = (topic: Topic): Mode[] => (isServed(policy, topic, kind) ? ['now', 'digest', 'off'] : ['now', 'off'])
  const offer = (topic: Topic): Offer => ({ topic, mailbox: '', modes: modes(topic) })
  const { mailboxes } = policy
  const each = kind === 'agent' && mailboxes.length > 1 ? mailboxes : []
  const offers = [
    offer('comments'),
    ...each.map(({ name }): Offer => ({ topic: 'comments', mailbox: name, modes: [null, ...modes('comments')] })),
    offer('solutions'),
    offer('areas'),
  ]
  const digests = offers.some((it) => it.modes.includes('digest'))
  return [...offers, ...(digests ? [{ topic: 'digests' as const, mailbox: '', modes: ['now', 'off'] as const }] : [])]
}

/** What a person may choose and has chosen; null where there is no such person. */
export async function viewPreferences(
  db: Db,
  { policy }: Pick<NotifyContext, 'policy'>,
  personId: string,
): Promise<PreferencesView | null> {
  const [person] = await findPeople(db, [personId])
  if (!person) return null
  const kept = await listKept(db, personId)
  return {
    person,
    choices: offersTo(policy, person.kind).map((offer) => ({ ...offer, mode: heldBy(kept, offer) })),
  }
}

function heldBy(kept: readonly Preference[], { topic, mailbox, modes }: Offer): Mode | null {
  if (mailbox !== '' && !kept.some((it) => it.topic === topic && it.mailbox === mailbox)) return null
  const mode = modeOf(kept, topic, mailbox)
  // What waits for a digest that is not written comes at once (decision/guard.ts).
  return modes.includes(mode) ? mode : 'now'
}

/**
 * Writes what a person chose over what was there; what is not named stays. Without digests nothing waits for one: it comes
 * at once. Throws 'no-such-choice' where something is not on offer (offersTo).
 */
export async function setPreferences(
  tx: Db,
  ctx: NotifyContext,
  person: Pick<Person, 'id' | 'kind'>,
  choices: readonly Choice[],
): Promise<void> {
  const offers = offersTo(ctx.policy, person.kind)
  for (const choice of choices) assertOffered(offers, choice)
  const kept = await listKept(tx, person.id)
  const chosen = (it: Preference) => choices.some(({ topic, mailbox }) => topic === it.topic && mailbox === it.mailbox)
  const digestsOff = choices.some(({ topic, mode }) => topic === 'digests' && mode === 'off')
  const left = kept.filter((it) => !chosen(it))
  const at = isoTime(ctx.world.now())
  const write = async (topic: Topic, mailbox: string, mode: Mode) => {
    const held = digestsOff && mode === 'digest' ? 'now' : mode
    await writePreference(tx, person.id, { topic, mailbox, mode: held, was: null, stoppedWith: null }, at)
  }
  for (const { topic, mailbox, mode } of left) if (digestsOff && mode === 'digest') await write(topic, mailbox, mode)
  for (const { topic, mailbox, mode } of choices)
    if (mode === null) await dropPreference(tx, person.id, topic, mailbox)
    else await write(topic, mailbox, mode)
}

function assertOffered(offers: readonly Offer[], { topic, mailbox, mode }: Choice): void {
  const offer = offers.find((it) => it.topic === topic && it.mailbox === mailbox)
  if (offer?.modes.includes(mode)) return
  const where = mailbox === '' ? '' : ` for the mailbox '${mailbox}'`
  throw new PosthornError('no-such-choice', `'${mode}' cannot be chosen about ${topic}${where}`, {
    temporary: false,
    hint: offer
      ? `Choose one of: ${offer.modes.map((it) => it ?? 'default').join(', ')}. 'digest' needs a digest in the configuration (digests).`
      : `There are: ${offers.map((it) => (it.mailbox === '' ? it.topic : `${it.topic} for '${it.mailbox}'`)).join(', ')}.`,
  })
}

/** Ends all mail about a topic for a person, in every mailbox. Says whether they got any until now: twice is once. */
export async function stopTopic(tx: Db, ctx: NotifyContext, personId: string, topic: Topic): Promise<boolean> {
  const kept = await listKept(tx, personId)
  if (isStopped(kept, topic)) return false
  await writeAll(tx, ctx, personId, stopping(kept, topic))
  return true
}

/** Takes back that a topic was ended: it is as it was before. Says whether it was ended until now. */
export async function resumeTopic(tx: Db, ctx: NotifyContext, personId: string, topic: Topic): Promise<boolean> {
  const kept = await listKept(tx, personId)
  if (!isStopped(kept, topic)) return false
  await writeAll(tx, ctx, personId, resuming(kept, topic))
  return true
}

async function writeAll(tx: Db, ctx: NotifyContext, personId: string, rows: readonly KeptPreference[]): Promise<void> {
  const at = isoTime(ctx.world.now())
  for (const row of rows) await writePreference(tx, personId, row, at)
}
