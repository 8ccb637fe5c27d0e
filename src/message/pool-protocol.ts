import type { Message } from './message.ts'
import type { MailSource } from './source.ts'

/** What a pool and its workers say to each other. */
export interface Job {
  /** Counts up from 1; 0 stands for no job. */
  id: number
  source: MailSource
}

export interface Done {
  id: number
  result: { message: Message; identity: string; rawSha256: string; size: number } | { failure: string }
}

export interface WorkerSettings {
  spoolFolder: string
  inlineLimit: number
  /** One 32-bit number shared with the pool: the job that the worker is at. */
  current: SharedArrayBuffer
  /** For tests: a module whose `beforeParse(source)` runs before each mail. */
  hook: string | null
}

/** The name's first part of every file that a job spools, so that a killed job's files can be found. */
export function spoolPrefix(job: number): string {
  return `${process.pid}-${job}-`
}
