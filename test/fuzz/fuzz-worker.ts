import { parentPort, workerData } from 'node:worker_threads'
import { mulberry } from '../../bench/mails.ts'
import { findingsIn } from './check.ts'
import { corpus } from './corpus.ts'
import { mutate } from './mutate.ts'

export interface FuzzJob {
  seed: number
  from: number
  /** The first number that is not its own; it tries every `step`th. */
  to: number
  step: number
  /** One 32-bit number: which mail it is at, counted from 1. */
  current: SharedArrayBuffer
}

export interface Tried {
  index: number
  milliseconds: number
  what: string[]
  findings: string[]
  mail: Uint8Array | null
}

/** The mail with this number in the row of a seed. */
export function mailOf(seed: number, index: number): { mail: Buffer; what: string[] } {
  return mutate(corpus(), mulberry(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)))
}

async function work({ seed, from, to, step, current }: FuzzJob): Promise<void> {
  const at = new Int32Array(current)
  for (let index = from; index < to; index += step) {
    const { mail, what } = mailOf(seed, index)
    Atomics.store(at, 0, index + 1)
    const start = performance.now()
    const findings = await findingsIn(mail)
    const tried: Tried = { index, milliseconds: performance.now() - start, what, findings, mail: null }
    Atomics.store(at, 0, 0)
    parentPort?.postMessage(findings.length > 0 ? { ...tried, mail } : tried)
  }
  parentPort?.close()
}

if (parentPort) await work(workerData as FuzzJob)
