import type { Address } from '../model/address.ts'
import type { Visibility } from '../model/case.ts'
import type { Topic } from '../model/preferences.ts'
import type { CaseSettings } from '../model/rule.ts'
import type { Refusal } from './commands.ts'
import type { Order } from './orders.ts'

/** What is to happen with a mail. Made by rules.ts from a message and facts; carried out by cases/. */
export type Decision =
  | OpenCase
  | AddComment
  | RunCommands
  | HoldComment
  | NoteBounce
  | LeaveCase
  | AcceptSolution
  | StopTopic
  | Ignore

/** A new case, with the sender as its contact. */
export interface OpenCase {
  kind: 'open'
  contact: Address | null
  /** Whether the sender gets a receipt. Never for automatic mail. */
  acknowledge: boolean
  /** The closed case that it carries on: its id. */
  followUpOf: string | null
  /** Present where the mail waits until somebody admits it; whether the agents are told that it does. */
  held?: { tellAgents: boolean }
  /** Present where it begins otherwise than the mailbox says. */
  settings?: OpeningSettings
  /** Present where an agent forwarded the mail of whoever is the contact. */
  forward?: ForwardByAgent
}

/** What an agent wrote above a mail that was forwarded. */
export interface ForwardByAgent {
  agentId: string
  /** For the other agents; '' where there is none. */
  note: string
  commands: Order[]
  receipt: Receipt | null
}

/** What a case begins with. `assign`: an agent's address. */
export interface OpeningSettings extends CaseSettings {
  assign: string | null
}

/** A comment by somebody who may write in the case. */
export interface AddComment {
  kind: 'comment'
  caseId: string
  personId: string
  role: 'contact' | 'participant' | 'agent'
  visibility: Visibility
  /** Only an agent's, in their order. */
  commands: Order[]
  /** The comment's text: the reply without its command lines. */
  text: string
  /** Present where the agent is told what was done. */
  receipt?: Receipt | null
}

/** An agent's mail that holds commands and no words. */
export interface RunCommands {
  kind: 'command'
  caseId: string
  personId: string
  commands: Order[]
  receipt?: Receipt | null
}

/** The mail in which an agent hears what became of the commands. */
export interface Receipt {
  personId: string
  /** Why nothing was done; empty where everything was. */
  refused: Refusal[]
  /** Whether the mail held commands and no words. */
  wordless: boolean
}

/** A comment that only agents see, with the reason why it was not let in. Changes no status and is sent to no customer. */
export interface HoldComment {
  kind: 'hold'
  caseId: string
  /** Whether agents are told. Not for automatic answers. */
  tellAgents: boolean
  /** Present where it is an agent's mail with a command that could not be carried out. */
  receipt?: Receipt | null
}

/** A delivery or feedback report about a mail of ours: always noted on its case. */
export interface NoteBounce {
  kind: 'bounce'
  /** The outbox row that it is about. */
  row: string
  caseId: string | null
  /** The delivery failed: its row says so. */
  mark: boolean
  /** The address that the row went to gets no more mail. */
  suppress: boolean
}

/** A customer says that the solution solved the case. */
export interface AcceptSolution {
  kind: 'accept'
  caseId: string
  personId: string
  role: 'contact' | 'participant'
  /** What they wrote besides, which opens nothing again; null where they wrote nothing. */
  text: string | null
}

/** A participant wants to hear no more of a case. */
export interface LeaveCase {
  kind: 'leave'
  caseId: string
  personId: string
}

/** Somebody wants no more mail about a topic. */
export interface StopTopic {
  kind: 'stop-topic'
  personId: string
  topic: Topic
}

/** Kept raw, in the ledger, and nowhere else. */
export interface Ignore {
  kind: 'ignore'
}

export interface Judgement {
  decision: Decision
  /** The reason of the rule that decided. */
  reason: string
  trust: Trust
  /** Every rule that was looked at, in order; the last one decided. */
  rules: RuleTrace[]
}

export interface RuleTrace {
  rule: string
  applied: boolean
  because: string
}

export const TRUSTS = ['verified', 'plausible', 'unverified', 'failed'] as const
export type Trust = (typeof TRUSTS)[number]
