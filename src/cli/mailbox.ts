import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { accountsFor, loadPolicy } from '../app.ts'
import { ownCheck } from '../authentication/own-check.ts'
import { mailboxNamed } from '../cases/context.ts'
import { replay } from '../cases/replay.ts'
import { PosthornError } from '../core/errors.ts'
import { realWorld } from '../core/world.ts'
import { openParserPool, type ParserPool } from '../message/pool.ts'
import { findMail, findPlaceOfMail, listQuarantined, type MailRow } from '../store/mails.ts'
import { registerCalibrate } from './calibrate.ts'
import { type Opened, withConfigOption, withStore } from './open.ts'

/** `posthorn mailbox calibrate` (calibrate.ts) and `posthorn mailbox replay`: quarantined mails are read again, from the source that was kept. */
export function registerMailbox(program: Command): void {
  const mailbox = program.command('mailbox').description('mails out of the mailboxes')
  registerCalibrate(mailbox)
  withConfigOption(
    mailbox
      .command('replay')
      .description('take quarantined mails in again')
      .argument('[id...]', 'mails; all quarantined ones where none is named'),
  ).action(async (ids: string[], options: { config: string }) => {
    await withStore(options.config, async (opened) => {
      const mails =
        ids.length > 0
          ? await Promise.all(ids.map(async (id) => await requireMail(opened, id)))
          : await listQuarantined(opened.store.db)
      const failed = await replayAll(opened, mails)
      if (failed > 0)
        throw new PosthornError('unreadable', `${failed} of ${mails.length} mails could not be read`, {
          temporary: false,
          hint: 'They stay quarantined, with their raw source.',
        })
    })
  })
}

async function replayAll(opened: Opened, mails: MailRow[]): Promise<number> {
  const { parseSeconds, parseMemory, blobInline } = opened.config.limits
  const spoolFolder = await mkdtemp(join(tmpdir(), 'posthorn-replay-'))
  const pool = await openParserPool({ threads: 1, parseSeconds, parseMemory, spoolFolder, inlineLimit: blobInline })
  let failed = 0
  try {
    for (const mail of mails) if (!(await replayOne(opened, pool, mail))) failed += 1
  } finally {
    await pool.close()
    await rm(spoolFolder, { recursive: true, force: true })
  }
  return failed
}

async function replayOne({ store, config, log }: Opened, pool: ParserPool, before: MailRow): Promise<boolean> {
  const raw = await store.blobs.find(store.db, before.raw_sha256)
  if (!raw)
    throw new PosthornError('blob-missing', `the raw source of mail ${before.id} is gone`, {
      temporary: false,
      hint: 'Restore the database from a backup.',
    })
  const outcome = await pool.parse('path' in raw ? raw : raw.bytes)
  if (outcome.kind !== 'ok') {
    process.stdout.write(`${before.id}: still unreadable, ${outcome.why}: ${outcome.detail}\n`)
    return false
  }
  const { identity, rawSha256, size, message } = outcome
  const place = await findPlaceOfMail(store.db, before.id)
  if (!place)
    throw new PosthornError('no-place', `the ledger does not hold mail ${before.id}`, {
      temporary: false,
      hint: 'Its row was deleted: restore the database from a backup.',
    })
  const parts = { store, world: realWorld, policy: await loadPolicy(config, store) }
  const ctx = { ...parts, accounts: await accountsFor(config, parts) }
  const checked = await ownCheck(mailboxNamed(ctx.policy, place.mailbox), { source: raw, message }, { log })
  const mail = { place, identity, rawSha256, size, raw, ownCheck: checked }
  const applied = await replay(ctx, { ...mail, parsed: { kind: 'message', message } }, before)
  process.stdout.write(`${before.id}: ${applied.decision}, ${applied.reason}\n`)
  return true
}

async function requireMail({ store }: Opened, id: string): Promise<MailRow> {
  const mail = await findMail(store.db, id)
  if (!mail)
    throw new PosthornError('no-such-mail', `there is no mail '${id}'`, {
      temporary: false,
      hint: "'posthorn mailbox replay' without ids takes all quarantined ones.",
    })
  return mail
}
