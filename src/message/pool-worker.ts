import { parentPort, workerData } from 'node:worker_threads'
import { contentBuffers } from './attachment/buffers.ts'
import { identityOf } from './identity.ts'
import { parseMail } from './parse.ts'
import { type Done, type Job, spoolPrefix, type WorkerSettings } from './pool-protocol.ts'
import { understand } from './understand.ts'

// A worker of the parser pool: takes jobs one after the other, says in shared memory which one it is at,
// and hands results back several at a time.

interface Hook {
  beforeParse(source: Job['source']): Promise<void> | void
}

const settings = workerData as WorkerSettings
const current = new Int32Array(settings.current)
const hook: Hook | null = settings.hook ? ((await import(settings.hook)) as Hook) : null
const waiting: Job[] = []
let running = false

parentPort?.on('message', (jobs: Job[]) => {
  waiting.push(...jobs)
  if (!running) void run()
})

/** Results wait for company, but not for longer than this: milliseconds. */
const LONGEST_WAIT = 50
const MOST_TOGETHER = 8

async function run(): Promise<void> {
  running = true
  let held: Done[] = []
  let since = performance.now()
  for (let job = waiting.shift(); job; job = waiting.shift()) {
    if (held.length > 0 && (held.length >= MOST_TOGETHER || performance.now() - since > LONGEST_WAIT)) held = send(held)
    if (held.length === 0) since = performance.now()
    Atomics.store(current, 0, job.id)
    held.push(await perform(job))
    Atomics.store(current, 0, 0)
  }
  send(held)
  running = false
}

async function perform(job: Job): Promise<Done> {
  const { spoolFolder, inlineLimit } = settings
  try {
    await hook?.beforeParse(job.source)
    const identity = await identityOf(job.source)
    const parsed = await parseMail(job.source, { spoolFolder, inlineLimit, spoolPrefix: spoolPrefix(job.id) })
    return { id: job.id, result: { message: understand(parsed), ...identity } }
  } catch (error) {
    return { id: job.id, result: { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) } }
  }
}

function send(results: Done[]): Done[] {
  if (results.length > 0) {
    const buffers = results.flatMap(({ result }) =>
      'message' in result ? contentBuffers(result.message.attachments) : [],
    )
    parentPort?.postMessage(results, buffers)
  }
  return []
}
