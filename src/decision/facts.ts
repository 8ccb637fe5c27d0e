import type { Address } from '../model/address.ts'
import type { Status } from '../model/case.ts'
import type { AdministratorRule, SpamPolicy } from '../model/rule.ts'
import type { ScanVerdict } from '../model/scan.ts'
import type { Audience } from '../model/thread-key.ts'
import type { Leaving } from './leave.ts'
import type { CommandFacts } from './orders.ts'
import type { Stopping } from './stop.ts'
import type { TrustFinding } from './trust.ts'
import type { Answering } from './verdict.ts'

/** What the store and the configuration know that bears on one mail. Gathered by cases/gather-facts.ts, judged by rules.ts. */
export interface Facts {
  /** The mailbox that the mail came in by. */
  mailbox: { name: string; address: string }
  /** Addresses of all our mailboxes, lower case, without plus part. */
  ownAddresses: ReadonlySet<string>
  sender: SenderFacts | null
  /** How far From is to be believed. */
  trust: TrustFinding
  /** What an agent's mail must be at least to count as the agent's. */
  agentsNeed: 'verified' | 'plausible'
  /** Cases that the mail points at, strongest evidence first; each case once. */
  pointers: CasePointer[]
  /** Whether the mail's own Message-ID is one that we signed. */
  messageIdIsOurs: boolean
  /** The outbox row that a delivery or feedback report speaks of, when it is ours. */
  bouncedRow: BouncedRow | null
  /** The case of a key that is older than keys are accepted. */
  expiredKey?: { case: CaseFacts; days: number } | null
  /** Absent where nothing is configured. */
  filters?: FilterFacts
  /** Whose key to leave a case it carries. */
  leaving?: Leaving | null
  /** Which topic it ends, and for whom, by a stop key that it carries. */
  stopping?: Stopping | null
  /** Whose key to say that a solution helped it was sent to. */
  answering?: Answering | null
  /** Looked up only for a mail of an agent that holds commands. */
  commands?: CommandFacts
}

/** What keeps certain mails away from people. */
export interface FilterFacts {
  rules: readonly AdministratorRule[]
  spam: SpamPolicy
  /** null: no malware check is configured. */
  scan: ScanVerdict | null
}

export interface BouncedRow {
  id: string
  caseId: string | null
  to: Address
  /** What the report carries of our mail; both are signed. */
  by: 'envelope-sender' | 'message-id'
  /** Whether it left under an envelope sender of its own: servers report to that one, and no true report lacks it. */
  verp: boolean
  /** Whether the mail was ever handed to the SMTP server. */
  sent: boolean
}

/** The person that the From address belongs to. That it is written there proves nothing. */
export interface SenderFacts {
  personId: string
  kind: 'contact' | 'agent'
}

/** One way in which a mail points at a case. */
export interface CasePointer {
  /** reply-key: our signed address. own-id: our signed Message-ID. known-id: a Message-ID that was taken in before (anybody may have copied it). */
  by: 'reply-key' | 'own-id' | 'known-id'
  /** To whom the key was given; null for a known-id. */
  audience: Audience | null
  /** Whom the mails with these Message-IDs were sent to: their persons. */
  givenTo?: string[]
  case: CaseFacts
  /** Of a known-id: the subjects of the mails that it answers; absent where they are not known. */
  subjects?: string[]
}

export interface CaseFacts {
  id: string
  number: number
  /** Absent where nothing depends on it. */
  title?: string
  status: Status
  contactId: string
  participantIds: ReadonlySet<string>
}
