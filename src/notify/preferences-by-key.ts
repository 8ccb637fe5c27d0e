import { isoTime } from '../core/world.ts'
import { isStopped, type Topic } from '../model/preferences.ts'
import { readSettingsKey, readStopKey, settingsKey } from '../model/thread-key.ts'
import type { Store } from '../store/open.ts'
import { findPeople, markVerified, type Person } from '../store/people.ts'
import { listKept } from '../store/preferences.ts'
import type { Db } from '../store/schema.ts'
import type { NotifyContext } from './context.ts'
import {
  type Choice,
  type PreferencesView,
  resumeTopic,
  setPreferences,
  stopTopic,
  viewPreferences,
} from './preferences.ts'

/** What the pages need on which somebody chooses what to be told of, with no more than a key of their own. */
export type PagesContext = NotifyContext & { store: Store }

/** A topic that a key ends, and for whom. */
export interface StopView {
  person: Person
  topic: Topic
  stopped: boolean
  /** The person's key to all their choices. */
  settingsKey: string
}

/** What the holder of a settings key may choose; null where the key is not whole, or nobody's. Changes nothing. */
export async function viewByKey(ctx: PagesContext, text: string): Promise<PreferencesView | null> {
  const personId = readSettingsKey(ctx.policy.secrets, text)
  return personId === null ? null : await viewPreferences(ctx.store.db, ctx, personId)
}

/**
 * Writes what the holder of a settings key chose, who has shown by it that they read the mails to their address.
 * null as in viewByKey. Throws as setPreferences does.
 */
export async function chooseByKey(
  ctx: PagesContext,
  text: string,
  choices: readonly Choice[],
): Promise<PreferencesView | null> {
  const personId = readSettingsKey(ctx.policy.secrets, text)
  if (personId === null) return null
  return await ctx.store.transaction(async (tx) => {
    const [person] = await findPeople(tx, [personId])
    if (!person) return null
    await setPreferences(tx, ctx, person, choices)
    await markVerified(tx, person.address, isoTime(ctx.world.now()))
    return await viewPreferences(tx, ctx, personId)
  })
}

/** What a stop key is for; null where it is not whole, or nobody's. Changes nothing. */
export async function viewStop(ctx: PagesContext, text: string): Promise<StopView | null> {
  return await holderOf(ctx.store.db, ctx, text)
}

/** Ends the topic of a stop key (stopTopic). It proves nothing of who asks: a mail provider may do so in somebody's stead. */
export async function stopByKey(ctx: PagesContext, text: string): Promise<StopView | null> {
  return await change(ctx, text, stopTopic)
}

/** Takes back that the topic of a stop key was ended (resumeTopic). */
export async function resumeByKey(ctx: PagesContext, text: string): Promise<StopView | null> {
  return await change(ctx, text, resumeTopic)
}

async function change(ctx: PagesContext, text: string, verb: typeof stopTopic): Promise<StopView | null> {
  return await ctx.store.transaction(async (tx) => {
    const found = await holderOf(tx, ctx, text)
    if (!found) return null
    await verb(tx, ctx, found.person.id, found.topic)
    return await holderOf(tx, ctx, text)
  })
}

async function holderOf(db: Db, { policy }: PagesContext, text: string): Promise<StopView | null> {
  const key = readStopKey(policy.secrets, text)
  const [person] = key ? await findPeople(db, [key.personId]) : []
  if (!key || !person) return null
  const stopped = isStopped(await listKept(db, person.id), key.topic)
  return { person, topic: key.topic, stopped, settingsKey: settingsKey(policy.secrets, person.id) }
}
