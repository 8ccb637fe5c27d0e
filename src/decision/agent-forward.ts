import { readSeparator } from '../message/markers/forward-separators.ts'
import { readHeaderLine } from '../message/markers/header-labels.ts'
import type { Forwarded, Message } from '../message/message.ts'
import { type Address, normaliseAddress, withoutTag } from '../model/address.ts'
import { mayAcknowledge } from './acknowledge.ts'
import { readCommands } from './commands.ts'
import type { Decision } from './decision.ts'
import type { CaseFacts, Facts } from './facts.ts'
import { NO_COMMAND_FACTS, resolveCommands } from './orders.ts'
import { isAtLeast } from './trust.ts'

/** Commands above a forward are about the case that it opens; it has no number yet. */
const TO_BE_OPENED: CaseFacts = { id: '', number: 0, status: 'new', contactId: '', participantIds: new Set() }

/**
 * An agent passes a customer's mail on to the support address: a case for that customer, and what the agent wrote above is
 * for colleagues. Believed where an agent's commands would be; otherwise it is a mail from that address like any other.
 */
export function agentForward(message: Message, facts: Facts): { because: string; decision?: Decision } {
  if (facts.sender?.kind !== 'agent') return { because: 'the sender is no agent' }
  const contact = forwardedSender(message)
  if (!message.forwarded || !contact) return { because: 'it forwards no mail whose sender can be read' }
  if (facts.pointers.length > 0) return { because: 'it points at a case' }
  if (facts.ownAddresses.has(withoutTag(contact.address))) return { because: 'it forwards a mail of our own' }
  const { trust, agentsNeed } = facts
  if (!isAtLeast(trust.grade, agentsNeed))
    return { because: `its sender is ${trust.grade} where ${agentsNeed} is asked for` }
  const lines = readCommands(wordsAbove(message.reply, message.forwarded))
  const scene = { it: TO_BE_OPENED, agentId: facts.sender.personId, ownAddresses: facts.ownAddresses }
  const { orders, refused } = resolveCommands(lines, { ...scene, facts: facts.commands ?? NO_COMMAND_FACTS })
  const quiet = refused.length > 0 || orders.some((order) => order.kind === 'note')
  return {
    because: 'an agent forwarded a mail: it is a case of whoever wrote that mail',
    decision: {
      kind: 'open',
      contact,
      acknowledge: !quiet && mayAcknowledge({ ...message, from: contact }, facts.ownAddresses, trust.grade),
      followUpOf: null,
      forward: {
        agentId: facts.sender.personId,
        note: lines.text,
        commands: refused.length > 0 ? [] : orders,
        receipt:
          lines.commands.length + refused.length === 0
            ? null
            : { personId: facts.sender.personId, refused, wordless: true },
      },
    },
  }
}

function forwardedSender({ forwarded }: Message): Address | null {
  const address = normaliseAddress(forwarded?.from?.address ?? '')
  return /^[^\s@<>"(),;:]+@[^\s@<>"(),;:]+$/.test(address) ? { name: forwarded?.from?.name ?? null, address } : null
}

/** The forwarder's own words: what stands above the forwarded mail, or everything where that was attached. */
export function wordsAbove(reply: string, forwarded: Forwarded): string {
  const first = forwarded.text.split('\n').find((line) => line.trim() !== '')
  const lines = reply.split('\n')
  const inline = first !== undefined && lines.some((line) => unquoted(line).includes(first.trim()))
  if (!inline) return reply
  const end = lines.findIndex((line) => begins(line, first))
  return lines.slice(0, end < 0 ? lines.length : end).join('\n')
}

function begins(line: string, first: string): boolean {
  const bare = unquoted(line)
  return (
    line.trimStart().startsWith('>') ||
    readSeparator(bare) !== null ||
    readHeaderLine(bare) !== null ||
    bare.includes(first.trim())
  )
}

function unquoted(line: string): string {
  return line.replace(/^[\s>]+/, '')
}
