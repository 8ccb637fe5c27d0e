import type { World } from '../core/world.ts'
import type { Language } from '../model/language.ts'
import type { Budgets } from '../model/policy.ts'
import type { Topic } from '../model/preferences.ts'
import type { Secrets } from '../model/thread-key.ts'

/** What telling people needs besides its arguments. */
export interface NotifyContext {
  world: World
  policy: NotifyPolicy
}

/** The part of the configuration that decides about who is told. */
export interface NotifyPolicy {
  secrets: Secrets
  mailboxes: readonly SendingMailbox[]
  budgets: Budgets
  /** The digests that are written at all; absent: none, and then nothing waits for one. */
  digests?: DigestsServed
}

export type DigestsServed = Readonly<Record<'agents' | 'contacts' | 'articles', boolean>>

/** A mailbox as notices leave from it. */
export interface SendingMailbox {
  /** Its name in the configuration. */
  name: string
  /** The support address, lower case. */
  address: string
  language: Language
}

/** Whether what a person wants in a digest about a topic will be in one. */
export function isServed(policy: NotifyPolicy, topic: Topic, kind: 'contact' | 'agent'): boolean {
  if (topic === 'areas') return policy.digests?.articles ?? false
  return (kind === 'agent' ? policy.digests?.agents : policy.digests?.contacts) ?? false
}
