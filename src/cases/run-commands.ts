import { unreachable } from '../core/errors.ts'
import type { Order } from '../decision/orders.ts'
import type { Case } from '../model/case.ts'
import type { ReceiptLine } from '../model/notice.ts'
import { findCase } from '../store/cases.ts'
import { lastAgentComment } from '../store/comments.ts'
import type { Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { changeStatus, writeSolution } from './add-comment.ts'
import { addByAgent } from './add-participant.ts'
import { assign } from './assign.ts'
import { changeContact } from './change-contact.ts'
import type { CaseContext } from './context.ts'
import { helpBackIn } from './help-back-in.ts'
import { admitHeld } from './hold.ts'
import { mergeCases } from './merge.ts'
import { moveComment } from './move-comment.ts'
import { setField } from './set-field.ts'
import { setPriority } from './set-priority.ts'
import { rememberStatus, setStatus } from './set-status.ts'
import { setTags } from './set-tags.ts'
import { splitComment } from './split-comment.ts'
import { tell } from './tell.ts'
import { undo } from './undo.ts'

/** The orders that take a comment somewhere, or the case itself: the agent's own words are in their place before that. */
const AFTER_THE_WORDS: ReadonlySet<Order['kind']> = new Set(['merge', 'split', 'move'])
/** The orders that are the comment's own affair, where there is one. */
const OF_THE_WORDS: ReadonlySet<Order['kind']> = new Set(['note', 'public', 'solved', 'status', 'help'])

/** Parts the orders of a mail with words: those to carry out before its comment is added, and those for after. */
export function aroundWords(orders: readonly Order[]): { before: Order[]; after: Order[] } {
  const rest = orders.filter((order) => !OF_THE_WORDS.has(order.kind))
  return {
    before: rest.filter((order) => !AFTER_THE_WORDS.has(order.kind)),
    after: rest.filter((order) => AFTER_THE_WORDS.has(order.kind)),
  }
}

/** Carries out orders in their order, in the caller's transaction; what was done comes back for the agent's receipt. */
export async function runCommands(
  tx: Db,
  ctx: CaseContext,
  caseId: string,
  agent: Person,
  orders: readonly Order[],
): Promise<ReceiptLine[]> {
  const lines: ReceiptLine[] = []
  // Each order sees the case as the one before it left it.
  for (const [index, order] of orders.entries())
    lines.push(await run(tx, ctx, await requireCase(tx, caseId), agent, order, orders.slice(index + 1)))
  return lines
}

/** Before one of these in the same mail, a status is not what the customers are to hear of. */
const SAYS_MORE: ReadonlySet<Order['kind']> = new Set(['status', 'solved', 'merge', 'undo'])

async function run(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  agent: Person,
  order: Order,
  later: readonly Order[],
): Promise<ReceiptLine> {
  switch (order.kind) {
    case 'note':
      return done('nothing-to-note')
    case 'public':
      return done('public')
    case 'help':
      return done('help')
    case 'solved':
      await solve(tx, ctx, it, agent)
      return done('solved')
    case 'status':
      await setStatus(tx, ctx, it, agent, order.status, { quiet: later.some(({ kind }) => SAYS_MORE.has(kind)) })
      return done('status', order.status)
    case 'admit':
      await admitHeld(tx, ctx, order.holdId, agent)
      return done('admitted')
    case 'reset':
      return await helpBackIn(tx, ctx, it, agent, order.personId)
    case 'undo':
      return done('undone', (await undo(tx, ctx, order.entryId, agent)).what)
    case 'merge':
    case 'split':
    case 'move':
      return await runMove(tx, ctx, it, agent, order)
    default:
      return await runField(tx, ctx, it, agent, order)
  }
}

type Move = Extract<Order, { kind: 'merge' | 'split' | 'move' }>

async function runMove(tx: Db, ctx: CaseContext, it: Case, agent: Person, order: Move): Promise<ReceiptLine> {
  switch (order.kind) {
    case 'merge':
      await mergeCases(tx, ctx, it, await requireCase(tx, order.into.id), agent)
      return done('merged', `#${order.into.number}`)
    case 'split':
      return done('split', `#${(await splitComment(tx, ctx, it, agent, order.commentId)).number}`)
    case 'move':
      await moveComment(tx, ctx, it, await requireCase(tx, order.to.id), agent, order.commentId)
      return done('moved', `#${order.to.number}`)
    default:
      return unreachable(order)
  }
}

type Field = Extract<Order, { kind: 'assign' | 'priority' | 'tag' | 'untag' | 'field' | 'contact' | 'cc' }>

async function runField(tx: Db, ctx: CaseContext, it: Case, agent: Person, order: Field): Promise<ReceiptLine> {
  switch (order.kind) {
    case 'assign':
      await assign(tx, ctx, it, agent, order.person)
      return order.person ? done('assigned', order.person.name) : done('unassigned')
    case 'priority':
      await setPriority(tx, ctx, it, agent, order.priority)
      return done('priority', order.priority)
    case 'tag':
      await setTags(tx, ctx, it, agent, { add: order.tags, remove: [] })
      return done('tagged', order.tags.join(' '))
    case 'untag':
      await setTags(tx, ctx, it, agent, { add: [], remove: order.tags })
      return done('untagged', order.tags.join(' '))
    case 'field':
      await setField(tx, ctx, it, agent, order.field, order.value)
      return done(order.field, order.value ?? '–')
    case 'contact':
      await changeContact(tx, ctx, it, agent, order.address)
      return done('contact', order.address)
    case 'cc':
      await addByAgent(tx, ctx, it, agent, order.addresses)
      return done('cc', order.addresses.join(', '))
    default:
      return unreachable(order)
  }
}

function done(key: string, value = ''): ReceiptLine {
  return { key, value }
}

/** '#solved' alone makes the last public answer the solution. */
async function solve(tx: Db, ctx: CaseContext, it: Case, agent: Person): Promise<void> {
  const answer = await lastAgentComment(tx, it.id)
  if (answer) await writeSolution(tx, ctx, it, agent, answer.text)
  await changeStatus(tx, ctx, it, agent.name, 'solved')
  await rememberStatus(tx, ctx, agent, it, await requireCase(tx, it.id))
  if (answer) await tell(tx, ctx, it, agent.id, { kind: 'solved', commentId: answer.id })
}

async function requireCase(tx: Db, id: string): Promise<Case> {
  const it = await findCase(tx, id)
  if (!it) throw new Error(`the order names case ${id}, which does not exist`)
  return it
}
