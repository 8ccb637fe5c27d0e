import type { Message } from '../message/message.ts'
import type { Decision } from './decision.ts'
import type { Facts } from './facts.ts'

type Verdict = { because: string; decision?: Decision }

/** A key that has expired admits nobody: an agent or a member of the case is held with it, a stranger opens a case of their own. */
export function expiredKey(_message: Message, facts: Facts): Verdict {
  const expired = facts.expiredKey ?? null
  if (!expired) return { because: 'it carries no key that has expired' }
  const { case: it, days } = expired
  const old = `its key of case #${it.number} was given out more than ${days} days ago`
  if (facts.pointers.some((pointer) => pointer.by !== 'known-id'))
    return { because: `${old}, but it carries another one that holds` }
  const id = facts.sender?.personId
  const member = id !== undefined && (it.contactId === id || it.participantIds.has(id))
  if (!member && facts.sender?.kind !== 'agent') return { because: `${old}, and the sender has no part in the case` }
  if (it.status === 'closed') return { because: `${old}, and the case is closed` }
  return { because: `${old}: only agents see it`, decision: { kind: 'hold', caseId: it.id, tellAgents: true } }
}
