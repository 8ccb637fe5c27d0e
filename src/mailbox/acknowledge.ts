import type { ImapFlow } from 'imapflow'
import type { AfterIntake } from '../config/config.ts'
import { PosthornError } from '../core/errors.ts'

/** The keyword that marks a mail as taken in, where the server allows keywords. */
export const TAKEN_KEYWORD = '$Posthorn'

/** UIDs in one command: a line of at most some 4 KB, which every server takes. */
const AT_ONCE = 500

/** Tells the server what became of `uids`, in as few commands as may be. UIDs that are gone count as done. */
export async function acknowledgeOn(client: ImapFlow, uids: number[], after: AfterIntake): Promise<void> {
  if (after.kind === 'leave') return
  for (let from = 0; from < uids.length; from += AT_ONCE) {
    const some = uids.slice(from, from + AT_ONCE)
    if (after.kind === 'flag') await flag(client, some)
    else if (after.kind === 'delete') await remove(client, some)
    else await move(client, some, after.folder)
  }
}

/** '3:5,9' for [3, 4, 5, 9]. */
export function packUids(uids: number[]): string {
  const ranges: [number, number][] = []
  for (const uid of uids.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && uid <= last[1] + 1) last[1] = uid
    else ranges.push([uid, uid])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}:${last}`)).join(',')
}

async function flag(client: ImapFlow, uids: number[]): Promise<void> {
  // ImapFlow leaves out what PERMANENTFLAGS does not allow.
  await must(client, uids, 'flagged', async (set) =>
    client.messageFlagsAdd(set, ['\\Seen', TAKEN_KEYWORD], { uid: true, silent: true }),
  )
}

/** RFC 6851 MOVE; without it COPY, and removal only of what was copied. */
async function move(client: ImapFlow, uids: number[], folder: string): Promise<void> {
  // Within one folder a move gives each mail a new UID: it would come again for ever.
  if (client.mailbox && client.mailbox.path.toLowerCase() === folder.toLowerCase())
    throw new PosthornError('imap-refused', `mails are to be moved to ${folder}, the folder they are taken from`, {
      hint: 'Name another folder in after.move.',
    })
  if (client.capabilities.has('MOVE')) {
    await intoFolder(client, uids, folder, async (set) => client.messageMove(set, folder, { uid: true }))
    return
  }
  await intoFolder(client, uids, folder, async (set) => client.messageCopy(set, folder, { uid: true }))
  await remove(client, uids)
}

async function intoFolder(
  client: ImapFlow,
  uids: number[],
  folder: string,
  command: (set: string) => Promise<unknown>,
): Promise<void> {
  if (await accepted(client, () => command(packUids(uids)))) return
  // Most often the folder is missing, and only the first time. Where it is there, making it fails, and that says nothing.
  const made = await client.mailboxCreate(folder).then(
    () => null,
    (error: unknown) => error,
  )
  try {
    await must(client, uids, `put into ${folder}`, command)
  } catch (error) {
    throw new PosthornError('imap-refused', `mails could not be put into the folder ${folder}`, {
      hint: 'Create it on the server, or name another one in after.move; a full quota is another cause.',
      cause: made ?? error,
    })
  }
}

/**
 * RFC 4315 UID EXPUNGE. Without it only a plain EXPUNGE is left, which removes whatever anybody has marked as deleted:
 * it is given only when nothing but our own is marked; otherwise ours stay marked until their owner empties the bin.
 */
async function remove(client: ImapFlow, uids: number[]): Promise<void> {
  if (client.capabilities.has('UIDPLUS')) {
    await must(client, uids, 'deleted', async (set) => client.messageDelete(set, { uid: true }))
    return
  }
  await must(client, uids, 'marked as deleted', async (set) =>
    client.messageFlagsAdd(set, ['\\Deleted'], { uid: true, silent: true }),
  )
  const marked = await client.search({ deleted: true }, { uid: true })
  const ours = new Set(uids)
  if (!Array.isArray(marked) || marked.length === 0 || marked.some((uid) => !ours.has(uid))) return
  await must(client, uids, 'deleted', async (set) => client.messageDelete(set, { uid: true }))
}

/** Some servers refuse a command for mails that are gone: then it is for those that are left. */
async function must(
  client: ImapFlow,
  uids: number[],
  what: string,
  command: (set: string) => Promise<unknown>,
): Promise<void> {
  if (await accepted(client, () => command(packUids(uids)))) return
  const left = client.usable ? await client.search({ uid: packUids(uids) }, { uid: true }) : false
  if (Array.isArray(left) && left.length === 0) return
  if (Array.isArray(left) && left.length < uids.length) {
    if (await accepted(client, () => command(packUids(left)))) return
  }
  throw new PosthornError('imap-refused', `the server refused: ${uids.length} mails could not be ${what}`)
}

/**
 * Whether the server said OK. ImapFlow takes a NO for success where its text says that some of the messages no longer exist,
 * which is right for FETCH; after such a COPY or MOVE nothing was copied, and removing the originals would lose them.
 */
async function accepted(client: ImapFlow, command: () => Promise<unknown>): Promise<boolean> {
  let refused = false
  const note = ({ response }: { response: string }) => {
    if (response !== 'OK') refused = true
  }
  client.on('response', note)
  try {
    return Boolean(await command()) && !refused
  } finally {
    client.off('response', note)
  }
}
