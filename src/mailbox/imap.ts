import { type FileHandle, open } from 'node:fs/promises'
import { type FetchMessageObject, ImapFlow } from 'imapflow'
import type { AfterIntake, MailboxConfig } from '../config/config.ts'
import { PosthornError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { releaseBuffers } from '../core/release-buffers.ts'
import { acknowledgeOn, packUids } from './acknowledge.ts'
import { imapError } from './imap-errors.ts'
import { type FetchedMail, FIRST_BYTES, type FolderState, type MailboxConnection, type Spooled } from './mailbox.ts'
import { waitForNews } from './wait.ts'

/** Bytes asked for at a time when a long mail is completed. */
const CHUNK = 1024 * 1024
/** After so many bytes of a long mail, what its chunks took up is given back. */
const RELEASE = 8 * CHUNK

/** A server that says nothing for this long in the middle of a command is gone. Milliseconds. */
const SILENCE = 60_000

export interface ConnectOptions {
  log: Log
  /** Ends the attempt to connect; a connection once made is ended by close(). */
  signal?: AbortSignal | undefined
  /** Milliseconds: see SILENCE. */
  silence?: number | undefined
}

/**
 * Connects and logs in to the server of `mailbox`, without opening its folder. `accessToken` takes the place of the password
 * where the mailbox has OAuth2. Throws PosthornError: imap-connection, or imap-login when the server refuses.
 */
export async function connectImap(
  mailbox: MailboxConfig,
  options: ConnectOptions & { accessToken?: string },
): Promise<MailboxConnection> {
  const client = new ImapFlow(clientOptions(mailbox, options))
  // Without a listener a lost socket would end the process; the command under way rejects with the same error.
  client.on('error', (error) => options.log.debug({ mailbox: mailbox.name, error: String(error) }, 'IMAP connection'))
  const stop = () => client.close()
  options.signal?.addEventListener('abort', stop)
  try {
    await client.connect()
  } catch (error) {
    client.close()
    throw imapError(mailbox, 'connecting', error)
  } finally {
    options.signal?.removeEventListener('abort', stop)
  }
  return new ImapMailbox(client, mailbox, options.silence ?? SILENCE)
}

function clientOptions(mailbox: MailboxConfig, { accessToken, silence }: ConnectOptions & { accessToken?: string }) {
  const { host, port, tls, user, auth, allowSelfSigned } = mailbox.imap
  const secret = auth.kind === 'password' ? { pass: auth.password } : { accessToken: accessToken ?? '' }
  return {
    host,
    port,
    secure: tls === 'implicit',
    doSTARTTLS: tls === 'starttls',
    tls: { rejectUnauthorized: !allowSelfSigned },
    auth: { user, ...secret },
    clientInfo: { name: 'Posthorn' },
    logger: false as const,
    // CONDSTORE, which it would enable, makes each silent STORE answer with a FETCH; compression costs more than it saves.
    disableAutoEnable: true,
    disableCompression: true,
    disableAutoIdle: true,
    socketTimeout: silence ?? SILENCE,
    connectionTimeout: 30_000,
  }
}

class ImapMailbox implements MailboxConnection {
  private readonly client: ImapFlow
  private readonly mailbox: MailboxConfig
  private readonly silence: number
  private news = false

  constructor(client: ImapFlow, mailbox: MailboxConfig, silence: number) {
    this.client = client
    this.mailbox = mailbox
    this.silence = silence
    client.on('exists', ({ count, prevCount }) => {
      if (count > prevCount) this.news = true
    })
  }

  async select(): Promise<FolderState> {
    return await this.run('opening the folder', async () => {
      const state = await this.client.mailboxOpen(this.mailbox.folder)
      this.news = false
      const uidNext: number | undefined = state.uidNext
      const uidValidity: bigint | undefined = state.uidValidity
      this.refuseReadOnly(state.readOnly === true)
      return { uidValidity: String(uidValidity ?? 0), uidNext: uidNext ?? null, exists: state.exists }
    })
  }

  async uids(): Promise<number[]> {
    return await this.run('listing the folder', async () => {
      const found = await this.client.search({ all: true }, { uid: true })
      if (!Array.isArray(found)) throw new Error('UID SEARCH ALL was refused')
      return found
    })
  }

  async fetch(uids: number[]): Promise<FetchedMail[]> {
    return uids.length === 0 ? [] : await this.fetchSet(packUids(uids))
  }

  async fetchFrom(uid: number, count: number): Promise<FetchedMail[]> {
    return await this.fetchSet(`${uid}:${uid + count - 1}`)
  }

  private async fetchSet(set: string): Promise<FetchedMail[]> {
    return await this.run('fetching', async () => {
      const query = { uid: true, source: { start: 0, maxLength: FIRST_BYTES } }
      const rows = await this.client.fetchAll(set, query, { uid: true })
      return rows
        .filter(hasSource)
        .map(({ uid, source }) => ({ uid, source, whole: source.length !== FIRST_BYTES }))
        .sort((a, b) => a.uid - b.uid)
    })
  }

  async sizeOf(uid: number): Promise<number | null> {
    return await this.run('asking for a size', async () => {
      const row = await this.client.fetchOne(String(uid), { uid: true, size: true }, { uid: true })
      return row ? (row.size ?? 0) : null
    })
  }

  async spool(uid: number, path: string, head: Uint8Array, most: number): Promise<Spooled> {
    const file = await open(path, 'w')
    try {
      await file.writeFile(head)
      return await this.run('fetching a long mail', async () => await this.spoolRest(uid, file, head.length, most))
    } finally {
      await file.close()
    }
  }

  private async spoolRest(uid: number, file: FileHandle, start: number, most: number): Promise<Spooled> {
    for (let size = start; ; ) {
      if (size > most) return { kind: 'too-large', size }
      const query = { uid: true, source: { start: size, maxLength: CHUNK } }
      const row = await this.client.fetchOne(String(uid), query, { uid: true })
      if (!row) return { kind: 'gone' }
      // Past the last byte there is nothing: NIL or an empty literal.
      const chunk = row.source ?? Buffer.alloc(0)
      if (chunk.length > CHUNK) throw new Error(`the server gave ${chunk.length} bytes where ${CHUNK} were asked for`)
      await file.writeFile(chunk)
      size += chunk.length
      if (size % RELEASE < CHUNK) releaseBuffers()
      if (chunk.length < CHUNK) return size > most ? { kind: 'too-large', size } : { kind: 'done', size }
    }
  }

  async acknowledge(uids: number[], after: AfterIntake): Promise<void> {
    if (uids.length === 0) return
    await this.run('acknowledging', async () => await acknowledgeOn(this.client, uids, after))
  }

  async wait(milliseconds: number, signal: AbortSignal): Promise<'news' | 'quiet'> {
    return await this.named('waiting for news', async () => {
      if (!this.news) await waitForNews(this.client, milliseconds, signal)
      const news = this.news
      this.news = false
      return news ? 'news' : 'quiet'
    })
  }

  async close(): Promise<void> {
    // A polite goodbye may itself fail or hang on a dead connection; nothing is at stake any more.
    const goodbye = this.client.usable ? this.client.logout().catch(() => undefined) : Promise.resolve()
    const enough = new Promise((resolve) => setTimeout(resolve, 500).unref())
    await Promise.race([goodbye, enough])
    this.client.close()
  }

  /** A command that must come to an end: a server that says nothing meanwhile is given up. */
  private async run<T>(doing: string, command: () => Promise<T>): Promise<T> {
    const watchdog = giveUpWhenSilent(this.client, this.silence)
    try {
      return await this.named(doing, command)
    } finally {
      clearInterval(watchdog)
    }
  }

  /** ImapFlow answers a command on a closed connection with nothing, as if there was nothing: that must be an error here. */
  private async named<T>(doing: string, command: () => Promise<T>): Promise<T> {
    try {
      if (!this.client.usable) throw new Error('the connection is closed')
      const result = await command()
      if (!this.client.usable) throw new Error('the connection was lost')
      return result
    } catch (error) {
      throw imapError(this.mailbox, doing, error)
    }
  }

  private refuseReadOnly(readOnly: boolean): void {
    const { name, after, folder } = this.mailbox
    if (!readOnly || after.kind === 'leave') return
    throw new PosthornError('imap-read-only', `mailbox ${name}: the folder ${folder} may only be read`, {
      hint: `Give the user the right to change it, or set 'after: leave' for the mailbox ${name}.`,
    })
  }
}

/**
 * Closes the connection when not a byte has come for `silence` milliseconds, at the latest after twice that time.
 * ImapFlow's own timeout waits for ever where the silence begins in an IDLE: it takes the unanswered DONE for idling.
 */
function giveUpWhenSilent(client: ImapFlow, silence: number): NodeJS.Timeout {
  let received = client.stats().received
  return setInterval(() => {
    const now = client.stats().received
    if (now === received) client.close()
    received = now
  }, silence)
}

/**
 * fetch() also yields what other sessions changed meanwhile, without a source; and some servers give no content at all.
 * Neither is a mail that was fetched.
 */
function hasSource(row: FetchMessageObject): row is FetchMessageObject & { source: Buffer } {
  return row.source !== undefined && row.source.length > 0
}
