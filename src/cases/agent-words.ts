import { COMMANDS } from '../decision/command-table.ts'
import type { AddComment, Receipt } from '../decision/decision.ts'
import type { Case } from '../model/case.ts'
import type { ReceiptData, ReceiptLine } from '../model/notice.ts'
import { notify } from '../notify/notify.ts'
import { findCase } from '../store/cases.ts'
import { findPeople, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { type CaseContext, mailboxNamed } from './context.ts'
import { aroundWords, runCommands } from './run-commands.ts'
import { rememberStatus } from './set-status.ts'

/**
 * Adds an agent's words by `write` and carries out the orders that came with them: those about the case before, so that a
 * new assignee or participant hears of the words, and those that move things after.
 */
export async function writeWithOrders(
  tx: Db,
  ctx: CaseContext,
  decision: AddComment,
  agent: Person,
  write: () => Promise<string>,
): Promise<string> {
  const { caseId, commands, receipt } = decision
  if (commands.length === 0) return await write()
  const { before, after } = aroundWords(commands)
  const lines = await runCommands(tx, ctx, caseId, agent, before)
  const was = await requireCase(tx, caseId)
  const commentId = await write()
  // That an answer opens a new case is no command: #undo is for what the agent asked for.
  if (commands.some(({ kind }) => kind === 'solved' || kind === 'status'))
    await rememberStatus(tx, ctx, agent, was, await requireCase(tx, caseId))
  lines.push(...ofTheWords(decision), ...(await runCommands(tx, ctx, caseId, agent, after)))
  if (receipt) await sendReceipt(tx, ctx, caseId, receipt, lines)
  return commentId
}

/** What became of the words themselves. */
function ofTheWords({ commands, visibility }: AddComment): ReceiptLine[] {
  const lines = [{ key: visibility === 'internal' ? 'noted' : 'sent', value: '' }]
  for (const command of commands) {
    if (command.kind === 'solved') lines.push({ key: 'solved', value: '' })
    if (command.kind === 'status') lines.push({ key: 'status', value: command.status })
    if (command.kind === 'help') lines.push({ key: 'help', value: '' })
  }
  return lines
}

/** Puts the mail into the outbox that tells an agent what became of the commands. */
export async function sendReceipt(
  tx: Db,
  ctx: CaseContext,
  caseId: string,
  receipt: Receipt,
  done: readonly ReceiptLine[],
): Promise<void> {
  const it = await requireCase(tx, caseId)
  const [agent] = await findPeople(tx, [receipt.personId])
  if (!agent) throw new Error(`the receipt is for person ${receipt.personId}, who does not exist`)
  await notify(tx, ctx, [
    {
      kind: 'command-receipt',
      to: agent,
      language: agent.language ?? it.language,
      mailbox: mailboxNamed(ctx.policy, it.mailbox),
      case: it,
      commentId: null,
      data: dataOf(receipt, done),
    },
  ])
}

function dataOf({ refused, wordless }: Receipt, done: readonly ReceiptLine[]): ReceiptData {
  const asked = refused.length > 0 || done.some((line) => line.key === 'help')
  const all = Object.entries(COMMANDS).map(([name, { usage }]) => ({ name, usage }))
  return { done: done.filter((line) => line.key !== 'help'), refused, wordless, help: asked ? all : [] }
}

async function requireCase(tx: Db, id: string): Promise<Case> {
  const it = await findCase(tx, id)
  if (!it) throw new Error(`the decision names case ${id}, which does not exist`)
  return it
}
