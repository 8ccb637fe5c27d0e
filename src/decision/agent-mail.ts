import type { Message } from '../message/message.ts'
import { type Refusal, readCommands } from './commands.ts'
import type { Decision, Receipt } from './decision.ts'
import type { CasePointer, Facts } from './facts.ts'
import { NO_COMMAND_FACTS, type Order, resolveCommands } from './orders.ts'

/**
 * What becomes of the mail of an agent who may command: a comment with orders, orders alone, or, where a single command
 * cannot be carried out, nothing but a note that the agents see. Only the reply is read: a command in a quoted part is none.
 */
export function judgeAgentMail(
  message: Message,
  facts: Facts,
  agentId: string,
  pointer: CasePointer,
): { because: string; decision: Decision } {
  const lines = readCommands(message.reply)
  const { number, id: caseId } = pointer.case
  const scene = {
    it: pointer.case,
    agentId,
    ownAddresses: facts.ownAddresses,
    facts: facts.commands ?? NO_COMMAND_FACTS,
  }
  const { orders, refused } = resolveCommands(lines, scene)
  const wordless = lines.text === '' && message.attachments.length === 0
  const receipt: Receipt | null =
    lines.commands.length + refused.length === 0 ? null : { personId: agentId, refused, wordless }
  if (refused.length > 0)
    return {
      because: `an agent wrote a command that cannot be carried out (${describe(refused)}): kept from the customer`,
      decision: { kind: 'hold', caseId, tellAgents: false, receipt },
    }
  if (!wordless) {
    const visibility = orders.some((it) => it.kind === 'note') ? 'internal' : 'public'
    return {
      because: `an agent answered case #${number}`,
      decision: {
        kind: 'comment',
        caseId,
        personId: agentId,
        role: 'agent',
        visibility,
        commands: orders,
        text: lines.text,
        receipt,
      },
    }
  }
  return withoutWords(caseId, number, agentId, orders, receipt)
}

function withoutWords(
  caseId: string,
  number: number,
  personId: string,
  commands: Order[],
  receipt: Receipt | null,
): { because: string; decision: Decision } {
  if (commands.length > 0)
    return {
      because: `an agent gave commands and wrote nothing else in case #${number}`,
      decision: { kind: 'command', caseId, personId, commands, receipt },
    }
  return {
    because: `an agent's answer to case #${number} holds no words of its own`,
    decision: { kind: 'hold', caseId, tellAgents: true },
  }
}

function describe(refused: Refusal[]): string {
  return refused.map(({ line, why }) => `${line}: ${why}`).join(', ')
}
