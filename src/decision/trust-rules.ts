import type { Message } from '../message/message.ts'
import type { Decision } from './decision.ts'
import type { Facts } from './facts.ts'
import { isMember } from './pointers.ts'
import { isAtLeast } from './trust.ts'

/**
 * Anybody can write an agent's address into From, and a key may be stolen or forwarded: what bears an agent's address is let
 * in as the agent's only where its sender is as sure as the mailbox asks for.
 */
export function untrustedAgent(_message: Message, facts: Facts): { because: string; decision?: Decision } {
  if (facts.sender?.kind !== 'agent') return { because: 'the sender is no agent' }
  const { trust, agentsNeed } = facts
  const pointer = facts.pointers.find((p) => p.audience === 'agent')
  if (!pointer) return { because: 'it carries no key that was given to agents' }
  if (isAtLeast(trust.grade, agentsNeed))
    return { because: `the sender is ${trust.grade}, and ${agentsNeed} is enough` }
  return {
    because: `it bears an agent's address and the agents' key of case #${pointer.case.number}, but its sender is ${trust.grade} where ${agentsNeed} is asked for: ${trust.evidence}`,
    decision: { kind: 'hold', caseId: pointer.case.id, tellAgents: true },
  }
}

/**
 * A mail in the name of somebody with a part in the case, whose check failed: only agents see it, with a key as without. One
 * that failed as forwarded mail does is let in with a key alone.
 */
export function failedMember(_message: Message, facts: Facts): { because: string; decision?: Decision } {
  const { trust } = facts
  const pointer = facts.pointers.find((p) => isMember(facts, p.case))
  if (!pointer) return { because: 'the sender has no part in a case that it points at' }
  if (trust.grade !== 'failed' && !trust.forwarded) return { because: `the sender is ${trust.grade}` }
  const keyed = facts.pointers.some((p) => p.case.id === pointer.case.id && p.by !== 'known-id')
  if (trust.grade !== 'failed' && keyed) return { because: 'it was passed on, but it carries a key' }
  return {
    because: `it bears the address of somebody with a part in case #${pointer.case.number}, but it may be somebody else: ${trust.evidence}`,
    decision: { kind: 'hold', caseId: pointer.case.id, tellAgents: true },
  }
}
