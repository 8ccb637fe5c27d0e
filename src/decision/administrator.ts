import type { Message } from '../message/message.ts'
import { fold, type Glob, matchesGlob } from '../model/glob.ts'
import type { AdministratorRule, CaseSettings, RuleConditions } from '../model/rule.ts'
import type { Decision, OpeningSettings } from './decision.ts'
import type { Facts } from './facts.ts'

type Verdict = { because: string; decision?: Decision }

/** Characters of a text that rules look at: what a mail is about stands at its beginning. */
const MOST_TEXT = 200_000

function rulesOf(facts: Facts): readonly AdministratorRule[] {
  return facts.filters?.rules ?? []
}

/** What the administrator's rules say of a mail: those that fit, in their order. */
function fittingRules(message: Message, facts: Facts): AdministratorRule[] {
  if (rulesOf(facts).length === 0) return []
  const values = valuesOf(message, facts.mailbox.name)
  return rulesOf(facts).filter((rule) => fits(rule.conditions, values))
}

/** The first fitting rule that ignores or holds decides; what others set or assign rides along on the case that is opened. */
export function administratorRule(message: Message, facts: Facts): Verdict {
  const fitting = fittingRules(message, facts)
  if (fitting.length === 0)
    return {
      because: rulesOf(facts).length === 0 ? 'there is none' : `none of ${rulesOf(facts).length} fits`,
    }
  const deciding = fitting.find((rule) => rule.actions.ignore || rule.actions.hold)
  if (!deciding) return { because: `${namesOf(fitting)} fits, and says what a new case begins with` }
  if (deciding.actions.ignore)
    return { because: `the rule '${deciding.name}' ignores it`, decision: { kind: 'ignore' } }
  const pointer = facts.pointers[0]
  const because = `the rule '${deciding.name}' holds it`
  if (pointer) return { because, decision: { kind: 'hold', caseId: pointer.case.id, tellAgents: true } }
  return {
    because,
    decision: { kind: 'open', contact: message.from, acknowledge: false, followUpOf: null, held: { tellAgents: true } },
  }
}

/** A decision to open a case, with what the rules say that it begins with: the first one that says something counts, and tags add up. */
export function withSettings(decision: Decision, message: Message, facts: Facts): Decision {
  if (decision.kind !== 'open') return decision
  const settings = settingsFor(message, facts)
  if (!settings) return decision
  const priority = settings.priority ?? decision.settings?.priority ?? null
  return { ...decision, settings: { ...settings, priority } }
}

function settingsFor(message: Message, facts: Facts): OpeningSettings | null {
  const fitting = fittingRules(message, facts)
  if (fitting.length === 0) return null
  const sets = fitting.map((rule) => rule.actions.set)
  const first = <K extends 'priority' | 'product' | 'category'>(key: K): CaseSettings[K] =>
    sets.find((set) => set[key] !== null)?.[key] ?? null
  return {
    priority: first('priority'),
    product: first('product'),
    category: first('category'),
    tags: [...new Set(sets.flatMap((set) => set.tags))],
    assign: fitting.find((rule) => rule.actions.assign !== null)?.actions.assign ?? null,
  }
}

/** A mail's values in the form in which they are compared; made once for all rules. */
interface Values {
  headers: { name: string; value: string }[]
  from: string[]
  to: string[]
  subject: string[]
  mailbox: string[]
  text: string[]
  attachment: string[]
  automatic: boolean
}

function valuesOf(message: Message, mailbox: string): Values {
  const to = [...message.to, ...message.cc].flatMap(({ name, address }) => [address, name ?? ''])
  return {
    headers: message.headers.map(({ name, value }) => ({ name, value: fold(value) })),
    from: message.allFrom.flatMap(({ name, address }) => [address, name ?? '']).map(fold),
    to: [...to, ...message.deliveredTo].map(fold),
    subject: [fold(message.subject)],
    mailbox: [fold(mailbox)],
    text: [fold(message.text.slice(0, MOST_TEXT))],
    attachment: message.attachments.map((it) => fold(it.filename ?? '')),
    automatic: message.automatic !== null,
  }
}

const LISTS = ['from', 'to', 'subject', 'mailbox', 'text', 'attachment'] as const

function fits(when: RuleConditions, values: Values): boolean {
  if (when.automatic !== null && when.automatic !== values.automatic) return false
  if (!LISTS.every((key) => when[key].length === 0 || anyOf(when[key], values[key]))) return false
  return when.headers.every(({ name, patterns }) =>
    anyOf(
      patterns,
      values.headers.filter((it) => it.name === name).map((it) => it.value),
    ),
  )
}

function anyOf(patterns: readonly Glob[], values: readonly string[]): boolean {
  return patterns.some((pattern) => values.some((value) => matchesGlob(pattern, value)))
}

function namesOf(rules: readonly AdministratorRule[]): string {
  return rules.map((rule) => `'${rule.name}'`).join(' and ')
}
