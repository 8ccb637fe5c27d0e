import type { World } from '../../src/core/world.ts'

export interface TestWorld extends World {
  /** Moves the clock on by milliseconds. */
  pass(ms: number): void
}

/** A world that stands still until it is told to move; ids count up, and sleeping takes no time. */
export function testWorld(start = Date.parse('2026-11-20T10:00:00.000Z')): TestWorld {
  let now = start
  let ids = 0
  return {
    now: () => now,
    id: () => `id${String(++ids).padStart(8, '0')}`,
    secret: (bytes) => Buffer.alloc(bytes, 7),
    sleep: async (ms) => {
      now += ms
    },
    pass: (ms) => {
      now += ms
    },
  }
}
