/**
 * The one error class that adapters (mailbox, store, delivery, config) throw.
 * `temporary` decides what the caller does: wait and try again, or give up and say so.
 * Whoever does not know says temporary: attempts are counted, and the mail is quarantined after the last one.
 */
export class PosthornError extends Error {
  readonly code: string
  readonly temporary: boolean
  /** What the reader can do about it, one sentence. */
  readonly hint: string | undefined

  constructor(code: string, message: string, options: { temporary?: boolean; hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'PosthornError'
    this.code = code
    this.temporary = options.temporary ?? true
    this.hint = options.hint
  }
}

/** Whether trying again may help. An error that nobody classified counts as temporary. */
export function isTemporary(error: unknown): boolean {
  return error instanceof PosthornError ? error.temporary : true
}

/** One line for a log or a person: message, code and the causes below it. */
export function describeError(error: unknown): string {
  const parts: string[] = []
  for (
    let e: unknown = error;
    e !== undefined && e !== null && parts.length < 4;
    e = e instanceof Error ? e.cause : undefined
  ) {
    const text = e instanceof Error ? (e.message || e.name).trim() : String(e)
    if (!parts.includes(text)) parts.push(text)
  }
  const hint = error instanceof PosthornError && error.hint ? ` ${error.hint}` : ''
  return parts.join(': ') + hint
}

/** For a switch over a union: the compiler asks for the missing case, and a value from outside the types throws. */
export function unreachable(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`)
}
