import { withoutPrefixes } from '../message/markers/subject-prefixes.ts'
import type { Message } from '../message/message.ts'
import { mayAcknowledge } from './acknowledge.ts'
import type { Decision } from './decision.ts'
import type { Facts } from './facts.ts'
import { isMember } from './pointers.ts'

/**
 * A new matter, begun with 'reply' on an old mail because that fills in the address: it carries no key of ours, quotes
 * nothing, and its subject has not a word in common with what it answers. Whatever is in doubt stays an answer.
 */
export function newTopic(message: Message, facts: Facts): { because: string; decision?: Decision } {
  const pointer = facts.pointers.find((p) => isMember(facts, p.case))
  if (!pointer) return { because: 'it points at no case of the sender' }
  if (facts.pointers.some((p) => p.by !== 'known-id')) return { because: 'it carries a key of ours: it is an answer' }
  const { subjects = [], case: it } = pointer
  if (subjects.length === 0) return { because: 'the subject of what it answers is not known' }
  if (message.quoted.trim() !== '') return { because: 'it quotes a mail: it is an answer' }
  const words = significantWords(message.subject)
  if (words.size === 0) return { because: 'its subject says nothing' }
  for (const old of it.title === undefined ? subjects : [...subjects, it.title]) {
    const before = significantWords(old)
    if (before.size === 0 || [...words].some((word) => before.has(word)))
      return { because: 'its subject is that of what it answers' }
  }
  return {
    because: `it answers a mail of case #${it.number}, but under another subject, with no key and nothing quoted: a new matter`,
    decision: {
      kind: 'open',
      contact: message.from,
      acknowledge: mayAcknowledge(message, facts.ownAddresses, facts.trust.grade),
      followUpOf: null,
    },
  }
}

/** The words of a subject that say what it is about, in lower case: without 'Re:', our number, and what gateways put in brackets. */
function significantWords(subject: string): Set<string> {
  const bare = withoutPrefixes(subject.replace(/\[[^\]]{0,40}\]/g, ' '))
  return new Set(bare.match(/[\p{L}\p{N}]{3,}/gu) ?? [])
}
