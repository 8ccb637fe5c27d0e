/** Something that can be rung, and waited for; a ring before the wait began counts. */
export interface Bell {
  ring(): void
  /** Resolves at the next ring after this call. */
  next(): Promise<void>
}

export function makeBell(): Bell {
  let current = Promise.withResolvers<void>()
  return {
    ring: () => {
      current.resolve()
      current = Promise.withResolvers<void>()
    },
    next: () => current.promise,
  }
}
