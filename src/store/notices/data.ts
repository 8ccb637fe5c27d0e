import type { ReceiptData } from '../../model/notice.ts'
import type { OutboxRow } from '../outbox.ts'
import { impossible } from './context.ts'

/** What notify() was given as the data of the kind, typed there by whoever caused it. */
export function readData(row: OutboxRow): object {
  const data: unknown = JSON.parse(row.data)
  if (typeof data !== 'object' || data === null || Object.keys(data).length === 0)
    throw impossible(row, 'its data is gone')
  return data
}

/** Only what was written with the row says so: the default is to send nothing of the sender's words. */
export function isTitled(row: Pick<OutboxRow, 'data'>): boolean {
  const data: unknown = JSON.parse(row.data)
  return typeof data === 'object' && data !== null && Reflect.get(data, 'titled') === true
}

export function readTooLarge(row: OutboxRow): { subject: string; size: number; limit: number } {
  const data: unknown = JSON.parse(row.data)
  const read = (key: string): unknown =>
    typeof data === 'object' && data !== null ? Reflect.get(data, key) : undefined
  const [subject, size, limit] = [read('subject'), read('size'), read('limit')]
  if (typeof subject !== 'string' || typeof size !== 'number' || typeof limit !== 'number')
    throw impossible(row, 'its data lacks subject, size or limit')
  return { subject, size, limit }
}

/** What sendReceipt (cases/agent-words.ts) wrote. */
export function readReceipt(row: OutboxRow): ReceiptData {
  const data = JSON.parse(row.data) as Partial<ReceiptData>
  const { done, refused, wordless, help } = data
  if (!Array.isArray(done) || !Array.isArray(refused) || !Array.isArray(help))
    throw impossible(row, 'its data lacks what was done')
  return { done, refused, wordless: wordless === true, help }
}
