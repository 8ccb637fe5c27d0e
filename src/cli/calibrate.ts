import type { Command } from 'commander'
import { tokenStore } from '../app.ts'
import type { Config, MailboxConfig } from '../config/config.ts'
import { trustPolicy } from '../config/trust.ts'
import { PosthornError } from '../core/errors.ts'
import { realWorld } from '../core/world.ts'
import { type NewMails, watchNewMails } from '../mailbox/await-mails.ts'
import { resultsOfServer, serverOnTop } from '../message/authentication-results.ts'
import { readMail } from '../message/read-mail.ts'
import { findTakenSince } from '../store/find-taken.ts'
import { type LearnedServer, writeLearned } from '../store/mailbox-trust.ts'
import type { Store } from '../store/open.ts'
import { printJson, withConfigOption, withStore } from './open.ts'
import { type Probe, sendProbes } from './probe.ts'

type Learned = Omit<LearnedServer, 'calibratedAt'>

/** `posthorn mailbox calibrate`: learns from a probe what a mailbox's own server writes about mails, and whether plus addresses arrive. */
export function registerCalibrate(mailboxCommand: Command): void {
  withConfigOption(
    mailboxCommand
      .command('calibrate')
      .description('send a probe to a mailbox, and learn what its server writes on top')
      .argument('[name]', 'a mailbox; all of them where none is named'),
  )
    .option('--seconds <number>', 'how long to wait for a probe', '60')
    .option('--json', 'one JSON object a line')
    .action(async (name: string | undefined, options: { config: string; seconds: string; json?: boolean }) => {
      await withStore(options.config, async ({ config, store }) => {
        for (const mailbox of mailboxesOf(config, name)) {
          const learned = await calibrate({ config, store }, mailbox, Number(options.seconds) * 1000)
          if (options.json) printJson([learned])
          else process.stdout.write(describe(mailbox, learned))
        }
      })
    })
}

/**
 * Sends two probes to a mailbox, to its address and to a plus address, waits at most `patience` milliseconds for them, and
 * keeps what the server wrote on top. A running Posthorn may take them meanwhile: they are own mails, of which nothing
 * becomes. Throws where the first one is not sent or does not arrive.
 */
export async function calibrate(
  { config, store }: { config: Config; store: Store },
  mailbox: MailboxConfig,
  patience: number,
): Promise<Learned> {
  const sinceId = realWorld.id()
  const incoming = await watchNewMails(mailbox, tokenStore(store, realWorld))
  try {
    const { plain, tagged } = await sendProbes(config, mailbox)
    const arrivals = arrivalsOf(store, incoming, sinceId, [plain, tagged])
    const source = await arrivals(plain, patience)
    if (!source) throw notArrived(mailbox, patience)
    const plusAddress = tagged.sent && (await arrivals(tagged, Math.min(patience, PLUS_PATIENCE))) !== null
    const { headers } = (await readMail(source)).message
    const authservId = serverOnTop(headers)
    const results = authservId === null ? null : resultsOfServer(headers, authservId)
    const methods = [...new Set((results ?? []).map((it) => it.method))]
    const learned = { mailbox: mailbox.name, authservId, methods, plusAddress }
    await writeLearned(store.db, learned, realWorld.now())
    return learned
  } finally {
    await incoming.close()
  }
}

/** Milliseconds for the second probe once the first is there: the way is the same. */
const PLUS_PATIENCE = 15_000
/** Milliseconds between two looks into the ledger: a running Posthorn may be quicker than this command. */
const LOOK_EVERY = 500

/** Finds probes in the mailbox or among what was taken in; null after `patience` milliseconds. */
function arrivalsOf(store: Store, incoming: NewMails, sinceId: string, probes: Probe[]) {
  const found = new Map<string, Uint8Array>()
  const take = async (source: Uint8Array) => {
    const { messageId } = (await readMail(source)).message
    if (messageId !== null && probes.some((probe) => probe.messageId === messageId)) found.set(messageId, source)
  }
  return async ({ messageId }: Probe, patience: number): Promise<Uint8Array | null> => {
    const deadline = realWorld.now() + patience
    while (!found.has(messageId) && realWorld.now() < deadline) {
      for (const source of await incoming.next(Math.min(LOOK_EVERY, patience))) await take(source)
      for (const { rawSha256 } of await findTakenSince(store.db, sinceId, [messageId])) {
        const raw = await store.blobs.find(store.db, rawSha256)
        if (raw && 'bytes' in raw) await take(raw.bytes)
      }
    }
    return found.get(messageId) ?? null
  }
}

function mailboxesOf({ mailboxes }: Config, name: string | undefined): MailboxConfig[] {
  if (name === undefined) return mailboxes
  const found = mailboxes.filter((mailbox) => mailbox.name === name)
  if (found.length > 0) return found
  throw new PosthornError('no-such-mailbox', `there is no mailbox '${name}' in the configuration`, {
    temporary: false,
    hint: `There are: ${mailboxes.map((mailbox) => mailbox.name).join(', ')}.`,
  })
}

function notArrived(mailbox: MailboxConfig, patience: number): PosthornError {
  return new PosthornError(
    'no-probe',
    `mailbox ${mailbox.name}: the probe to ${mailbox.address} did not arrive in ${mailbox.folder} within ${patience / 1000} s`,
    { hint: 'Look whether it lies in the spam folder, or give it more time with --seconds.' },
  )
}

function describe(mailbox: MailboxConfig, learned: Learned): string {
  const { authservId, methods, plusAddress } = learned
  const pinned = mailbox.trust.authservId
  const policy = trustPolicy(mailbox.trust, authservId)
  const wrote =
    authservId === null ? 'nothing about the sender' : `${authservId} (${methods.join(', ') || 'no results'})`
  const lines = [
    `${mailbox.name}: the probe to ${mailbox.address} arrived`,
    `  its server writes: ${wrote}`,
    ...(pinned !== null && pinned !== authservId ? [`  the configuration pins another: ${pinned}`] : []),
    `  plus addresses: ${plusAddress ? 'arrive' : 'do not arrive'}`,
    ...(mailbox.plusAddress && !plusAddress ? [`  set 'plusAddress: false' for the mailbox ${mailbox.name}`] : []),
    `  from the next start on: check '${policy.check}', an agent's mail must be ${policy.agents}`,
    ...(policy.check === 'none' ? [`  to have Posthorn check senders by itself, set 'trust: { check: own }'`] : []),
  ]
  return `${lines.join('\n')}\n`
}
