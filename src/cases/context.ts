import type { World } from '../core/world.ts'
import type { Language } from '../model/language.ts'
import type { ParticipantPolicy } from '../model/policy.ts'
import type { AdministratorRule, SpamPolicy } from '../model/rule.ts'
import type { NotifyPolicy, SendingMailbox } from '../notify/context.ts'
import type { Store } from '../store/open.ts'
import type { Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'

/** What the verbs on cases need besides their arguments. */
export interface CaseContext {
  store: Store
  world: World
  policy: CasePolicy
  /** Absent or null: there are no accounts (no portal). */
  accounts?: AccountHelp | null
}

/** What cases ask of accounts, which they know nothing of: whoever wires the stages gives it (account-setup.ts). */
export interface AccountHelp {
  /**
   * Writes to somebody how to set a new password, or how to make an account. Which mail it was comes back, null where there is
   * none to be written. `about` is a case, for the security log.
   */
  helpBackIn(
    tx: Db,
    person: Person,
    by: { actor: string; about: string; language: Language },
  ): Promise<'reset-password' | 'welcome' | null>
}

/** The part of the configuration that decides about cases. */
export interface CasePolicy extends NotifyPolicy {
  mailboxes: readonly MailboxPolicy[]
  /** What the web pages' addresses begin with; absent or null: there are none. */
  portalUrl?: string | null
  /** Days after which a key is none any more; absent or null: never. */
  keyDays?: number | null
  /** Absent: there are no rules, and spam is opened. */
  filters?: { rules: readonly AdministratorRule[]; spam: SpamPolicy }
}

export interface MailboxPolicy extends SendingMailbox {
  defaults: { product: string | null; category: string | null }
  participants: ParticipantPolicy
  trust: MailboxTrust
  /** Whether each of its mails leaves under an envelope sender of its own; absent: not. */
  verp?: boolean
}

/** How the senders of a mailbox's mails are checked (config/trust.ts). */
export interface MailboxTrust {
  authservId: string | null
  check: 'server' | 'own' | 'none'
  agents: 'verified' | 'plausible'
}

/** The mailbox with a name; cases outlive the configuration, so a name that is gone falls back to the first one. */
export function mailboxNamed(policy: CasePolicy, name: string): MailboxPolicy {
  const found = policy.mailboxes.find((mailbox) => mailbox.name === name) ?? policy.mailboxes[0]
  if (!found) throw new Error('there is no mailbox in the configuration')
  return found
}
