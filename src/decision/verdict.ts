import type { Message } from '../message/message.ts'
import type { Decision } from './decision.ts'
import type { Facts } from './facts.ts'

/** Somebody's own key to say that a solution helped, as a mail brought it back. */
export interface Answering {
  caseId: string
  number: number
  personId: string
  role: 'contact' | 'participant'
  /** Whether it can be said now, was said already, or comes too late. */
  state: 'open' | 'done' | 'over'
}

/**
 * A mail to the address that stands in nobody's mail but its holder's. Without words it is the click that it looks like,
 * whoever sends it: a mail that was forwarded gives its key away, as with the key to leave a case. Words are let in as the
 * holder's from the holder alone; those of anybody else go the way of every mail with a key of the case.
 */
export function solutionVerdict(
  message: Pick<Message, 'automatic' | 'bounce' | 'reply' | 'attachments'>,
  facts: Pick<Facts, 'answering' | 'sender' | 'trust'>,
): { because: string; decision?: Decision } {
  const { answering, sender, trust } = facts
  if (!answering) return { because: 'it carries no key that says whether a solution helped' }
  if (message.automatic || message.bounce) return { because: 'it carries a key of a solution, but no person sent it' }
  const { caseId, number, personId, role, state } = answering
  const wordless = message.reply.trim() === '' && message.attachments.length === 0
  if (state === 'over') {
    const because = `it carries the key of a solution, but case #${number} has gone on since`
    return wordless ? { because: `${because}, and it holds no words`, decision: { kind: 'ignore' } } : { because }
  }
  const accept = { kind: 'accept', caseId, personId, role } as const
  if (wordless)
    return { because: `the ${role} says that case #${number} is solved`, decision: { ...accept, text: null } }
  if (sender?.personId !== personId || trust.grade === 'failed')
    return {
      because: 'it carries the key of a solution, but its words are not surely those of whom the key was given to',
    }
  const because = `the ${role} says that case #${number} is solved, with words`
  return { because, decision: { ...accept, text: message.reply } }
}
