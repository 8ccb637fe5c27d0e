import type { Priority } from './case.ts'
import type { Glob } from './glob.ts'

/**
 * A rule of the administrator's own, from posthorn.yaml: what a mail must be like, and what is done then.
 * Of the conditions that are given, all must hold; of the patterns of one condition, one.
 */
export interface AdministratorRule {
  name: string
  conditions: RuleConditions
  actions: RuleActions
}

/** Patterns are matched without regard to case. An empty list means that the condition is not asked for. */
export interface RuleConditions {
  /** A header's name, lower case, and what one header of that name is like. */
  headers: { name: string; patterns: readonly Glob[] }[]
  /** An address in From, or the name before it. */
  from: readonly Glob[]
  /** An address in To or Cc, or one that the mail was delivered to. */
  to: readonly Glob[]
  subject: readonly Glob[]
  /** The mailbox's name. */
  mailbox: readonly Glob[]
  /** The readable text. */
  text: readonly Glob[]
  /** The name of an attachment. */
  attachment: readonly Glob[]
  /** Whether a machine wrote it; null: not asked for. */
  automatic: boolean | null
}

export interface RuleActions {
  set: CaseSettings
  /** An agent's address. */
  assign: string | null
  /** The mail is kept in the ledger, and nothing else happens. */
  ignore: boolean
  /** The mail waits in the list of what is held. */
  hold: boolean
}

/** What a case starts with; null leaves it as it is. */
export interface CaseSettings {
  priority: Priority | null
  product: string | null
  category: string | null
  /** Lower case. */
  tags: readonly string[]
}

/** What is done with a mail that the mail server calls spam and that answers nothing of ours. */
export const SPAM_POLICIES = ['open', 'hold', 'ignore'] as const
export type SpamPolicy = (typeof SPAM_POLICIES)[number]
