import type { Command } from 'commander'
import { PosthornError } from '../core/errors.ts'
import { isoTime, realWorld } from '../core/world.ts'
import { normaliseAddress } from '../model/address.ts'
import { NOTICE_KINDS } from '../model/notice.ts'
import { listOutbox, OUTBOX_STATUSES, type OutboxFilter } from '../store/outbox.ts'
import { cancelOutbox, type Refused, retryOutbox } from '../store/outbox-edit.ts'
import type { Db } from '../store/schema.ts'
import { findPause, pauseOutbox, resumeOutbox } from '../store/switches.ts'
import { printJson, printTable, withConfigOption, withStore } from './open.ts'
import { registerShow } from './outbox-show.ts'

/** `posthorn outbox list|show|retry|cancel|pause|resume`. */
export function registerOutbox(program: Command): void {
  const outbox = program.command('outbox').description('mails that are due, sent or failed')
  registerList(outbox)
  registerShow(outbox)
  registerRetry(outbox)
  registerCancel(outbox)
  registerPause(outbox)
}

interface ListOptions {
  config: string
  json?: boolean
  status?: string
  kind?: string
  to?: string
  case?: string
  most: string
}

function registerList(outbox: Command): void {
  withConfigOption(outbox.command('list').description('the newest rows'))
    .option('--json', 'one JSON object a line')
    .option('--status <status>', OUTBOX_STATUSES.join(', '))
    .option('--kind <kind>', "what sort of mail, such as 'comment-added'")
    .option('--to <address>', 'mails to this address')
    .option('--case <number>', 'mails about this case')
    .option('--most <n>', 'how many', '200')
    .action(async (options: ListOptions) => {
      const only = filterOf(options)
      await withStore(options.config, async ({ store }) => {
        const rows = await listOutbox(store.db, only)
        await sayPaused(store.db)
        if (options.json) return printJson(rows)
        printTable(
          rows.map(({ id, kind, to, case: number, status, attempts, lastError }) => ({
            ...{ id, kind, to, case: number },
            ...{ status, attempts, lastError },
          })),
        )
      })
    })
}

function filterOf({ status, kind, to, case: number, most }: ListOptions): OutboxFilter {
  return {
    status: status === undefined ? null : oneOf('status', OUTBOX_STATUSES, status),
    kind: kind === undefined ? null : oneOf('kind', NOTICE_KINDS, kind),
    to: to === undefined ? null : normaliseAddress(to),
    case: number === undefined ? null : wholeNumber('case', number.replace(/^#/, '')),
    most: wholeNumber('most', most),
  }
}

function oneOf<T extends string>(option: string, known: readonly T[], value: string): T {
  const found = known.find((it) => it === value)
  if (found === undefined) throw wrongOption(`--${option} is '${value}', and must be one of ${known.join(', ')}`)
  return found
}

function wholeNumber(option: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value))
    throw wrongOption(`--${option} is '${value}', and must be a whole number from 1 on`)
  return Number(value)
}

function wrongOption(message: string): PosthornError {
  return new PosthornError('option', message, { temporary: false })
}

/** On stderr, so that stdout holds the rows alone. */
async function sayPaused(db: Db): Promise<void> {
  const pause = await findPause(db)
  if (pause) process.stderr.write(`posthorn: ${describePause(pause)}\n`)
}

/** One line: since when and why nothing is sent. */
export function describePause({ at, reason }: { at: string; reason: string }): string {
  return `the outbox is paused since ${at}${reason ? ` (${reason})` : ''}: nothing is sent until 'posthorn outbox resume' is called`
}

function registerRetry(outbox: Command): void {
  withConfigOption(
    outbox
      .command('retry')
      .description('send failed rows again, at once')
      .argument('[id...]', 'rows; where none is named, all that failed and can be sent'),
  ).action(async (ids: string[], options: { config: string }) => {
    await withStore(options.config, async ({ store }) => {
      const at = isoTime(realWorld.now())
      const { due, refused } = await store.transaction(async (tx) => await retryOutbox(tx, ids, at))
      process.stdout.write(`${due} rows are due again\n`)
      assertNoneRefused(refused, 'cannot be sent again', "'posthorn outbox list --status failed' shows what failed.")
    })
  })
}

function registerCancel(outbox: Command): void {
  withConfigOption(
    outbox
      .command('cancel')
      .description('take rows out that are waiting: they are never sent')
      .argument('<id...>', "as 'posthorn outbox list' shows them"),
  ).action(async (ids: string[], options: { config: string }) => {
    await withStore(options.config, async ({ store }) => {
      const change = { at: isoTime(realWorld.now()), id: realWorld.id }
      const refused = await store.transaction(async (tx) => await cancelOutbox(tx, ids, change))
      process.stdout.write(`${new Set(ids).size - refused.length} rows are cancelled\n`)
      assertNoneRefused(refused, 'cannot be cancelled', "'posthorn outbox list --status waiting' shows what can be.")
    })
  })
}

function assertNoneRefused(refused: readonly Refused[], what: string, hint: string): void {
  if (refused.length === 0) return
  const each = refused.map(({ id, why }) => `${id} ${what}: ${why}`)
  throw new PosthornError('refused', `${each.join('\n')}\n`, { temporary: false, hint })
}

function registerPause(outbox: Command): void {
  withConfigOption(
    outbox.command('pause').description('send nothing until resume is called; mail is taken in meanwhile'),
  )
    .option('--reason <words>', 'for whoever asks', '')
    .action(async (options: { config: string; reason: string }) => {
      await withStore(options.config, async ({ store }) => {
        const now = { at: isoTime(realWorld.now()), reason: options.reason }
        await pauseOutbox(store.db, now)
        process.stdout.write(`${describePause((await findPause(store.db)) ?? now)}\n`)
      })
    })
  withConfigOption(outbox.command('resume').description('send again what is due')).action(
    async (options: { config: string }) => {
      await withStore(options.config, async ({ store }) => {
        const was = await resumeOutbox(store.db)
        process.stdout.write(was ? 'the outbox is not paused any more\n' : 'the outbox was not paused\n')
      })
    },
  )
}
