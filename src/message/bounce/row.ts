import type { BouncedRecipient } from '../message.ts'

/** What a reader found out about one recipient, before it is judged: anything but the address may be missing. */
export interface Row {
  address: string
  action: BouncedRecipient['action'] | null
  /** As written: '5.1.1', '5.0.0 (reason)', '553 text', ''. */
  status: string | null
  diagnostic: string | null
}
