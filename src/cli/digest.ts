import { Argument, type Command } from 'commander'
import { casePolicy, digestContext } from '../app.ts'
import { realWorld } from '../core/world.ts'
import { latestSlot, nextSlot } from '../digest/due.ts'
import { DIGESTS, type DigestContext, type DigestName } from '../digest/edition.ts'
import type { Prepared } from '../digest/prepare.ts'
import { runByHand } from '../digest/run.ts'
import { findRuns } from '../store/digests.ts'
import { type Opened, printJson, printTable, withConfigOption, withStore } from './open.ts'

interface RunOptions {
  config: string
  dryRun?: boolean
  json?: boolean
  to?: string
}

/** `posthorn digest list|run`: when digests come, and one of them at once. */
export function registerDigest(program: Command): void {
  const digest = program.command('digest').description('digests: when they come, and one of them at once')
  withConfigOption(digest.command('list').description('schedules, the next time and the last one'))
    .option('--json', 'one JSON object a line')
    .action(async (options: { config: string; json?: boolean }) => {
      await withStore(options.config, async (opened) => {
        const ctx = contextOf(opened)
        const rows = await Promise.all(DIGESTS.map(async (name) => await rowOf(ctx, name)))
        if (options.json) printJson(rows)
        else printTable(rows)
      })
    })
  withConfigOption(
    digest
      .command('run')
      .description('prepares a digest now: what came since the last one. Whoever gets it has had the slot that is past')
      .addArgument(new Argument('<name>', 'which one').choices([...DIGESTS])),
  )
    .option('--dry-run', 'only says who would get what')
    .option('--to <address>', 'for this person alone')
    .option('--json', 'one JSON object a line')
    .action(async (name: DigestName, options: RunOptions) => await run(name, options))
}

function contextOf({ config, store }: Opened): DigestContext {
  return digestContext(config, { store, world: realWorld, policy: casePolicy(config) })
}

/** By the clock of the configuration; people of other zones have theirs when it is that time there. */
async function rowOf(ctx: DigestContext, name: DigestName) {
  const { timeZone } = ctx
  const schedule = ctx.schedules[name]
  const now = realWorld.now()
  const last = (await findRuns(ctx.store.db, name)).get(timeZone) ?? null
  return {
    name,
    schedule: schedule ?? 'off',
    timeZone,
    next: schedule === null ? null : (nextSlot(schedule, timeZone, now)?.wall ?? null),
    latest: schedule === null ? null : (latestSlot(schedule, timeZone, now)?.wall ?? null),
    prepared: last?.done_at ? last.slot : null,
    preparedAt: last?.done_at ?? null,
  }
}

async function run(name: DigestName, { config, dryRun = false, json = false, to }: RunOptions): Promise<void> {
  await withStore(config, async (opened) => {
    let header = true
    const report = (prepared: Prepared[]) => {
      if (json) return printJson(prepared.map((it) => ({ digest: name, dryRun, ...it })))
      printTable(prepared.map(lineOf), 60, header)
      header = false
    }
    const count = await runByHand(contextOf(opened), name, { dryRun, to: to ?? null, report })
    if (json) return
    const what = dryRun ? 'would be written' : 'written'
    process.stdout.write(`${count} ${count === 1 ? 'digest' : 'digests'} ${what}\n`)
  })
}

function lineOf({ to, span, language, counts, refused }: Prepared): Record<string, unknown> {
  return { to, language, since: span.from.slice(0, 16), ...counts, refused }
}
