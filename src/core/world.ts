import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * What the program takes from outside that is not data: the clock, ids and secrets.
 * Tests replace this and nothing else. Pure folders (message, decision, outbox, render, model) never see it:
 * what they need of it is an argument.
 */
export interface World {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** A new id: 26 lower-case letters and digits, sortable by the time it was made. */
  id(): string
  /** `bytes` unguessable bytes. */
  secret(bytes: number): Buffer
  /** Resolves after `ms` milliseconds, or at once (without an error) when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The world as it is. */
export const realWorld: World = {
  now: () => Date.now(),
  id: () => makeId(Date.now()),
  secret: (bytes) => randomBytes(bytes),
  sleep: async (ms, signal) => {
    if (signal?.aborted) return
    await wait(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      if (!signal?.aborted) throw error
    })
  },
}

/** Fixed-width ISO 8601 UTC text with milliseconds, the only form in which a time is stored. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'
let lastTime = 0
let lastCount = 0

/** A ULID in lower case (10 digits of time, 4 of a counter within the millisecond, 12 random): ordered within one process. */
function makeId(now: number): string {
  lastCount = now === lastTime ? lastCount + 1 : 0
  lastTime = now
  return digits(now, 10) + digits(lastCount, 4) + random(12)
}

function digits(value: number, width: number): string {
  let text = ''
  for (let rest = value; text.length < width; rest = Math.floor(rest / 32)) text = DIGITS.charAt(rest % 32) + text
  return text
}

/** Drawn in advance, since one call for many bytes costs no more than one for a few. */
let entropy = Buffer.alloc(0)

function random(width: number): string {
  if (entropy.length < width) entropy = randomBytes(4_096)
  let text = ''
  for (const byte of entropy.subarray(0, width)) text += DIGITS.charAt(byte & 31)
  entropy = entropy.subarray(width)
  return text
}
