import { describeError, isTemporary } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { keepRunning } from '../core/loop.ts'
import type { World } from '../core/world.ts'
import { maskAddress } from '../model/address.ts'
import type { Notice } from '../model/notice.ts'
import type { DeliveryResult, OutgoingMail } from '../outbox/outgoing-mail.ts'
import { allowanceFor, claimSize, type DomainLimits } from './limits.ts'
import type { OutboxRow, OutboxStore } from './outbox-store.ts'
import { nextAttemptAt } from './schedule.ts'
import type { Transport } from './transport.ts'

/** What the worker works with. */
export interface DeliveryContext {
  outbox: OutboxStore
  transport: Transport
  /** outbox/compose with its context filled in for the notice's mailbox. */
  compose: (notice: Notice) => OutgoingMail
  world: World
  log: Log
  options: DeliveryOptions
}

export interface DeliveryOptions {
  /** Mails on their way at once: smtp.connections. */
  connections: number
  /** For each domain, over all workers: smtp.perDomain. */
  perDomain: DomainLimits
  /** Milliseconds between two looks at the outbox when nobody nudges. */
  pollMs: number
  /** Milliseconds after which rows of a worker that died are due again; renewed while it lives. */
  leaseMs: number
  /** Milliseconds that a stop waits for what is in flight. */
  stopMs: number
}

/** Looks every 5 seconds, a lease of a minute, 20 seconds to stop. */
export const DELIVERY_DEFAULTS: Omit<DeliveryOptions, 'connections' | 'perDomain'> = {
  pollMs: 5_000,
  leaseMs: 60_000,
  stopMs: 20_000,
}

export interface Delivery {
  /** Something was committed: look at the outbox now. */
  nudge(): void
  /**
   * Nothing new starts; resolves when what is in flight is done, or after `stopMs`: then connections are cut, and the
   * rows are repeated after their lease, with the same Message-ID.
   */
  stop(): Promise<void>
}

/**
 * The worker that empties the outbox. Any number may run at once on one database.
 *
 * A row is claimed for a lease, composed, sent to its one recipient, and its result recorded; then the next. No domain gets
 * more at once than its limit (limits.ts), so that a slow one keeps none from the others. What is temporary is tried again
 * on the published schedule (schedule.ts), what is permanent is written on the case. A crash between 'accepted' and
 * 'recorded' repeats that one mail, with the same Message-ID. While the outbox is paused, nothing new begins.
 */
export function startDelivery(context: DeliveryContext): Delivery {
  const worker = makeWorker(context)
  const stopping = new AbortController()
  stopping.signal.addEventListener('abort', () => worker.bell.ring())
  const { world, log } = context
  const loop = keepRunning('delivery', async (signal) => await round(worker, signal), {
    world,
    log,
    signal: stopping.signal,
  })
  const renewing = keepRunning('delivery lease', async (signal) => await renew(worker, signal), {
    world,
    log,
    signal: stopping.signal,
  })
  return {
    nudge: () => lookAgain(worker),
    stop: async () => {
      stopping.abort()
      await Promise.all([loop, renewing])
      await finish(worker)
    },
  }
}

interface Worker extends DeliveryContext {
  /** Claimed and on their way, by the row's id. */
  inHand: Map<string, { row: OutboxRow; done: Promise<void> }>
  /** Claimed and not begun. */
  waiting: OutboxRow[]
  /** How many mails to each domain may be on their way from here at once, as of the last claim. */
  atOnce: Map<string, number>
  /** Whether there may be something to claim that the last claim did not find. */
  more: boolean
  paused: boolean
  /** Milliseconds since 1970: the last look at the pause, and the last claim. */
  lookedAt: number
  claimedAt: number
  bell: Bell
}

function makeWorker(context: DeliveryContext): Worker {
  const empty = {
    inHand: new Map(),
    waiting: [],
    atOnce: new Map(),
    more: true,
    paused: false,
    lookedAt: 0,
    claimedAt: 0,
  }
  return { ...context, ...empty, bell: makeBell() }
}

function lookAgain(worker: Worker): void {
  worker.more = true
  worker.bell.ring()
}

