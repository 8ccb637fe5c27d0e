import type { World } from '../core/world.ts'
import type { NotifyPolicy } from '../notify/context.ts'
import type { Store } from '../store/open.ts'
import type { Hasher } from './hasher.ts'
import type { PasswordRules } from './password-rules.ts'
import type { SendSms } from './sms-gateway.ts'

/** What the verbs on accounts need besides their arguments. */
export interface AccountContext {
  store: Store
  world: World
  hasher: Hasher
  policy: AccountPolicy
  /** null: no codes by SMS. */
  sms: SmsService | null
}

/** Text messages, which cost money. */
export interface SmsService {
  send: SendSms
  /** What numbers may begin with; none: any. */
  prefixes: readonly string[]
  /** Messages in a day, to everybody together. */
  perDay: number
}

/** The part of the configuration that decides about accounts. */
export interface AccountPolicy extends NotifyPolicy {
  /** What links begin with, whatever a request's Host header says. */
  portalUrl: string
  passwords: PasswordRules
  /** Roles that must use a second factor, whoever has them. */
  requireSecond: { agents: boolean; contacts: boolean }
}

/** Who is asking, as far as it is worth anything: for the security log, for limits, and for what is shown of sessions. */
export interface Visit {
  /** 'Firefox, Linux'. */
  device: string
  /** The network address: an IPv4 address, or the first half of an IPv6 one. */
  network: string
}
