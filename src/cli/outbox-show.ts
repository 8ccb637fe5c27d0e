import type { Command } from 'commander'
import { composer, noticeContext } from '../app.ts'
import { describeError, PosthornError } from '../core/errors.ts'
import { mimeStart } from '../delivery/mime.ts'
import { SECRET_KINDS } from '../model/notice.ts'
import { loadNotice } from '../store/notices.ts'
import { findOutboxRow, findRowCase, type OutboxRow } from '../store/outbox.ts'
import { type Opened, printJson, withConfigOption, withStore } from './open.ts'

/** `posthorn outbox show ID`: everything about one row, and the mail as it would leave now. */
export function registerShow(outbox: Command): void {
  withConfigOption(outbox.command('show').description('one row, and the mail as it would leave now'))
    .argument('<id>', "as 'posthorn outbox list' shows it")
    .option('--json', 'as a JSON object')
    .action(async (id: string, options: { config: string; json?: boolean }) => {
      await withStore(options.config, async (opened) => {
        const shown = await showRow(opened, id)
        if (options.json) return printJson([shown])
        const { mail, ...row } = shown
        for (const [name, value] of Object.entries(row))
          if (value !== null) process.stdout.write(`${name.padEnd(14)}  ${value}\n`)
        process.stdout.write(`\n${'text' in mail ? `${mail.headers.join('\n')}\n\n${mail.text}` : mail.notShown}\n`)
      })
    })
}

async function showRow(opened: Opened, id: string) {
  const row = await findOutboxRow(opened.store.db, id)
  if (!row)
    throw new PosthornError('no-row', `there is no row ${id} in the outbox`, {
      temporary: false,
      hint: "'posthorn outbox list' shows those that are.",
    })
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    case: await findRowCase(opened.store.db, row),
    commentId: row.comment_id,
    to: row.to_address,
    toName: row.to_name,
    language: row.language,
    mailbox: row.mailbox,
    messageId: row.message_id,
    subject: row.subject,
    createdAt: row.created_at,
    attempts: row.attempts,
    attemptedAt: row.attempted_at,
    nextAttemptAt: row.status === 'waiting' ? row.next_attempt_at : null,
    leaseUntil: row.lease_until,
    sentAt: row.sent_at,
    lastError: row.last_error,
    mail: await mailOf(opened, row),
  }
}

type Shown = { headers: string[]; text: string } | { notShown: string }

/** A link that lets its reader in is for them alone. */
async function mailOf({ config, store, log }: Opened, row: OutboxRow): Promise<Shown> {
  if (SECRET_KINDS.has(row.kind))
    return { notShown: 'The mail is not shown: the link in it lets whoever has it in as the recipient.' }
  try {
    const mail = composer(config, log)(await loadNotice(store.db, row, noticeContext(config)))
    const [head = ''] = mimeStart(mail).toString().split('\r\n\r\n', 1)
    return { headers: head.split('\r\n'), text: mail.text }
  } catch (error) {
    return { notShown: `The mail cannot be made: ${describeError(error)}` }
  }
}
