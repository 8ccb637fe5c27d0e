import type { Order } from '../decision/orders.ts'
import type { Case } from '../model/case.ts'
import { lastAgentComment } from '../store/comments.ts'
import type { Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { changeStatus, writeSolution } from './add-comment.ts'
import type { CaseContext } from './context.ts'
import { tell } from './tell.ts'

/** Carries out commands that came without words: '#solved' makes the last public answer the solution. */
export async function runCommands(tx: Db, ctx: CaseContext, it: Case, agent: Person, commands: Order[]): Promise<void> {
  for (const command of commands) {
    switch (command.kind) {
      case 'note':
        break
      case 'solved':
        await solve(tx, ctx, it, agent)
        break
      case 'status':
        await changeStatus(tx, ctx, it, agent.name, command.status)
        break
    }
  }
}

async function solve(tx: Db, ctx: CaseContext, it: Case, agent: Person): Promise<void> {
  const answer = await lastAgentComment(tx, it.id)
  if (answer) await writeSolution(tx, ctx, it, agent, answer.text)
  await changeStatus(tx, ctx, it, agent.name, 'solved')
  if (answer) await tell(tx, ctx, it, agent.id, { kind: 'solved', commentId: answer.id })
}
