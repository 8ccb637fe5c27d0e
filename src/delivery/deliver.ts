import { describeError, isTemporary } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { keepRunning } from '../core/loop.ts'
import type { World } from '../core/world.ts'
import { maskAddress } from '../model/address.ts'
import type { Notice } from '../model/notice.ts'
import type { DeliveryResult, OutgoingMail } from '../outbox/outgoing-mail.ts'
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
  /** Milliseconds between two looks at the outbox when nobody nudges. */
  pollMs: number
  /** Milliseconds after which rows of a worker that died are due again; renewed while it lives. */
  leaseMs: number
  /** Milliseconds that a stop waits for what is in flight. */
  stopMs: number
}

/** Looks every 5 seconds, a lease of a minute, 20 seconds to stop. */
export const DELIVERY_DEFAULTS: Omit<DeliveryOptions, 'connections'> = {
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
 * A row is claimed for a lease, composed, sent to its one recipient, and its result recorded; then the next. What is
 * temporary is tried again on the published schedule (schedule.ts), what is permanent is written on the case. A crash
 * between 'accepted' and 'recorded' repeats that one mail, with the same Message-ID.
 */
export function startDelivery(context: DeliveryContext): Delivery {
  const worker: Worker = { ...context, inHand: new Map(), waiting: [], bell: makeBell() }
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
    nudge: () => worker.bell.ring(),
    stop: async () => {
      stopping.abort()
      await Promise.all([loop, renewing])
      await finish(worker)
    },
  }
}

interface Worker extends DeliveryContext {
  /** Claimed and on their way, by the row's id. */
  inHand: Map<string, Promise<void>>
  /** Claimed and not begun. */
  waiting: OutboxRow[]
  bell: Bell
}

/** One turn: fill the free connections, then wait for a nudge, for one that gets free, or for the next look. */
async function round(worker: Worker, signal: AbortSignal): Promise<void> {
  const { options, world } = worker
  const rung = worker.bell.next()
  if (worker.waiting.length === 0 && worker.inHand.size < options.connections) {
    // More than there are connections, since every claim costs a transaction.
    const inHand = [...worker.inHand.keys()]
    worker.waiting = await worker.outbox.claim(world.now(), options.leaseMs, options.connections * 4, inHand)
  }
  while (worker.inHand.size < options.connections && !signal.aborted) {
    const row = worker.waiting.shift()
    if (!row) break
    begin(worker, row)
  }
  const timer = new AbortController()
  await Promise.race([rung, world.sleep(options.pollMs, timer.signal)])
  timer.abort()
}

function begin(worker: Worker, row: OutboxRow): void {
  const work = deliverRow(worker, row)
    .catch((error: unknown) => {
      // Only the database can fail here: the row stays claimed, and is due again after its lease.
      worker.log.error({ row: row.id, error: describeError(error) }, 'the result of a delivery could not be recorded')
    })
    .finally(() => {
      worker.inHand.delete(row.id)
      worker.bell.ring()
    })
  worker.inHand.set(row.id, work)
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
    : { kind: 'failed', code: 'compose', response }
}

async function record(worker: Worker, row: OutboxRow, { result, subject }: Attempt): Promise<boolean> {
  const { outbox, world } = worker
  const now = world.now()
  switch (result.kind) {
    case 'sent':
      return await outbox.sent(row, now, subject)
    case 'failed':
      return await outbox.failed(row, now, `${result.code} ${result.response}`)
    case 'retry': {
      const at = nextAttemptAt(row.attempts, now)
      const why = `${result.code} ${result.response}${result.unknown ? ' (it may have arrived)' : ''}`
      if (at === null) return await outbox.failed(row, now, `given up after ${row.attempts} attempts: ${why}`)
      return await outbox.retry(row, at, why)
    }
  }
}

/** Keeps what is in hand from being taken over, three times in a lease. */
async function renew(worker: Worker, signal: AbortSignal): Promise<void> {
  const { options, world } = worker
  await world.sleep(options.leaseMs / 3, signal)
  if (!signal.aborted) await renewUntil(worker, world.now() + options.leaseMs)
}

async function renewUntil(worker: Worker, until: number): Promise<void> {
  const ids = [...worker.inHand.keys(), ...worker.waiting.map((row) => row.id)]
  if (ids.length > 0) await worker.outbox.renew(ids, until)
}

async function finish(worker: Worker): Promise<void> {
  const { options, transport, world, log } = worker
  await letGo(worker)
  const timer = new AbortController()
  const inFlight = Promise.all(worker.inHand.values())
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
