import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { MailboxConfig } from '../config/config.ts'
import { describeError, PosthornError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { keepRunning } from '../core/loop.ts'
import type { World } from '../core/world.ts'
import { connectMailbox } from './connect.ts'
import type { Intake } from './intake.ts'
import type { MailboxConnection } from './mailbox.ts'
import { type AccessTokens, makeAccessTokens, type TokenStore } from './oauth.ts'
import { lookAtAll, type MailboxMemory, newSession, nextRetryAt, type Session, takeNews } from './session.ts'

export interface WatchDeps {
  intake: Intake
  tokens: TokenStore
  world: World
  log: Log
  /** Bytes: a larger mail stays on the server (limits.mailSize). */
  mailSize: number
  /** Folder for long mails on their way. Each mailbox empties a folder of its own in it when it starts. */
  spoolFolder: string
  /** Milliseconds that a server may say nothing in the middle of a command before it is given up; a minute unless given. */
  silence?: number
  /** Told of each failure until it says yes: then this outage has been seen to. `since` in milliseconds since 1970. */
  onDown?: (outage: { mailbox: string; since: number; error: unknown; refused: boolean }) => Promise<boolean>
  /** Told of each connection with which all went well. */
  onUp?: (mailbox: string) => Promise<void>
}

/** Connection trouble is tried again soon; a refused login rarely, or some servers lock the account. */
const SOON = { first: 1_000, most: 60_000 }
const RARELY = { first: 5_000, most: 600_000 }

/** A stopped program waits this long for the server to finish what it was asked, then cuts the connection. Milliseconds. */
const GRACE = 2_000

/**
 * Watches one mailbox until `signal` is aborted: takes in what is there, then what comes, by IDLE and by a look at everything
 * every pollSeconds. Never gives up: whatever fails is logged, and tried again after a growing delay, for this mailbox alone.
 */
export async function watchMailbox(mailbox: MailboxConfig, deps: WatchDeps, signal: AbortSignal): Promise<void> {
  const { world, log } = deps
  const { auth } = mailbox.imap
  const accessTokens = auth.kind === 'oauth2' ? makeAccessTokens(mailbox.name, auth, deps) : null
  const memory: MailboxMemory = { retries: new Map() }
  const folder = join(deps.spoolFolder, encodeURIComponent(mailbox.name))
  const down: Down = { since: null, told: false }
  await keepRunning(
    `mailbox ${mailbox.name}`,
    async (_signal, wellNow) => {
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true })
      await runSession({ mailbox, deps, accessTokens, memory, folder, down, signal, wellNow })
    },
    {
      world,
      log,
      signal,
      backoff: (error) => (isRefusal(error) ? RARELY : SOON),
      onFailure: async (error) => await reportDown(mailbox.name, deps, down, error),
    },
  )
}

interface Down {
  /** Since when the mailbox has not been reached, in milliseconds since 1970. */
  since: number | null
  /** Whether onDown has seen to it. */
  told: boolean
}

interface Run {
  mailbox: MailboxConfig
  deps: WatchDeps
  accessTokens: AccessTokens | null
  memory: MailboxMemory
  folder: string
  down: Down
  signal: AbortSignal
  /** Called when everything works: the next failure is a first one again. */
  wellNow: () => void
}

async function runSession(run: Run): Promise<void> {
  const { mailbox, deps, signal } = run
  const connection = await connectMailbox(mailbox, { ...run, log: deps.log, silence: deps.silence })
  const stop = closeAfterGrace(connection, signal)
  try {
    const session = makeSession(run, connection)
    for (;;) {
      await lookAtAll(session)
      if (signal.aborted) return
      await reportUp(run, session)
      await takeUntilNextLook(session, run)
      if (signal.aborted) return
    }
  } finally {
    stop()
    await connection.close()
  }
}

/** Takes announced mails one after another; ends when it is time to look at everything. */
async function takeUntilNextLook(session: Session, run: Run): Promise<void> {
  const { world } = session
  const lookAt = world.now() + session.mailbox.pollSeconds * 1000
  for (;;) {
    if (world.now() >= lookAt) return
    const until = Math.min(lookAt, nextRetryAt(session) ?? lookAt)
    const heard = await session.connection.wait(Math.max(0, until - world.now()), session.signal)
    if (heard === 'quiet' || session.signal.aborted) return
    if (!(await takeNews(session))) return
    run.wellNow()
  }
}

function makeSession(run: Run, connection: MailboxConnection): Session {
  const { mailbox, deps, memory, folder, signal } = run
  const { intake, world, log, mailSize } = deps
  const limits = { mailSize, folder }
  return newSession({ mailbox, connection, intake, world, log, limits, memory, signal })
}

async function reportDown(name: string, deps: WatchDeps, down: Down, error: unknown): Promise<void> {
  const since = down.since ?? deps.world.now()
  down.since = since
  if (down.told || !deps.onDown) return
  const { onDown } = deps
  await tell(name, deps, async () => {
    down.told = await onDown({ mailbox: name, since, error, refused: isRefusal(error) })
  })
}

async function reportUp(run: Run, session: Session): Promise<void> {
  run.wellNow()
  if (session.announced) return
  session.announced = true
  const { mailbox, deps, down } = run
  const line = { mailbox: mailbox.name, host: mailbox.imap.host, folder: mailbox.folder }
  if (down.since === null) deps.log.info(line, 'mailbox connected')
  else deps.log.info({ ...line, downForMs: deps.world.now() - down.since }, 'mailbox is back')
  down.since = null
  down.told = false
  await tell(mailbox.name, deps, async () => await deps.onUp?.(mailbox.name))
}

/** Watching goes on where nobody can be told: the database may be what is away. */
async function tell(mailbox: string, { log }: WatchDeps, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    log.error({ mailbox, error: describeError(error) }, 'nobody could be told how the mailbox is')
  }
}

function closeAfterGrace(connection: MailboxConnection, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined
  const onAbort = () => {
    timer = setTimeout(() => void connection.close(), GRACE)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  return () => {
    signal.removeEventListener('abort', onAbort)
    clearTimeout(timer)
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof PosthornError && (error.code === 'imap-login' || error.code === 'oauth-refused')
}
