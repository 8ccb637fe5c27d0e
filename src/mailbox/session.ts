import type { MailboxConfig } from '../config/config.ts'
import { describeError, PosthornError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { backoffDelay } from '../core/loop.ts'
import type { World } from '../core/world.ts'
import { type Batch, type BatchLimits, bytesInMemory, completeBatch, discardFiles } from './batch.ts'
import type { Intake, Receipt } from './intake.ts'
import type { FetchedMail, MailboxConnection } from './mailbox.ts'

/** Mails fetched and handed on together: one FETCH, one transaction. With FIRST_BYTES a batch is 25 MB in memory at the most. */
export const BATCH = 50

/** While a batch of more bytes than this is taken in, the next one is not fetched yet. */
const LIGHT = 8 * 1024 * 1024

/** Before a mail that could not be taken in is tried again. */
const RETRY = { first: 5_000, most: 300_000 }

/** What a mailbox remembers as long as the program runs, over all its connections. */
export interface MailboxMemory {
  /** By `UIDVALIDITY/UID`: mails that could not be taken in, how often, and when they are tried again. */
  retries: Map<string, { failures: number; at: number }>
}

/** One connection's view of the folder under one UIDVALIDITY. */
export interface Session {
  mailbox: MailboxConfig
  connection: MailboxConnection
  intake: Intake
  world: World
  log: Log
  limits: BatchLimits
  memory: MailboxMemory
  signal: AbortSignal
  uidValidity: string
  known: Set<number>
  /** From here on every UID is new. */
  next: number
  /** Listed by the server, but not given when they were asked for. */
  missing: Set<number>
  /** When the last full look began. */
  lookedAt: number
  /** Whether the log has heard that the mailbox is connected. */
  announced: boolean
}

export function newSession(
  parts: Pick<Session, 'mailbox' | 'connection' | 'intake' | 'world' | 'log' | 'limits' | 'memory' | 'signal'>,
): Session {
  return { ...parts, uidValidity: '', known: new Set(), next: 1, missing: new Set(), lookedAt: 0, announced: false }
}

/**
 * A full look: everything the folder holds, less what is known, is taken in; what was taken in and not acknowledged is
 * acknowledged. Never trusts a count, a flag or an earlier look, so that whatever happened meanwhile, nothing stays behind.
 */
export async function lookAtAll(session: Session): Promise<void> {
  const { connection, intake, mailbox } = session
  session.lookedAt = session.world.now()
  const state = await connection.select()
  if (state.uidValidity !== session.uidValidity) await beginValidity(session, state.uidValidity)
  const uids = await connection.uids()
  const onServer = new Set(uids)
  forgetGone(session, onServer)
  await takeAll(
    session,
    uids.filter((uid) => !session.known.has(uid) && isDue(session, uid)),
  )
  if (session.signal.aborted) return
  session.next = Math.max(session.next, state.uidNext ?? 1, (uids.at(-1) ?? 0) + 1)
  await acknowledgeRest(session, onServer)
  await intake.looked(mailbox.name, session.uidValidity, uids.length)
}

/**
 * Takes what lies from the first unseen UID on, right after the server announced something: no SELECT, no SEARCH.
 * Gives false when that may not have been all, so that a full look must follow.
 */
export async function takeNews(session: Session): Promise<boolean> {
  const fetched = await session.connection.fetchFrom(session.next, BATCH)
  const fresh = fetched.filter(({ uid }) => uid >= session.next && !session.known.has(uid) && isDue(session, uid))
  if (fresh.length > 0) await handOn(session, await complete(session, fresh))
  return fetched.length > 0 && fetched.length < BATCH
}

/** When the first of the failed mails is due, in milliseconds since 1970; null when none waits. Those due before the last look had it. */
export function nextRetryAt(session: Session): number | null {
  const times = [...session.memory.retries.values()].map((retry) => retry.at).filter((at) => at > session.lookedAt)
  return times.length === 0 ? null : Math.min(...times)
}

async function beginValidity(session: Session, uidValidity: string): Promise<void> {
  if (session.uidValidity !== '')
    session.log.warn(
      { mailbox: session.mailbox.name, before: session.uidValidity, now: uidValidity },
      'UIDVALIDITY changed: every mail is looked at again, and known by its content',
    )
  session.uidValidity = uidValidity
  session.known = await session.intake.known(session.mailbox.name, uidValidity)
  for (const key of session.memory.retries.keys())
    if (!key.startsWith(`${uidValidity}/`)) session.memory.retries.delete(key)
  session.missing.clear()
  session.next = 1
}

/** What is no longer on the server need not be remembered: the ledger does, and UIDs are never given twice. */
function forgetGone(session: Session, onServer: Set<number>): void {
  for (const uid of session.known) if (!onServer.has(uid)) session.known.delete(uid)
  for (const key of session.memory.retries.keys())
    if (!onServer.has(Number(key.split('/')[1]))) session.memory.retries.delete(key)
}

/** Takes these mails in UID order, a batch at a time; the next one is fetched while one is being taken in. */
async function takeAll(session: Session, uids: number[]): Promise<void> {
  const fetchAt = async (from: number): Promise<Batch> => {
    const wanted = uids.slice(from, from + BATCH)
    const fetched = await session.connection.fetch(wanted)
    noteMissing(session, wanted, fetched)
    return await complete(session, fetched)
  }
  let coming: Promise<Batch> | null = null
  for (let from = 0; from < uids.length; from += BATCH) {
    const batch: Batch = await (coming ?? fetchAt(from))
    if (session.signal.aborted) return
    const more = from + BATCH < uids.length
    coming = more && bytesInMemory(batch) <= LIGHT ? fetchAt(from + BATCH) : null
    // Awaited in the next round; when this one fails first, the connection is closed and this fails too, unheard.
    coming?.catch(() => undefined)
    await handOn(session, batch)
  }
}

async function complete(session: Session, fetched: FetchedMail[]): Promise<Batch> {
  return await completeBatch(session.connection, fetched, session.limits)
}

/** A server may give fewer mails than were asked for. They are asked for again at each look, and never count as taken. */
function noteMissing(session: Session, wanted: number[], fetched: FetchedMail[]): void {
  const came = new Set(fetched.map((mail) => mail.uid))
  const missing = wanted.filter((uid) => !came.has(uid))
  const again = missing.filter((uid) => session.missing.has(uid))
  for (const uid of missing) session.missing.add(uid)
  if (again.length > 0)
    session.log.error(
      { mailbox: session.mailbox.name, uids: again.slice(0, 20), count: again.length },
      'the server lists mails but does not give their content: they are asked for again',
    )
}

async function handOn(session: Session, batch: Batch): Promise<void> {
  const { mailbox, uidValidity, intake, world } = session
  try {
    for (const { uid, size, header } of batch.tooLarge) {
      await intake.tooLarge(mailbox.name, uidValidity, uid, size, header)
      session.known.add(uid)
    }
    const receivedAt = world.now()
    const mails = batch.mails.map(({ uid, source }) => ({
      mailbox: mailbox.name,
      uidValidity,
      uid,
      source,
      receivedAt,
    }))
    const receipts = mails.length > 0 ? await intake.receive(mails) : []
    const taken = noteReceipts(session, batch, receipts)
    session.next = Math.max(session.next, batch.highest + 1)
    await acknowledge(session, taken)
  } finally {
    await discardFiles(batch)
  }
}

/** Gives the UIDs that the server may be told of. A mail without a receipt was not taken. */
function noteReceipts(session: Session, batch: Batch, receipts: Receipt[]): number[] {
  const outcomes = new Map(receipts.map((receipt) => [receipt.uid, receipt.outcome]))
  const taken: number[] = []
  for (const { uid } of batch.mails) {
    const outcome = outcomes.get(uid) ?? 'retry'
    if (outcome === 'retry') {
      postpone(session, uid)
      continue
    }
    session.known.add(uid)
    session.memory.retries.delete(retryKey(session, uid))
    if (outcome === 'taken') taken.push(uid)
  }
  const { mails, tooLarge } = batch
  if (mails.length + tooLarge.length > 0)
    session.log.info(
      { mailbox: session.mailbox.name, taken: taken.length, fetched: mails.length, tooLarge: tooLarge.length },
      'mails taken in',
    )
  return taken
}

function retryKey(session: Session, uid: number): string {
  return `${session.uidValidity}/${uid}`
}

function postpone(session: Session, uid: number): void {
  const key = retryKey(session, uid)
  const failures = (session.memory.retries.get(key)?.failures ?? 0) + 1
  session.memory.retries.set(key, { failures, at: session.world.now() + backoffDelay(RETRY, failures) })
}

function isDue(session: Session, uid: number): boolean {
  const retry = session.memory.retries.get(retryKey(session, uid))
  return retry === undefined || retry.at <= session.world.now()
}

/** A crash or a lost connection between commit and acknowledgement leaves some over. */
async function acknowledgeRest(session: Session, onServer: Set<number>): Promise<void> {
  const { intake, mailbox, uidValidity } = session
  const due = await intake.toAcknowledge(mailbox.name, uidValidity)
  const gone = due.filter((uid) => !onServer.has(uid))
  if (gone.length > 0) await intake.acknowledged(mailbox.name, uidValidity, gone)
  await acknowledge(
    session,
    due.filter((uid) => onServer.has(uid)),
  )
}

/** A server that refuses (a full quota, a missing right) stops no mail from being taken in: it is asked again at the next look. */
async function acknowledge(session: Session, uids: number[]): Promise<void> {
  if (uids.length === 0) return
  const { connection, intake, mailbox, uidValidity } = session
  try {
    await connection.acknowledge(uids, mailbox.after)
  } catch (error) {
    if (error instanceof PosthornError && error.code === 'imap-connection') throw error
    session.log.error(
      { mailbox: mailbox.name, count: uids.length, after: mailbox.after, error: describeError(error) },
      'mails were taken in, but the server could not be told; it is tried again',
    )
    return
  }
  await intake.acknowledged(mailbox.name, uidValidity, uids)
}
