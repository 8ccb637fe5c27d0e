import { Worker } from 'node:worker_threads'
import { workerEnvironment } from '../core/compile-cache.ts'
import { unreadableLine } from './inspect-line.ts'
import { reportOf } from './inspect-report.ts'

export interface InspectOptions {
  json: boolean
  /** Seconds that one mail may take. */
  mailSeconds?: number
  /** For tests: the worker's file. */
  worker?: URL
}

/** What the worker is given. */
export interface InspectJob {
  files: readonly string[]
  /** The first file to read. */
  from: number
  json: boolean
  /** One 32-bit number: the index of the file that it is at. */
  current: SharedArrayBuffer
}

const NOT_STARTED = -1
const MAIL_SECONDS = 20
/** Megabytes of JavaScript heap for reading one mail. */
const MAIL_MEMORY = 512
/** Megabytes for what lives only as long as one mail is read: room for several mails between collections. */
const YOUNG_MEMORY = 64

/**
 * Prints one line, or one report, for each file in the order given. The mails are read in a worker: one that hangs or
 * takes all memory is given up after `mailSeconds` (20) with a line that says so, and the reading goes on behind it.
 */
export async function inspectFiles(files: readonly string[], options: InspectOptions): Promise<void> {
  for (let from = 0; from < files.length; ) {
    const { done, failure } = await readOn(files, from, options)
    from = done
    const file = files[from]
    if (failure === null || file === undefined) continue
    const line = unreadableLine(file, `the mail could not be read: ${failure}`)
    await print(options.json ? `${JSON.stringify(line)}\n` : reportOf(line))
    from += 1
  }
}

interface Reading {
  /** Index of the first file that was not printed. */
  done: number
  /** Why the reading ended there; null where it came to the end. */
  failure: string | null
}

function readOn(files: readonly string[], from: number, options: InspectOptions): Promise<Reading> {
  const current = new SharedArrayBuffer(4)
  const index = new Int32Array(current).fill(NOT_STARTED)
  const workerData: InspectJob = { files, from, json: options.json, current }
  const worker = new Worker(options.worker ?? new URL('./inspect-worker.ts', import.meta.url), {
    workerData,
    env: workerEnvironment(process.env),
    resourceLimits: { maxOldGenerationSizeMb: MAIL_MEMORY, maxYoungGenerationSizeMb: YOUNG_MEMORY },
  })
  let done = from
  let failure: string | null = null
  let printing = Promise.resolve()
  const watch = watchOver(worker, index, options.mailSeconds ?? MAIL_SECONDS, (why) => {
    failure = why
  })
  worker.on('message', (batch: { text: string; done: number }) => {
    done = batch.done
    printing = printing.then(async () => {
      await print(batch.text)
      worker.postMessage(null)
    })
  })
  return new Promise((resolve, reject) => {
    worker.on('error', (error) => {
      failure ??= error.message
    })
    worker.on('exit', () => {
      clearInterval(watch)
      if (index[0] === NOT_STARTED) return reject(new Error(`the mail reader does not start: ${failure ?? 'it ended'}`))
      if (failure === null && done < files.length) failure = 'the reader ended'
      printing.then(() => resolve({ done, failure }), reject)
    })
  })
}

/** Ends the worker when it has been at the same file for too long. */
function watchOver(
  worker: Worker,
  current: Int32Array,
  seconds: number,
  onExpired: (why: string) => void,
): NodeJS.Timeout {
  let seen = -1
  let since = performance.now()
  return setInterval(
    () => {
      const index = Atomics.load(current, 0)
      const now = performance.now()
      if (index !== seen) {
        seen = index
        since = now
      } else if (now - since > seconds * 1000) {
        onExpired(`it took longer than ${seconds} seconds`)
        void worker.terminate()
      }
    },
    Math.min(250, seconds * 250),
  )
}

function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}