/** One turn: fill the free connections, then wait for a nudge, for one that gets free, or for the next look. */
async function round(worker: Worker, signal: AbortSignal): Promise<void> {
  const { options, world } = worker
  const rung = worker.bell.next()
  await heedPause(worker)
  await letGoOfStale(worker)
  beginWhatMay(worker, signal)
  while (worker.more && !worker.paused && isFree(worker) && !signal.aborted) {
    await claimMore(worker)
    beginWhatMay(worker, signal)
  }
  const timer = new AbortController()
  const timeIsUp = world.sleep(options.pollMs, timer.signal).then(() => {
    if (!timer.signal.aborted) worker.more = true
  })
  await Promise.race([rung, timeIsUp])
  timer.abort()
}

const isFree = ({ inHand, options }: Worker) => inHand.size < options.connections

/** Looks whether the outbox is paused, once in `pollMs`. What was claimed and not begun is given back then. */
async function heedPause(worker: Worker): Promise<void> {
  const { outbox, options, world, log } = worker
  if (world.now() - worker.lookedAt < options.pollMs) return
  const pause = await outbox.pause()
  worker.lookedAt = world.now()
  if (pause && !worker.paused)
    log.warn({ ...pause }, "the outbox is paused: nothing is sent until 'posthorn outbox resume' is called")
  if (!pause && worker.paused) log.info('the outbox is not paused any more')
  if (worker.paused && !pause) worker.more = true
  worker.paused = pause !== null
  if (pause) await giveBack(worker)
}

/** What waits here while every connection hangs may be sent by another worker. */
async function letGoOfStale(worker: Worker): Promise<void> {
  const { options, world } = worker
  if (isFree(worker) || world.now() - worker.claimedAt < options.pollMs) return
  await giveBack(worker)
}

async function giveBack(worker: Worker): Promise<void> {
  if (worker.waiting.length === 0) return
  await worker.outbox.giveBack(worker.waiting)
  worker.waiting = []
  worker.more = true
}

async function claimMore(worker: Worker): Promise<void> {
  const { outbox, options, world, inHand } = worker
  const limit = claimSize(options.perDomain, { ...options, free: options.connections - inHand.size })
  const allowed = new Map(worker.atOnce)
  worker.more = false
  try {
    const claimed = await outbox.claim({
      ...{ now: world.now(), leaseMs: options.leaseMs, limit, inHand: idsInHand(worker) },
      countMinute: options.perDomain.perMinute !== null,
      roomFor: (domain, load) => {
        const own = { begun: begunTo(worker, domain), waiting: countTo(worker.waiting, domain) }
        const before = worker.atOnce.get(domain) ?? 0
        const { atOnce, room } = allowanceFor(options.perDomain, load, own, before)
        allowed.set(domain, atOnce)
        return room
      },
    })
    worker.waiting.push(...claimed)
    worker.claimedAt = world.now()
    const domains = new Set([...worker.waiting, ...begunRows(worker)].map((row) => row.to_domain))
    worker.atOnce = new Map([...allowed].filter(([domain]) => domains.has(domain)))
    if (claimed.length === limit) worker.more = true
  } catch (error) {
    worker.more = true
    throw error
  }
}

const idsInHand = ({ inHand, waiting }: Worker) => [...inHand.keys(), ...waiting.map((row) => row.id)]
const begunRows = ({ inHand }: Worker) => [...inHand.values()].map(({ row }) => row)
const begunTo = (worker: Worker, domain: string) => countTo(begunRows(worker), domain)
const countTo = (rows: OutboxRow[], domain: string) => rows.filter((row) => row.to_domain === domain).length

/** Begins with the oldest that its domain has a place for, until the connections are full. */
function beginWhatMay(worker: Worker, signal: AbortSignal): void {
  while (isFree(worker) && !signal.aborted) {
    const at = worker.waiting.findIndex(
      ({ to_domain }) => begunTo(worker, to_domain) < (worker.atOnce.get(to_domain) ?? 0),
    )
    const [row] = at < 0 ? [] : worker.waiting.splice(at, 1)
    if (!row) return
    begin(worker, row)
  }
}

function begin(worker: Worker, row: OutboxRow): void {
  const done = deliverRow(worker, row)
    .catch((error: unknown) => {
      // Only the database can fail here: the row stays claimed, and is due again after its lease.
      worker.log.error({ row: row.id, error: describeError(error) }, 'the result of a delivery could not be recorded')
    })
    .finally(() => {
      worker.inHand.delete(row.id)
      // Its place is free, and where nothing is here to take it, something may be in the outbox.
      if (countTo(worker.waiting, row.to_domain) === 0) worker.more = true
      worker.bell.ring()
    })
  worker.inHand.set(row.id, { row, done })
}

