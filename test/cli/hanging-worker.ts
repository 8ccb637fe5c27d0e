import { parentPort, workerData } from 'node:worker_threads'
import type { InspectJob } from '../../src/cli/inspect-files.ts'

// Stands for a reader in which the mail called 'hangs' never ends.
const job = workerData as InspectJob
for (let index = job.from; index < job.files.length; index += 1) {
  new Int32Array(job.current)[0] = index
  const file = job.files[index]
  if (file === 'hangs') for (;;) Math.sqrt(2)
  parentPort?.postMessage({ text: `${JSON.stringify({ file })}\n`, done: index + 1 })
}
