import { PosthornError } from '../../core/errors.ts'
import type { Secrets } from '../../model/thread-key.ts'
import type { OutboxRow } from '../outbox.ts'

/** What making a notice takes besides the store. */
export interface NoticeContext {
  secrets: Secrets
  /** The mailbox with a name, or the one that stands in for a name that is gone. */
  mailbox: (name: string) => { address: string; plusAddress: boolean; verp: boolean }
}

/** Why a row can never be sent. */
export function impossible(row: OutboxRow, why: string): PosthornError {
  return new PosthornError('notice', `outbox row ${row.id} (${row.kind}) cannot be sent: ${why}`, { temporary: false })
}
