import type { Log } from '../core/log.ts'
import type { World } from '../core/world.ts'
import type { Notice } from '../model/notice.ts'
import type { OutgoingMail } from '../outbox/outgoing-mail.ts'
import { type Bell, makeBell } from './bell.ts'
import { allowanceFor, claimSize, type DomainLimits } from './limits.ts'
import { loadAhead } from './load-ahead.ts'
import type { OutboxRow, OutboxStore } from './outbox-store.ts'
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

/** A row that was begun. It is done when what the server answered is recorded. */
export interface InHand {
  row: OutboxRow
  done: Promise<void>
}

/** What a worker has in hand, and what it knows of what is left. */
export interface Worker extends DeliveryContext {
  /** Claimed, and on their way or waiting to be recorded, by the row's id. */
  inHand: Map<string, InHand>
  /** Of these, those that the server has not answered. */
  begun: Set<OutboxRow>
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
  /** Runs out when it is time to look at the outbox; null where that is not waited for. */
  nextLook: Promise<void> | null
  /** The notice of a row; what waits is loaded with it. */
  noticeOf: (row: OutboxRow) => Promise<Notice>
}

export function makeWorker(context: DeliveryContext): Worker {
  const { outbox, world } = context
  const empty: Omit<Worker, keyof DeliveryContext | 'noticeOf'> = {
    inHand: new Map(),
    begun: new Set(),
    waiting: [],
    atOnce: new Map(),
    more: true,
    paused: false,
    lookedAt: 0,
    claimedAt: 0,
    bell: makeBell(),
    nextLook: null,
  }
  const noticeOf = loadAhead({ load: outbox.load, upcoming: () => worker.waiting, now: world.now })
  const worker: Worker = { ...context, ...empty, noticeOf }
  return worker
}

/** Something was committed. */
export function lookAgain(worker: Worker): void {
  worker.more = true
  worker.bell.ring()
}

/** Results that wait to be recorded, at the most: where the database is slow, so is sending. */
const MOST_UNRECORDED = 30

/** Whether another mail may begin. */
export function isFree(worker: Worker): boolean {
  return freeConnections(worker) > 0 && worker.inHand.size < worker.options.connections + MOST_UNRECORDED
}

/** Whether nothing is on its way, and nothing here could be. */
export const isIdle = (worker: Worker) => worker.waiting.length === 0 && worker.begun.size === 0
const freeConnections = (worker: Worker) => worker.options.connections - worker.begun.size

/** Looks whether the outbox is paused, once in `pollMs`. What was claimed and not begun is given back then. */
export async function heedPause(worker: Worker): Promise<void> {
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
export async function letGoOfStale(worker: Worker): Promise<void> {
  const { options, world } = worker
  if (isFree(worker) || world.now() - worker.claimedAt < options.pollMs) return
  await giveBack(worker)
}

/** Gives back what was claimed and not begun. */
export async function giveBack(worker: Worker): Promise<void> {
  if (worker.waiting.length === 0) return
  await worker.outbox.giveBack(worker.waiting)
  worker.waiting = []
  worker.more = true
}

/** Claims as much as there is room for, beside what is in hand. */
export async function claimMore(worker: Worker): Promise<void> {
  const { outbox, options, world } = worker
  const limit = claimSize(options.perDomain, { ...options, free: freeConnections(worker) })
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

export const idsInHand = ({ inHand, waiting }: Worker) => [...inHand.keys(), ...waiting.map((row) => row.id)]
const begunRows = ({ begun }: Worker) => [...begun]
const begunTo = (worker: Worker, domain: string) => countTo(begunRows(worker), domain)
/** How many of `rows` go to a domain. */
export const countTo = (rows: OutboxRow[], domain: string) => rows.filter((row) => row.to_domain === domain).length

/** Takes out the oldest row that may begin: one whose domain has a place. */
export function takeNext(worker: Worker): OutboxRow | undefined {
  const begun = begunRows(worker)
  const at = worker.waiting.findIndex(
    ({ to_domain }) => countTo(begun, to_domain) < (worker.atOnce.get(to_domain) ?? 0),
  )
  return at < 0 ? undefined : worker.waiting.splice(at, 1)[0]
}
