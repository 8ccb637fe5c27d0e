import type { Priority, Status } from '../model/case.ts'
import type { Command, Refused } from './command-table.ts'
import type { CommandLines, Refusal } from './commands.ts'
import type { CaseFacts } from './facts.ts'

/** A command with everything it names looked up: what cases/ carries out. */
export type Order =
  | { kind: 'note' | 'public' | 'solved' | 'help' }
  | { kind: 'status'; status: Exclude<Status, 'new' | 'solved'> }
  | { kind: 'assign'; person: { id: string; name: string } | null }
  | { kind: 'priority'; priority: Priority }
  | { kind: 'tag' | 'untag'; tags: string[] }
  | { kind: 'field'; field: 'product' | 'category'; value: string | null }
  | { kind: 'contact'; address: string }
  | { kind: 'cc'; addresses: string[] }
  | { kind: 'merge'; into: CaseName }
  | { kind: 'split'; commentId: string }
  | { kind: 'move'; commentId: string; to: CaseName }
  | { kind: 'admit'; holdId: string }
  | { kind: 'reset'; personId: string }
  | { kind: 'undo'; entryId: string }

export interface CaseName {
  id: string
  number: number
}

/** What the store knows that bears on the commands of one mail. Gathered by cases/gather-command-facts.ts when there are any. */
export interface CommandFacts {
  agents: { id: string; name: string; address: string }[]
  /** The cases that #merge and #move name, by the number as it was written; one that was merged stands for its target. */
  cases: ReadonlyMap<number, CaseName & { status: Status }>
  /** What #split and #move are about: the comment that the mail answers, or else the newest one by somebody who is no agent. */
  comment: { id: string; byAgent: boolean } | null
  /** The newest comment of the case that waits to be let in: its hold. */
  hold: string | null
  /** Who #reset writes to, or why it may not; looked up only where it is asked for. */
  reset: { personId: string } | { refused: Refused }
  /** The agent's last command in the case that can be undone; `changed`: somebody has changed the same since. */
  undo: { id: string; changed: boolean } | null
}

/** Nothing was looked up: every command that names something is refused. */
export const NO_COMMAND_FACTS: CommandFacts = {
  agents: [],
  cases: new Map(),
  comment: null,
  hold: null,
  reset: { refused: 'unproven-contact' },
  undo: null,
}

/** Kinds of which a mail may hold one: each changes where the next one would happen. */
const ALONE: ReadonlySet<Command['kind']> = new Set(['merge', 'split', 'move', 'undo'])
const ME = new Set(['me', 'myself', 'mig', 'meg', 'jeg', 'jag', 'mig selv', 'meg selv', 'mig själv'])
const NOBODY = new Set(['nobody', 'noone', 'no one', 'none', 'ingen', 'unassigned', '-'])

/** Whom and what the judging of one mail's commands may name. */
export interface Scene {
  it: CaseFacts
  agentId: string
  ownAddresses: ReadonlySet<string>
  facts: CommandFacts
}

/** The commands with what they name looked up, and those that cannot be carried out, in their order. */
export function resolveCommands(lines: CommandLines, scene: Scene): { orders: Order[]; refused: Refusal[] } {
  const orders: Order[] = []
  const refused = [...lines.refused]
  let alone = 0
  const newContact = lines.commands.some(({ command }) => command.kind === 'contact')
  for (const { line, command } of lines.commands) {
    if (ALONE.has(command.kind)) alone += 1
    // Whose password is meant, with another contact in the same mail, nobody can tell.
    const clashes = (alone > 1 && ALONE.has(command.kind)) || (newContact && command.kind === 'reset')
    const order = clashes ? 'not-together' : resolve(command, scene)
    if (typeof order === 'string') refused.push({ line, why: order })
    else orders.push(order)
  }
  return { orders, refused }
}

function resolve(command: Command, scene: Scene): Order | Refused {
  const { facts } = scene
  switch (command.kind) {
    case 'assign':
      return resolveAssign(command.to, scene)
    case 'contact':
      return refusedAddress(command.address, scene) ?? command
    case 'cc':
      return command.addresses.map((it) => refusedAddress(it, scene)).find((it) => it !== null) ?? command
    case 'merge':
      return resolveMerge(command.number, scene)
    case 'move':
      return resolveMove(command.number, scene)
    case 'split':
      if (!facts.comment) return 'no-comment'
      return facts.comment.byAgent ? 'agents-comment' : { kind: 'split', commentId: facts.comment.id }
    case 'admit':
      return facts.hold ? { kind: 'admit', holdId: facts.hold } : 'nothing-held'
    case 'reset':
      return 'refused' in facts.reset ? facts.reset.refused : { kind: 'reset', personId: facts.reset.personId }
    case 'undo':
      if (!facts.undo) return 'nothing-to-undo'
      return facts.undo.changed ? 'changed-since' : { kind: 'undo', entryId: facts.undo.id }
    default:
      return { ...command } as Order
  }
}

/** By whole name or address first, then by first name or what stands before the '@': one agent must be meant. */
function resolveAssign(written: string, { facts, agentId }: Scene): Order | Refused {
  const wanted = fold(written)
  const order = (person: { id: string; name: string } | null): Order => ({
    kind: 'assign',
    person: person && { id: person.id, name: person.name },
  })
  if (NOBODY.has(wanted)) return order(null)
  if (ME.has(wanted)) return order(facts.agents.find((it) => it.id === agentId) ?? null)
  const exact = facts.agents.filter((it) => fold(it.name) === wanted || fold(it.address) === wanted)
  const near = facts.agents.filter((it) =>
    [...fold(it.name).split(' '), fold(it.address).split('@')[0]].includes(wanted),
  )
  const [found, ...more] = exact.length > 0 ? exact : near
  if (!found) return 'no-agent'
  return more.length > 0 ? 'several-agents' : order(found)
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim()
}

/** Our own addresses would answer themselves; an agent already hears of everything, by a private address. */
function refusedAddress(address: string, { ownAddresses, facts }: Scene): Refused | null {
  const bare = address.replace(/\+[^@]*@/, '@')
  if (ownAddresses.has(bare)) return 'own-address'
  return facts.agents.some((it) => it.address === address) ? 'agent-address' : null
}

function resolveMerge(number: number, { it, facts }: Scene): Order | Refused {
  const target = facts.cases.get(number)
  if (!target) return 'no-case'
  if (target.id === it.id) return 'same-case'
  return target.status === 'closed' ? 'closed-case' : { kind: 'merge', into: { id: target.id, number: target.number } }
}

function resolveMove(number: number, { it, facts }: Scene): Order | Refused {
  const target = facts.cases.get(number)
  if (!target) return 'no-case'
  if (target.id === it.id) return 'same-case'
  if (!facts.comment) return 'no-comment'
  return { kind: 'move', commentId: facts.comment.id, to: { id: target.id, number: target.number } }
}
