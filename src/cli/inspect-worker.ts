import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { describeError } from '../core/errors.ts'
import { parseMail } from '../message/parse.ts'
import type { MailSource } from '../message/source.ts'
import { understand } from '../message/understand.ts'
import type { InspectJob } from './inspect-files.ts'
import { type InspectLine, lineOf, unreadableLine } from './inspect-line.ts'
import { reportOf } from './inspect-report.ts'

// Reads mails one after the other and sends what is to be printed, in order, a few at a time. What index it is at
// stands in shared memory, so that the main thread sees a mail that hangs.

/** Files up to this many bytes are read at once; larger ones are streamed. */
const AT_ONCE = 4 * 1024 * 1024
/** Characters that are sent together, and batches that may be on their way: memory stays flat behind a slow reader. */
const BATCH = 128 * 1024
const ON_THEIR_WAY = 2

const job = workerData as InspectJob
const current = new Int32Array(job.current)
/** Takes one file after the other. */
const bytes = Buffer.allocUnsafeSlow(AT_ONCE)
let unread = 0
let lastSent = performance.now()
let wake: (() => void) | null = null
parentPort?.on('message', () => {
  unread -= 1
  wake?.()
})

let text = ''
let done = job.from
for (let index = job.from; index < job.files.length; index += 1) {
  Atomics.store(current, 0, index)
  text += printed(await inspect(job.files[index] ?? ''))
  done = index + 1
  if (text.length >= BATCH || slow()) await send()
}
await send()
parentPort?.close()

function printed(line: InspectLine): string {
  return job.json ? `${JSON.stringify(line)}\n` : reportOf(line)
}

async function inspect(file: string): Promise<InspectLine> {
  try {
    return lineOf(file, understand(await parseMail(sourceOf(file), { content: 'drop' })))
  } catch (error) {
    return unreadableLine(file, `the file could not be read: ${describeError(error)}`)
  }
}

/** Reads on this thread, which has nothing else to do: no threads to hand each file to and fro. */
function sourceOf(file: string): MailSource {
  const fd = openSync(file, 'r')
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) return readFileSync(fd)
    return stats.size > AT_ONCE ? { path: file } : readInto(fd, stats.size)
  } finally {
    closeSync(fd)
  }
}

/** The bytes are gone with the next mail: nothing that is printed keeps a view of them. */
function readInto(fd: number, most: number): Buffer {
  let size = 0
  for (let read = 1; read > 0 && size < most; size += read) read = readSync(fd, bytes, size, most - size, null)
  return bytes.subarray(0, size)
}

/** Nothing that is done waits for long behind a slow mail. */
function slow(): boolean {
  return performance.now() - lastSent > 500
}

async function send(): Promise<void> {
  if (text === '') return
  parentPort?.postMessage({ text, done })
  text = ''
  lastSent = performance.now()
  unread += 1
  while (unread >= ON_THEIR_WAY) {
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  }
}
