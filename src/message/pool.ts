import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { workerEnvironment } from '../core/compile-cache.ts'
import { describeError, PosthornError } from '../core/errors.ts'
import { type Identity, identityOf } from './identity.ts'
import type { Message } from './message.ts'
import { type Done, type Job, spoolPrefix, type WorkerSettings } from './pool-protocol.ts'
import { bytesOf, type MailSource } from './source.ts'

export interface PoolOptions {
  threads: number
  /** Seconds that one mail may take. */
  parseSeconds: number
  /** Bytes of JavaScript heap that a worker may use. */
  parseMemory: number
  /** Where attachments over `inlineLimit` bytes go; made if absent. Whoever gets the message takes its files over. */
  spoolFolder: string
  inlineLimit: number
  /** For tests: URL of a module whose `beforeParse(source)` runs in the worker before each mail. */
  hook?: string
}

export type ParseOutcome = Identity &
  ({ kind: 'ok'; message: Message } | { kind: 'killed'; why: 'time' | 'memory' | 'crash'; detail: string })

export interface ParserPool {
  /**
   * A mail parsed and understood off this thread. A mail that takes too long, too much memory, or brings its worker
   * down gives 'killed'; the mails beside it are parsed again by themselves. Outcomes come in any order.
   * Rejects when the source cannot be read, when no worker can start, and after close().
   */
  parse(source: MailSource): Promise<ParseOutcome>
  /** Ends the workers; mails still waiting are rejected. */
  close(): Promise<void>
}

interface Task extends Job {
  resolve(outcome: ParseOutcome): void
  reject(error: Error): void
  /** Brought a worker down that had done other work before: it gets one more try, by itself. */
  suspect: boolean
}

interface Thread {
  worker: Worker
  current: Int32Array
  tasks: Map<number, Task>
  /** Mails that came back from it. */
  done: number
  /** The job it was last seen at, and since when (performance.now()). */
  seen: number
  since: number
  dying: boolean
}

/** Mails that are handed to a worker at once: fewer messages between the threads, and little to do again after a crash. */
const BATCH = 8

/** Megabytes for what lives only as long as one mail is read: room for several mails between collections. */
const YOUNG_MEMORY = 64

/** Opens `threads` workers. */
export async function openParserPool(options: PoolOptions): Promise<ParserPool> {
  await mkdir(options.spoolFolder, { recursive: true })
  return new Pool(options)
}

class Pool implements ParserPool {
  readonly #options: PoolOptions
  readonly #threads: Thread[] = []
  readonly #queue: Task[] = []
  #lastId = 0
  #planned = false
  #closed = false
  #watch: NodeJS.Timeout | null = null

  constructor(options: PoolOptions) {
    this.#options = options
    for (let i = 0; i < options.threads; i += 1) this.#threads.push(this.#start())
  }

