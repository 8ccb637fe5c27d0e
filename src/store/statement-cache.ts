/** A bounded cache in which what was used longest ago makes room. */
export class StatementCache<T> {
  readonly #most: number
  readonly #entries = new Map<string, T>()

  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#entries.size
  }

  /** The entry for an SQL text, made when it is not there. */
  get(sql: string, make: (sql: string) => T): T {
    const found = this.#entries.get(sql)
    // Far from full, the order does not matter, and moving long texts about would cost as much as a statement.
    if (found !== undefined && this.#entries.size * 2 < this.#most) return found
    const entry = found ?? make(sql)
    if (found !== undefined) this.#entries.delete(sql)
    else if (this.#entries.size >= this.#most) this.#dropOldest()
    this.#entries.set(sql, entry)
    return entry
  }

  #dropOldest(): void {
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }
}