/** One attempt at one row, recorded. Throws only when it cannot be recorded. */
async function deliverRow(worker: Worker, row: OutboxRow): Promise<void> {
  const attempt = await attemptRow(worker, row)
  const mine = await record(worker, row, attempt)
  const about = { row: row.id, kind: row.kind, to: maskAddress(row.to_address), attempt: row.attempts }
  const { result } = attempt
  if (!mine) worker.log.warn({ ...about, result: result.kind }, 'a row was taken over by another worker')
  else if (result.kind === 'sent') worker.log.info({ ...about, response: result.response }, 'mail sent')
  else worker.log.warn({ ...about, result: result.kind, code: result.code, response: result.response }, 'mail not sent')
}

interface Attempt {
  result: DeliveryResult
  subject: string
}

async function attemptRow(worker: Worker, row: OutboxRow): Promise<Attempt> {
  let mail: OutgoingMail
  try {
    mail = worker.compose(await worker.outbox.load(row))
  } catch (error) {
    return { result: notComposed(error), subject: '' }
  }
  const result = await worker.transport.send(mail, (attachment) => worker.outbox.content(attachment))
  return { result, subject: mail.subject }
}

/** A store that is away is temporary; a notice that cannot be made will not get better by waiting. */
function notComposed(error: unknown): DeliveryResult {
  const response = describeError(error)
  return isTemporary(error)
    ? { kind: 'retry', code: 'compose', response, unknown: false }
    : { kind: 'failed', code: 'compose', response, addressGone: false }
}

async function record(worker: Worker, row: OutboxRow, { result, subject }: Attempt): Promise<boolean> {
  const { outbox, world } = worker
  const now = world.now()
  switch (result.kind) {
    case 'sent':
      return await outbox.sent(row, now, subject)
    case 'failed':
      return await outbox.failed(row, now, { why: answerOf(result), addressGone: result.addressGone })
    case 'retry': {
      const at = nextAttemptAt(row.attempts, now)
      const why = `${answerOf(result)}${result.unknown ? ' (it may have arrived)' : ''}`
      if (at !== null) return await outbox.retry(row, at, why)
      return await outbox.failed(row, now, {
        why: `given up after ${row.attempts} attempts: ${why}`,
        addressGone: false,
      })
    }
  }
}

/** What a server answered begins with the code; what happened on the way to it does not. */
function answerOf({ code, response }: { code: string; response: string }): string {
  return response.startsWith(code) ? response : `${code} ${response}`
}

/** Keeps what is in hand from being taken over, three times in a lease. */
async function renew(worker: Worker, signal: AbortSignal): Promise<void> {
  const { options, world } = worker
  await world.sleep(options.leaseMs / 3, signal)
  if (!signal.aborted) await renewUntil(worker, world.now() + options.leaseMs)
}

async function renewUntil(worker: Worker, until: number): Promise<void> {
  const ids = idsInHand(worker)
  if (ids.length > 0) await worker.outbox.renew(ids, until)
}

async function finish(worker: Worker): Promise<void> {
  const { options, transport, world, log } = worker
  await letGo(worker)
  const timer = new AbortController()
  const inFlight = Promise.all([...worker.inHand.values()].map(({ done }) => done))
  await Promise.race([inFlight, world.sleep(options.stopMs, timer.signal)])
  timer.abort()
  const cut = worker.inHand.size > 0
  if (cut) log.warn({ rows: [...worker.inHand.keys()] }, 'mails in flight were cut off')
  transport.close({ force: cut })
  await inFlight
}

/** Gives back what was not begun, and keeps what was until it is done. Where that fails, leases run out by themselves. */
async function letGo(worker: Worker): Promise<void> {
  const { outbox, options, world, log } = worker
  try {
    await outbox.giveBack(worker.waiting.splice(0))
    await renewUntil(worker, world.now() + options.stopMs + options.leaseMs)
  } catch (error) {
    log.error({ error: describeError(error) }, 'claimed rows could not be given back; they are due after their lease')
  }
}

/** Something that can be rung, and waited for; a ring before the wait began counts. */
interface Bell {
  ring(): void
  /** Resolves at the next ring after this call. */
  next(): Promise<void>
}

function makeBell(): Bell {
  let current = Promise.withResolvers<void>()
  return {
    ring: () => {
      current.resolve()
      current = Promise.withResolvers<void>()
    },
    next: () => current.promise,
  }
}
