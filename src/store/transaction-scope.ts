import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Knows whether the running code is inside a transaction of one store. There, a query on the store itself instead of the
 * transaction would wait for itself on SQLite, and see other data than the transaction on PostgreSQL: both refuse it.
 */
export class TransactionScope {
  readonly #current = new AsyncLocalStorage<{ open: boolean }>()

  async run<T>(work: () => Promise<T>): Promise<T> {
    const state = { open: true }
    try {
      return await this.#current.run(state, work)
    } finally {
      state.open = false
    }
  }

  /** Throws inside a transaction: it is a mistake in the program. */
  assertOutside(): void {
    if (this.#current.getStore()?.open) throw new Error('inside a transaction, query the transaction, not the store')
  }
}
