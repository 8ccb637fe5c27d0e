import type { Message } from '../message/message.ts'
import { type CutLinks, secretLinkCutter } from '../model/secret-links.ts'
import type { CasePolicy } from './context.ts'

/** A mail without our own secret links, in all of its texts: nobody who reads a case gets in by what somebody quoted. */
export function cutSecretLinks(policy: CasePolicy, message: Message): Message {
  const cut = cutterOf(policy)
  const { forwarded } = message
  return {
    ...message,
    subject: cut(message.subject),
    text: cut(message.text),
    reply: cut(message.reply),
    quoted: cut(message.quoted),
    signature: cut(message.signature),
    forwarded: forwarded && {
      ...forwarded,
      subject: forwarded.subject === null ? null : cut(forwarded.subject),
      text: cut(forwarded.text),
    },
  }
}

/** Its patterns are made once for each configuration, and not for each mail. */
const cutters = new WeakMap<CasePolicy, CutLinks>()

function cutterOf(policy: CasePolicy): CutLinks {
  const known = cutters.get(policy)
  if (known) return known
  const addresses = policy.mailboxes.map(({ address }) => address)
  const made = secretLinkCutter(policy.portalUrl ?? null, addresses)
  cutters.set(policy, made)
  return made
}
