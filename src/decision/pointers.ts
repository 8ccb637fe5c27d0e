import type { CaseFacts, CasePointer, Facts } from './facts.ts'

/** Whether the sender's address is that of the case's contact or of a participant. */
export function isMember(facts: Pick<Facts, 'sender'>, it: CaseFacts): boolean {
  const id = facts.sender?.personId
  return id !== undefined && (it.contactId === id || it.participantIds.has(id))
}

/**
 * Whether the mail carries a key that was given to the very person in From: the reply address that agents get, for an
 * agent, or that customers get, for somebody with a part in the case; or the Message-ID of a mail that we sent to that person.
 */
export function holdsOwnKey(facts: Pick<Facts, 'sender' | 'pointers'>): boolean {
  const { sender, pointers } = facts
  if (!sender) return false
  return pointers.some(({ by, audience, case: it, givenTo = [] }) => {
    if (by === 'own-id') return givenTo.includes(sender.personId)
    if (by !== 'reply-key') return false
    return audience === 'agent' ? sender.kind === 'agent' : isMember(facts, it)
  })
}

/** In words, for a reason. */
export function described(pointer: CasePointer): string {
  const by = {
    'reply-key': 'its signed reply address',
    'own-id': 'a Message-ID that we signed',
    'known-id': 'a Message-ID that was taken in before',
  }
  return by[pointer.by]
}
