import type { Command } from 'commander'
import { casePolicy } from '../app.ts'
import { admitHeld, refuseHeld } from '../cases/hold.ts'
import { PosthornError } from '../core/errors.ts'
import { realWorld } from '../core/world.ts'
import { listHolds } from '../store/holds.ts'
import { findMail, listQuarantined } from '../store/mails.ts'
import type { Db } from '../store/schema.ts'
import { type Opened, printJson, printTable, withConfigOption, withStore } from './open.ts'

/** `posthorn hold list|admit|refuse`: what waits until somebody decides. Nothing of it expires. */
export function registerHold(program: Command): void {
  const hold = program.command('hold').description('mails that wait until somebody lets them in')
  withConfigOption(hold.command('list').description('what is held and what is quarantined, each with its reason'))
    .option('--json', 'one JSON object a line')
    .option('--all', 'also what was admitted, refused or needs no decision')
    .action(async (options: { config: string; json?: boolean; all?: boolean }) => {
      await withStore(options.config, async ({ store }) => {
        const rows = await rowsOf(store.db, options.all ? 'all' : 'waiting')
        if (options.json) return printJson(rows)
        printTable(
          rows.map(({ id, state, case: number, from, since, reason }) => ({
            id,
            state,
            case: number,
            from,
            since,
            reason,
          })),
          120,
        )
      })
    })
  decide(hold, 'admit', 'let it in: a comment becomes public and its sender takes part in the case', admitHeld)
  decide(hold, 'refuse', 'keep it among the agents; it can be admitted later', refuseHeld)
}

function decide(hold: Command, name: string, description: string, verb: typeof admitHeld): void {
  withConfigOption(
    hold.command(name).description(description).argument('<id...>', "as 'posthorn hold list' shows them"),
  ).action(async (ids: string[], options: { config: string }) => {
    await withStore(options.config, async (opened) => {
      for (const id of ids) {
        await assertNotQuarantined(opened, id)
        const ctx = { store: opened.store, world: realWorld, policy: casePolicy(opened.config) }
        await opened.store.transaction(async (tx) => await verb(tx, ctx, id, null))
        process.stdout.write(`${id}: ${name === 'admit' ? 'admitted' : 'refused'}\n`)
      }
    })
  })
}

/** One row for each: `kind` is comment, case (its opening mail) or mail (quarantined). */
async function rowsOf(db: Db, only: 'waiting' | 'all') {
  const held = (await listHolds(db, only)).map((row) => ({
    id: row.id,
    kind: row.comment_id === null ? 'case' : 'comment',
    state: row.state as string,
    case: row.number as number | null,
    title: row.title,
    from: row.author ?? row.contact,
    since: row.at,
    reason: row.reason,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
  }))
  const quarantined = (await listQuarantined(db)).map((row) => ({
    id: row.id,
    kind: 'mail',
    state: 'quarantined',
    case: null,
    title: row.subject,
    from: row.from_address,
    since: row.taken_at,
    reason: row.reason,
    decidedBy: null,
    decidedAt: null,
  }))
  return [...held, ...quarantined].sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))
}

async function assertNotQuarantined({ store }: Opened, id: string): Promise<void> {
  if ((await findMail(store.db, id))?.status !== 'quarantined') return
  throw new PosthornError(
    'quarantined',
    `${id} is a mail that could not be read: there is nothing to decide about yet`,
    {
      temporary: false,
      hint: `'posthorn mailbox replay ${id}' reads it again.`,
    },
  )
}
