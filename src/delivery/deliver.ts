import { describeError, isTemporary } from '../core/errors.ts'
import { keepRunning } from '../core/loop.ts'
import { maskAddress } from '../model/address.ts'
import type { DeliveryResult, OutgoingMail } from '../outbox/outgoing-mail.ts'
import type { OutboxRow } from './outbox-store.ts'
import { nextAttemptAt } from './schedule.ts'
import {
  claimMore,
  countTo,
  type DeliveryContext,
  giveBack,
  heedPause,
  type InHand,
  idsInHand,
  isFree,
  isIdle,
  letGoOfStale,
  lookAgain,
  makeWorker,
  takeNext,
  type Worker,
} from './worker.ts'

export { DELIVERY_DEFAULTS, type DeliveryContext, type DeliveryOptions } from './worker.ts'

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
  // One sleep for many rings: to end it costs more than a mail.
  worker.nextLook ??= world.sleep(options.pollMs, signal).then(() => {
    worker.nextLook = null
    worker.more = true
  })
  await Promise.race([rung, worker.nextLook])
}

/** Begins with the oldest that its domain has a place for, until the connections are full. */
function beginWhatMay(worker: Worker, signal: AbortSignal): void {
  while (isFree(worker) && !signal.aborted) {
    const row = takeNext(worker)
    if (!row) return
    begin(worker, row)
  }
}

function begin(worker: Worker, row: OutboxRow): void {
  const hand: InHand = { row, done: Promise.resolve() }
  worker.inHand.set(row.id, hand)
  worker.begun.add(row)
  hand.done = deliverRow(worker, row)
    .catch((error: unknown) => {
      // Only the database can fail here: the row stays claimed, and is due again after its lease.
      worker.log.error({ row: row.id, error: describeError(error) }, 'the result of a delivery could not be recorded')
    })
    .finally(() => {
      worker.inHand.delete(row.id)
      worker.begun.delete(row)
      // Its place is free, and where nothing is here to take it, something may be in the outbox.
      if (countTo(worker.waiting, row.to_domain) === 0) worker.more = true
      worker.bell.ring()
    })
}

/** One attempt at one row, recorded. Throws only when it cannot be recorded. */
async function deliverRow(worker: Worker, row: OutboxRow): Promise<void> {
  const attempt = await attemptRow(worker, row)
  const recorded = record(worker, row, attempt)
  // Its place is free; it is in hand until that is recorded.
  worker.begun.delete(row)
  if (isIdle(worker)) worker.outbox.flush()
  worker.bell.ring()
  const mine = await recorded
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
    mail = worker.compose(await worker.noticeOf(row))
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
  const { options, world, log } = worker
  try {
    await giveBack(worker)
    await renewUntil(worker, world.now() + options.stopMs + options.leaseMs)
  } catch (error) {
    log.error({ error: describeError(error) }, 'claimed rows could not be given back; they are due after their lease')
  }
}
