import type { Command } from 'commander'
import { casePolicy } from '../app.ts'
import type { CaseContext } from '../cases/context.ts'
import { COMMAND_LINE, mergeByNumber, moveByNumber, splitByNumber, undoByNumber } from '../cases/edit.ts'
import { realWorld } from '../core/world.ts'
import { withConfigOption, withStore } from './open.ts'

/** `posthorn cases merge|split|move|undo`: no customer is told, and both change logs say what was done. */
export function registerCasesEdit(cases: Command): void {
  withConfigOption(cases.command('merge').description('merge a case into another one, and close it'))
    .argument('<number>', 'the case that closes')
    .argument('<into>', 'the case that stays')
    .action(async (from: string, into: string, options: { config: string }) => {
      await edit(options, async (ctx) => {
        await mergeByNumber(ctx, COMMAND_LINE, numberOf(from), numberOf(into))
        return `#${numberOf(from)} was merged into #${numberOf(into)}`
      })
    })
  withConfigOption(cases.command('split').description('make a new case of a comment'))
    .argument('<number>')
    .argument('<comment>', 'its place in the case (1, 2 …) or its id')
    .action(async (number: string, comment: string, options: { config: string }) => {
      await edit(options, async (ctx) => {
        const made = await splitByNumber(ctx, COMMAND_LINE, numberOf(number), comment)
        return `comment ${comment} of #${numberOf(number)} is now #${made}`
      })
    })
  withConfigOption(cases.command('move').description('move a comment to another case'))
    .argument('<number>')
    .argument('<comment>', 'its place in the case (1, 2 …) or its id')
    .argument('<to>', 'the case that it goes to')
    .action(async (number: string, comment: string, to: string, options: { config: string }) => {
      await edit(options, async (ctx) => {
        await moveByNumber(ctx, COMMAND_LINE, numberOf(number), comment, numberOf(to))
        return `comment ${comment} of #${numberOf(number)} is now in #${numberOf(to)}`
      })
    })
  withConfigOption(
    cases.command('undo').description('take back what was last done here by these commands, within a day'),
  )
    .argument('<number>')
    .action(async (number: string, options: { config: string }) => {
      await edit(options, async (ctx) => {
        const what = await undoByNumber(ctx, COMMAND_LINE, numberOf(number))
        return `undone in #${numberOf(number)}: ${what}`
      })
    })
}

async function edit(options: { config: string }, work: (ctx: CaseContext) => Promise<string>): Promise<void> {
  await withStore(options.config, async ({ config, store }) => {
    const said = await work({ store, world: realWorld, policy: casePolicy(config) })
    process.stdout.write(`${said}\n`)
  })
}

function numberOf(given: string): number {
  return Number(given.replace(/^#/, ''))
}
