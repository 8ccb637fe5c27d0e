import { domainOf } from '../../model/address.ts'
import { AGENT_KINDS, type LeaveWays, type NoticeThread } from '../../model/notice.ts'
import { leaveKey, leaveLink, ownMessageId, replyAddress } from '../../model/thread-key.ts'
import type { OutboxRow } from '../outbox.ts'
import type { NoticeContext } from './context.ts'
import { type CaseRow, type Gathered, pairOf } from './gather.ts'
import { knownMessageIds } from './known.ts'

/** References carries at most this many ids; the root and the newest are kept. */
const MOST_REFERENCES = 20

/** Keeps what was made under a name: signing costs more than looking up, and the mails about a case share two keys. */
export type Once = (name: string, make: () => string) => string

export function makeOnce(): Once {
  const made = new Map<string, string>()
  return (name, make) => {
    const known = made.get(name) ?? make()
    made.set(name, known)
    return known
  }
}

/** Threading and answering, for a row about a case. */
export function threadOf(
  row: OutboxRow,
  it: CaseRow,
  of: NoticeContext & { gathered: Gathered; once: Once },
): NoticeThread {
  const { secrets, once, gathered } = of
  const mailbox = of.mailbox(row.mailbox)
  const number = Number(it.number)
  const domain = domainOf(mailbox.address)
  const root = once(`root ${number} ${domain}`, () => ownMessageId(secrets, domain, number, 'root'))
  const takesPart = row.person_id !== null && gathered.participants.has(pairOf(it.id, row.person_id))
  const known = knownMessageIds(row, it, gathered.known, takesPart).filter((id) => id !== root && id !== row.message_id)
  return {
    replyAddress: mailbox.plusAddress ? answersTo(row, number, mailbox.address, of) : mailbox.address,
    references: [root, ...[...new Set(known)].slice(1 - MOST_REFERENCES)],
    leave: leaveOf(row, it, of),
  }
}

/** A key says on which day it was made. */
function answersTo(row: OutboxRow, number: number, address: string, { secrets, once }: NoticeContext & { once: Once }) {
  const audience = AGENT_KINDS.has(row.kind) ? 'agent' : 'customer'
  const name = `reply ${number} ${audience} ${row.created_at.slice(0, 10)} ${address}`
  return once(name, () => replyAddress(secrets, address, number, audience, Date.parse(row.created_at)))
}

/** How a participant leaves the case. The contact and agents do not: it is theirs. */
function leaveOf(row: OutboxRow, it: CaseRow, of: NoticeContext & { gathered: Gathered }): LeaveWays | null {
  const { person_id: person } = row
  if (person === null || person === it.contact_id || AGENT_KINDS.has(row.kind)) return null
  if (!of.gathered.participants.has(pairOf(it.id, person))) return null
  const number = Number(it.number)
  return {
    mailto: leaveLink(of.secrets, of.mailbox(row.mailbox), number, person),
    key: leaveKey(of.secrets, number, person),
  }
}
