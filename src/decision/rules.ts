import type { Message } from '../message/message.ts'
import { mayAcknowledge } from './acknowledge.ts'
import { administratorRule, withSettings } from './administrator.ts'
import { agentForward } from './agent-forward.ts'
import { judgeAgentMail } from './agent-mail.ts'
import { deliveryReport, feedbackReport } from './bounces.ts'
import type { Decision, Judgement, RuleTrace } from './decision.ts'
import { expiredKey } from './expired-key.ts'
import type { Facts } from './facts.ts'
import { leaveCase } from './leave.ts'
import { malware } from './malware.ts'
import { newTopic } from './new-topic.ts'
import { withoutOwnClaim } from './own-claim.ts'
import { described, isMember } from './pointers.ts'
import { spam } from './spam.ts'
import { stopTopic } from './stop.ts'
import { failedMember, untrustedAgent } from './trust-rules.ts'
import { solutionVerdict } from './verdict.ts'

/** Looks at a mail and says why it does not apply, or what is to be done and why. */
type Rule = { name: string; look: (message: Message, facts: Facts) => Verdict }
type Verdict = { because: string; decision?: Decision }

/**
 * What is to be done with a mail: the first rule that applies decides, and every rule that was looked at says why.
 * Pure. The order is the policy: what could start a loop comes first, then what a key admits, then what only looks like an
 * answer, and a new case is what remains, so that no mail falls through.
 */
export function decide(mail: Message, facts: Facts): Judgement {
  const message = withoutOwnClaim(mail)
  const { grade, evidence } = facts.trust
  const rules: RuleTrace[] = [{ rule: 'trust', applied: false, because: `the sender is ${grade}: ${evidence}` }]
  for (const rule of RULES) {
    const { because, decision } = rule.look(message, facts)
    rules.push({ rule: rule.name, applied: decision !== undefined, because })
    if (decision) return { decision: withSettings(decision, message, facts), reason: because, trust: grade, rules }
  }
  throw new Error('no rule decided: the last one must always apply')
}

const RULES: readonly Rule[] = [
  { name: 'own-mail', look: ownMail },
  { name: 'delivery-report', look: deliveryReport },
  { name: 'feedback-report', look: feedbackReport },
  { name: 'malware', look: malware },
  { name: 'administrator', look: administratorRule },
  { name: 'leave-case', look: leaveCase },
  { name: 'stop-topic', look: stopTopic },
  { name: 'automatic-answer', look: automaticAnswer },
  { name: 'untrusted-agent', look: untrustedAgent },
  { name: 'expired-key', look: expiredKey },
  { name: 'solution-verdict', look: solutionVerdict },
  { name: 'agent-with-key', look: agentWithKey },
  { name: 'agent-forward', look: agentForward },
  { name: 'agent-without-key', look: agentWithoutKey },
  { name: 'new-topic', look: newTopic },
  { name: 'closed-case', look: closedCase },
  { name: 'failed-member', look: failedMember },
  { name: 'member-of-case', look: memberOfCase },
  { name: 'stranger-with-key', look: strangerWithKey },
  { name: 'spam', look: spam },
  { name: 'new-case', look: newCase },
]

function ownMail(_message: Message, facts: Facts): Verdict {
  if (!facts.messageIdIsOurs) return no('its Message-ID does not carry our signature')
  return { because: 'it is a mail that we sent ourselves, come back', decision: { kind: 'ignore' } }
}

function automaticAnswer(message: Message, facts: Facts): Verdict {
  const automatic = message.automatic
  if (!automatic) return no('nothing says that a machine wrote it')
  const pointer = facts.pointers[0]
  const answers = automatic.kind === 'auto-reply' || automatic.kind === 'out-of-office'
  const what = `a machine wrote it (${automatic.kind}: ${automatic.evidence})`
  if (pointer) {
    // Another help desk's answer for a colleague of the customer reads like that: somebody may be waiting.
    const tellAgents = !answers && isMember(facts, pointer.case)
    const who = tellAgents ? 'agents see it, since the sender takes part' : 'told to nobody'
    return {
      because: `${what}, in answer to case #${pointer.case.number}: kept there, ${who}`,
      decision: { kind: 'hold', caseId: pointer.case.id, tellAgents },
    }
  }
  if (answers) return { because: `${what}, in answer to nothing that we know`, decision: { kind: 'ignore' } }
  return no(`${what}, but it answers nothing: it may be the beginning of a case`)
}

function agentWithKey(message: Message, facts: Facts): Verdict {
  if (facts.sender?.kind !== 'agent') return no('the sender is no agent')
  const pointer = facts.pointers.find((p) => p.audience === 'agent')
  if (!pointer) return no('it carries no key that was given to agents')
  const { because, decision } = judgeAgentMail(message, facts, facts.sender.personId, pointer)
  return { because: `${because}, by ${described(pointer)}`, decision }
}

/** Anybody can write an agent's address into From: without the agents' key it is not believed. */
function agentWithoutKey(_message: Message, facts: Facts): Verdict {
  if (facts.sender?.kind !== 'agent') return no('the sender is no agent')
  const pointer = facts.pointers[0]
  if (!pointer) return no('it points at no case')
  if (isMember(facts, pointer.case)) return no('the agent has a part in the case as its contact')
  return {
    because: `it bears an agent's address and points at case #${pointer.case.number} without the key that agents are given`,
    decision: { kind: 'hold', caseId: pointer.case.id, tellAgents: true },
  }
}

function closedCase(message: Message, facts: Facts): Verdict {
  const pointer = facts.pointers.find((p) => isMember(facts, p.case))
  if (pointer?.case.status !== 'closed') return no('it points at no closed case of the sender')
  return {
    because: `it answers case #${pointer.case.number}, which is closed: a new case carries it on`,
    decision: {
      kind: 'open',
      contact: message.from,
      acknowledge: mayAcknowledge(message, facts.ownAddresses, facts.trust.grade),
      followUpOf: pointer.case.id,
    },
  }
}

function memberOfCase(message: Message, facts: Facts): Verdict {
  const pointer = facts.pointers.find((p) => isMember(facts, p.case))
  if (!pointer || !facts.sender)
    return no(facts.pointers.length > 0 ? 'the sender has no part in the case it points at' : 'it points at no case')
  const role = pointer.case.contactId === facts.sender.personId ? 'contact' : 'participant'
  return {
    because: `the ${role} answered case #${pointer.case.number} by ${described(pointer)}`,
    decision: {
      kind: 'comment',
      caseId: pointer.case.id,
      personId: facts.sender.personId,
      role,
      visibility: 'public',
      commands: [],
      text: message.reply,
    },
  }
}

function strangerWithKey(_message: Message, facts: Facts): Verdict {
  const pointer = facts.pointers.find((p) => p.by !== 'known-id')
  if (!pointer) return no('it carries no key of ours')
  return {
    because: `somebody without a part in case #${pointer.case.number} wrote with its key (${described(pointer)}): only agents see it`,
    decision: { kind: 'hold', caseId: pointer.case.id, tellAgents: true },
  }
}

function newCase(message: Message, facts: Facts): Verdict {
  return {
    because: 'nothing says that it belongs to a case of the sender',
    decision: {
      kind: 'open',
      contact: message.from,
      acknowledge: mayAcknowledge(message, facts.ownAddresses, facts.trust.grade),
      followUpOf: null,
    },
  }
}

function no(because: string): Verdict {
  return { because }
}
