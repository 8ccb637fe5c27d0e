import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { MailSource } from './intake.ts'
import type { FetchedMail, MailboxConnection } from './mailbox.ts'

/** Mails of one fetch, complete and in UID order. */
export interface Batch {
  mails: { uid: number; source: MailSource }[]
  /** Over the size limit: only the header was kept. `size` in bytes. */
  tooLarge: { uid: number; size: number; header: Uint8Array }[]
  /** The highest UID that came, taken or not; 0 when none did. */
  highest: number
}

export interface BatchLimits {
  /** Bytes: a larger mail stays on the server. */
  mailSize: number
  /** Where long mails are written. */
  folder: string
}

/** Completes what was fetched: long mails are written to files, those over the limit are cut down to their header. */
export async function completeBatch(
  connection: MailboxConnection,
  fetched: FetchedMail[],
  limits: BatchLimits,
): Promise<Batch> {
  const batch: Batch = { mails: [], tooLarge: [], highest: fetched.at(-1)?.uid ?? 0 }
  for (const mail of fetched) {
    const { uid, source } = mail
    if (mail.whole && source.length <= limits.mailSize) batch.mails.push({ uid, source: { bytes: source } })
    else if (mail.whole) batch.tooLarge.push({ uid, size: source.length, header: headerOf(source) })
    else await completeLong(connection, mail, limits, batch)
  }
  return batch
}

async function completeLong(
  connection: MailboxConnection,
  { uid, source }: FetchedMail,
  { mailSize, folder }: BatchLimits,
  batch: Batch,
): Promise<void> {
  const announced = await connection.sizeOf(uid)
  if (announced === null) return
  const tooLarge = (size: number) => batch.tooLarge.push({ uid, size, header: headerOf(source) })
  if (announced > mailSize) {
    tooLarge(announced)
    return
  }
  const path = join(folder, `${uid}.eml`)
  // What the server announces may be wrong: what counts is what comes.
  const spooled = await connection.spool(uid, path, source, mailSize)
  if (spooled.kind === 'done') batch.mails.push({ uid, source: { path, size: spooled.size } })
  else await rm(path, { force: true })
  if (spooled.kind === 'too-large') tooLarge(spooled.size)
}

/** Up to and with the empty line; everything there is when there is none. */
function headerOf(source: Uint8Array): Uint8Array {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength)
  const ends = ['\r\n\r\n', '\n\n'].map((end) => bytes.indexOf(end)).filter((at) => at >= 0)
  return ends.length === 0 ? source : source.subarray(0, Math.min(...ends) + 4)
}

/** Bytes of the mails that a batch does not hold in files. */
export function bytesInMemory(batch: Batch): number {
  return batch.mails.reduce((sum, { source }) => sum + ('bytes' in source ? source.bytes.length : 0), 0)
}

/** Removes the files of a batch. */
export async function discardFiles(batch: Batch): Promise<void> {
  await Promise.all(
    batch.mails.map(async ({ source }) => ('path' in source ? await rm(source.path, { force: true }) : undefined)),
  )
}
