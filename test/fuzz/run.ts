import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type FuzzJob, mailOf, type Tried } from './fuzz-worker.ts'

export interface FuzzOptions {
  count: number
  seed: number
  threads: number
  /** Where mails with findings are put. */
  folder: string
}

export interface Finding {
  index: number
  what: string[]
  findings: string[]
  file: string
}

export interface FuzzSummary {
  count: number
  seed: number
  seconds: number
  slowest: { index: number; milliseconds: number; what: string[] }
  found: number
  /** The first of them. */
  findings: Finding[]
}

/** Milliseconds; a mail may not take longer. */
const LONGEST = 2_000
const MOST_SHOWN = 20

/** Reads `count` damaged mails on worker threads; a mail that hangs is a finding, and the others go on. */
export async function fuzz(options: FuzzOptions): Promise<FuzzSummary> {
  const start = performance.now()
  const summary: FuzzSummary = {
    count: 0,
    seed: options.seed,
    seconds: 0,
    slowest: { index: -1, milliseconds: 0, what: [] },
    found: 0,
    findings: [],
  }
  const take = (tried: Tried) => {
    summary.count += 1
    const { index, milliseconds, what } = tried
    if (milliseconds > summary.slowest.milliseconds)
      summary.slowest = { index, milliseconds: Math.round(milliseconds), what }
    if (tried.findings.length > 0) keep(tried, summary, options)
  }
  await Promise.all(Array.from({ length: options.threads }, (_, i) => runThread(options, i, take)))
  summary.seconds = Math.round((performance.now() - start) / 100) / 10
  return summary
}

function keep(tried: Tried, summary: FuzzSummary, { seed, folder }: FuzzOptions): void {
  summary.found += 1
  if (summary.findings.length >= MOST_SHOWN) return
  const file = join(folder, `${seed}-${tried.index}.eml`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, tried.mail ?? mailOf(seed, tried.index).mail)
  const { index, what, findings } = tried
  summary.findings.push({ index, what, findings, file })
}

/** One worker after the other, each from behind the mail that ended the last. */
async function runThread(options: FuzzOptions, first: number, take: (tried: Tried) => void): Promise<void> {
  for (let from = first; from < options.count; ) {
    const ended = await runWorker(options, from, take)
    if (ended === null) return
    const { index, why } = ended
    take({ index, milliseconds: LONGEST, what: mailOf(options.seed, index).what, findings: [why], mail: null })
    from = index + options.threads
  }
}

/** Where and why a worker was ended before its work was done; null where it was done. */
function runWorker(
  { seed, count, threads }: FuzzOptions,
  from: number,
  take: (tried: Tried) => void,
): Promise<{ index: number; why: string } | null> {
  const current = new SharedArrayBuffer(4)
  const at = new Int32Array(current)
  const workerData: FuzzJob = { seed, from, to: count, step: threads, current }
  const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), { workerData })
  let why: string | null = null
  let next = from
  const watch = watchOver(worker, at, threads, () => {
    why = `took longer than ${LONGEST} ms`
  })
  return new Promise((resolve) => {
    worker.on('message', (tried: Tried) => {
      next = tried.index + threads
      take(tried)
    })
    worker.on('error', (error) => {
      why ??= error instanceof Error ? error.message : String(error)
    })
    worker.on('exit', () => {
      clearInterval(watch)
      resolve(why === null && next >= count ? null : { index: next, why: why ?? 'its thread ended' })
    })
  })
}

/** On a busy machine time passes that no mail took: what counts is CPU, shared by all threads at worst, or a very long wait. */
function watchOver(worker: Worker, at: Int32Array, threads: number, onHang: () => void): NodeJS.Timeout {
  let seen = 0
  let since = performance.now()
  let used = process.cpuUsage()
  return setInterval(() => {
    const index = Atomics.load(at, 0)
    const { user, system } = process.cpuUsage(used)
    if (index !== seen || index === 0) {
      seen = index
      since = performance.now()
      used = process.cpuUsage()
    } else if (user + system > LONGEST * threads * 1_000 || performance.now() - since > 10 * LONGEST) {
      onHang()
      void worker.terminate()
    }
  }, 100)
}
