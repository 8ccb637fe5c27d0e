import type { Automatic, Message } from '../message/message.ts'

/**
 * The mail as it counts for the rules: that it claims to be ours (X-Posthorn-Row, or a Message-ID in the form of ours) proves
 * nothing, since anybody can write that. What is ours is known by the signature, which has its own rule. What another
 * Posthorn writes is the mail of a machine, and says so as everybody's does (RFC 3834).
 */
export function withoutOwnClaim(message: Message): Message {
  if (message.automatic?.kind !== 'own') return message
  return { ...message, automatic: autoSubmitted(message) }
}

function autoSubmitted({ headers }: Message): Automatic | null {
  const value = headers.find(({ name }) => name === 'auto-submitted')?.value.trim() ?? 'no'
  if (/^no\b/i.test(value) || value === '') return null
  const evidence = `Auto-Submitted: ${value.slice(0, 100)}`
  return { kind: /^auto-repl/i.test(value) ? 'auto-reply' : 'generated', evidence }
}
