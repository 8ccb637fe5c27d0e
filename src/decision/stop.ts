import type { Message } from '../message/message.ts'
import type { Topic } from '../model/preferences.ts'
import type { Decision } from './decision.ts'
import type { Facts } from './facts.ts'

/** A person's own key to end a topic, as a mail brought it back. */
export interface Stopping {
  personId: string
  topic: Topic
}

/**
 * As with a key to leave a case, nobody else has it, and providers unsubscribe in their user's stead (RFC 2369). What only
 * answers a mail is no wish of anybody's: an out-of-office mail goes wherever an address leads it. Reports were seen to before.
 */
export function stopTopic(
  { automatic }: Pick<Message, 'automatic'>,
  { stopping }: Pick<Facts, 'stopping'>,
): { because: string; decision?: Decision } {
  if (!stopping) return { because: 'it carries no key to end a kind of mail' }
  if (automatic?.kind === 'auto-reply' || automatic?.kind === 'out-of-office')
    return { because: 'it carries a key to end a kind of mail, but a machine answers and nobody asks' }
  const { personId, topic } = stopping
  return {
    because: `whoever has this key wants no more mail about ${topic}`,
    decision: { kind: 'stop-topic', personId, topic },
  }
}