  parse(source: MailSource): Promise<ParseOutcome> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closedError())
      this.#lastId = (this.#lastId % 0x7fffffff) + 1
      this.#queue.push({ id: this.#lastId, source, resolve, reject, suspect: false })
      this.#plan()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#watch) clearInterval(this.#watch)
    const left = [...this.#queue.splice(0), ...this.#threads.flatMap((thread) => [...thread.tasks.values()])]
    for (const task of left) task.reject(closedError())
    await Promise.all(this.#threads.map((thread) => thread.worker.terminate()))
  }

  /** Hands out work once all parse() calls of this turn are known. */
  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    queueMicrotask(() => {
      this.#planned = false
      for (const thread of this.#threads) this.#feed(thread)
      this.#watch ??= setInterval(() => this.#lookAfter(), Math.min(250, this.#options.parseSeconds * 250)).unref()
    })
  }

  #feed(thread: Thread): void {
    if (thread.tasks.size > 0 || thread.dying || this.#queue.length === 0) return
    // A suspect is alone with its worker, so that only it can be to blame.
    const share = Math.min(BATCH, Math.ceil(this.#queue.length / this.#threads.length))
    const alone = this.#queue.findIndex((task, i) => task.suspect && i < share)
    const batch = this.#queue.splice(0, alone < 0 ? share : Math.max(1, alone))
    for (const task of batch) thread.tasks.set(task.id, task)
    thread.worker.ref()
    const jobs = batch.map(({ id, source }): Job => ({ id, source: toSend(source) }))
    thread.worker.postMessage(jobs, buffersOf(jobs))
  }

  #start(): Thread {
    const { spoolFolder, inlineLimit, parseMemory, hook } = this.#options
    const current = new SharedArrayBuffer(4)
    const workerData: WorkerSettings = { spoolFolder, inlineLimit, current, hook: hook ?? null }
    const worker = new Worker(new URL('./pool-worker.ts', import.meta.url), {
      workerData,
      env: workerEnvironment(process.env),
      resourceLimits: {
        maxOldGenerationSizeMb: Math.max(32, Math.ceil(parseMemory / 1024 / 1024)),
        maxYoungGenerationSizeMb: YOUNG_MEMORY,
      },
    })
    const thread: Thread = {
      worker,
      current: new Int32Array(current),
      tasks: new Map(),
      done: 0,
      seen: 0,
      since: 0,
      dying: false,
    }
    let failure: unknown = null
    worker.on('message', (results: Done[]) => this.#finish(thread, results))
    worker.on('error', (error) => {
      failure = error
    })
    worker.on(
      'exit',
      (code) => void this.#replace(thread, failure ?? new Error(`the parser's thread ended with code ${code}`)),
    )
    // An idle pool does not keep the process alive.
    worker.unref()
    return thread
  }

  #finish(thread: Thread, results: Done[]): void {
    for (const { id, result } of results) {
      const task = thread.tasks.get(id)
      thread.tasks.delete(id)
      thread.done += 1
      if (!task) continue
      if ('failure' in result) void this.#fail(task, 'crash', result.failure)
      else task.resolve({ kind: 'ok', ...result })
    }
    if (thread.tasks.size > 0) return
    thread.worker.unref()
    this.#feed(thread)
  }

  /** Ends a worker that has been at the same mail for too long. */
  #lookAfter(): void {
    const now = performance.now()
    for (const thread of this.#threads) {
      const id = Atomics.load(thread.current, 0)
      if (id !== thread.seen) {
        thread.seen = id
        thread.since = now
      } else if (id !== 0 && !thread.dying && now - thread.since > this.#options.parseSeconds * 1000) {
        void this.#expire(thread, id)
      }
    }
  }

  async #expire(thread: Thread, id: number): Promise<void> {
    thread.dying = true
    const task = thread.tasks.get(id)
    thread.tasks.delete(id)
    await thread.worker.terminate()
    if (task) await this.#fail(task, 'time', `it took longer than ${this.#options.parseSeconds} seconds`)
  }

  /** A worker has ended: its mails go back to the queue, the one that it was at is to blame. */
  async #replace(thread: Thread, failure: unknown): Promise<void> {
    if (this.#closed) return
    const at = Atomics.load(thread.current, 0)
    const guilty = thread.tasks.get(at)
    const others = [...thread.tasks.values()].filter((task) => task !== guilty)
    thread.tasks.clear()
    // A worker that fell before its first mail cannot run at all: another one would not either.
    if (!guilty && !thread.dying && thread.done === 0) return this.#unavailable(others, failure)
    this.#threads[this.#threads.indexOf(thread)] = this.#start()
    await Promise.all(others.map((task) => this.#removeSpooled(task.id)))
    this.#queue.unshift(...others)
    if (guilty) await this.#blame(guilty, thread, failure, others.length)
    this.#plan()
  }

  async #blame(task: Task, thread: Thread, failure: unknown, others: number): Promise<void> {
    if (!task.suspect && (thread.done > 0 || others > 0)) {
      await this.#removeSpooled(task.id)
      this.#queue.unshift({ ...task, suspect: true })
      return
    }
    const outOfMemory = failure instanceof Error && 'code' in failure && failure.code === 'ERR_WORKER_OUT_OF_MEMORY'
    await this.#fail(task, outOfMemory ? 'memory' : 'crash', describeError(failure))
  }

  async #fail(task: Task, why: 'time' | 'memory' | 'crash', detail: string): Promise<void> {
    try {
      await this.#removeSpooled(task.id)
      task.resolve({ kind: 'killed', why, detail, ...(await identityOf(task.source)) })
    } catch (error) {
      task.reject(
        new PosthornError('mail-unreadable', `a mail's source could not be read: ${describeError(error)}`, {
          cause: error,
        }),
      )
    }
  }

  #unavailable(tasks: Task[], failure: unknown): void {
    const error = new PosthornError('parser-unavailable', `the mail parser does not start: ${describeError(failure)}`, {
      cause: failure,
    })
    for (const task of [...tasks, ...this.#queue.splice(0)]) task.reject(error)
  }

  async #removeSpooled(id: number): Promise<void> {
    const folder = this.#options.spoolFolder
    const names = (await readdir(folder)).filter((name) => name.startsWith(spoolPrefix(id)))
    await Promise.all(names.map((name) => rm(join(folder, name), { force: true })))
  }
}

function closedError(): PosthornError {
  return new PosthornError('parser-closed', 'the mail parser has been closed')
}

/** A copy of exactly the mail's bytes: the caller keeps its own, and a view of a larger buffer would be sent whole. */
function toSend(source: MailSource): MailSource {
  const bytes = bytesOf(source)
  return bytes ? new Uint8Array(bytes) : source
}

function buffersOf(jobs: readonly Job[]): ArrayBuffer[] {
  return jobs.flatMap(({ source }) =>
    source instanceof Uint8Array && source.buffer instanceof ArrayBuffer ? [source.buffer] : [],
  )
}
