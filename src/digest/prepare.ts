import { isoTime } from '../core/world.ts'
import { decideAll, notify } from '../notify/notify.ts'
import type { Span } from '../store/digest-cases.ts'
import { findMarks, moveMarks, type Reader } from '../store/digests.ts'
import { findPreferences } from '../store/preferences.ts'
import type { Db } from '../store/schema.ts'
import { agentsEdition } from './agents.ts'
import { articlesEdition } from './articles.ts'
import { contactsEdition } from './contacts.ts'
import type { DigestContext, DigestName, Draft, DueReader, Edition } from './edition.ts'
import { type Window, zoneOf } from './windows.ts'

export const EDITIONS: Readonly<Record<DigestName, Edition>> = {
  agents: agentsEdition,
  contacts: contactsEdition,
  articles: articlesEdition,
}

/** A digest that somebody gets, or would get. */
export interface Prepared {
  to: string
  slot: string
  span: Span
  language: string
  counts: Record<string, number>
  /** Why it is not written; null where it is. */
  refused: string | null
}

export interface PrepareOptions {
  /** A person's id: for them alone. */
  only?: string | null
  /** Writes nothing. */
  dryRun?: boolean
  /** Hears of each page, when it is committed. */
  report?: ((prepared: Prepared[]) => void) | undefined
  /** Called after each commit that wrote something. */
  committed?: (() => void) | undefined
  signal?: AbortSignal | undefined
}

/** People in one transaction: so much is in memory at once, however many there are. */
const PAGE = 200
/** A mark that is older than the last slot by more than any two zones differ is of somebody who was left out meanwhile. */
const STALE = 2 * 86_400_000

/**
 * Prepares a digest for everybody in `windows` (by zone) who has not had its slot yet, page by page, one transaction each:
 * marks are moved and rows written together, so that a digest is prepared once, by however many workers and after whatever
 * crash. Nobody's digest is written where it would be empty. How many were is returned.
 */
export async function prepareDigest(
  ctx: DigestContext,
  name: DigestName,
  windows: ReadonlyMap<string, Window>,
  options: PrepareOptions = {},
): Promise<number> {
  const { only = null, signal, report, committed } = options
  let count = 0
  for (let after = ''; !signal?.aborted; ) {
    const page = { after, most: PAGE, only }
    const { last, prepared } = options.dryRun
      ? await preparePage(ctx.store.db, ctx, { name, windows, page, options })
      : await ctx.store.transaction(async (tx) => await preparePage(tx, ctx, { name, windows, page, options }))
    count += prepared.length
    if (prepared.length > 0) {
      report?.(prepared)
      committed?.()
    }
    if (last === null) break
    after = last
  }
  return count
}

interface PageWork {
  name: DigestName
  windows: ReadonlyMap<string, Window>
  page: { after: string; most: number; only: string | null }
  options: PrepareOptions
}

/** `last`: the id that the next page comes after; null where there is none. */
async function preparePage(db: Db, ctx: DigestContext, work: PageWork) {
  const { name, windows, page, options } = work
  const readers = await EDITIONS[name].readers(db, page)
  const last = readers.length < page.most ? null : (readers.at(-1)?.id ?? null)
  const waiting = readers.flatMap((reader) => {
    const zone = zoneOf(reader, ctx.timeZone)
    const window = windows.get(zone)
    return window ? [{ ...reader, zone, window }] : []
  })
  const due = options.dryRun ? await unmarked(db, name, waiting) : await marked(db, name, waiting)
  const preferences = await findPreferences(
    db,
    due.map(({ id }) => id),
  )
  const drafts = await EDITIONS[name].prepare(
    db,
    ctx,
    due.map((reader) => ({ ...reader, preferences: preferences.get(reader.id) ?? [] })),
  )
  return { last, prepared: await write(db, ctx, drafts, work) }
}

type Waiting = Reader & { zone: string; window: Window }
type Due = Omit<DueReader, 'preferences'>

/** Takes the slot for those who have not had it. Of two workers that want the same person, one gets them. */
async function marked(tx: Db, digest: DigestName, waiting: readonly Waiting[]): Promise<Due[]> {
  const marks = waiting.map(({ id, window }) => {
    const { slot, since, next } = window
    return { digest, person_id: id, slot, since: isoTime(since), at: isoTime(next) }
  })
  const covered = await moveMarks(tx, marks)
  return waiting.filter(({ id }) => covered.has(id)).map((reader) => dueOf(reader, covered.get(reader.id)))
}

/** The same without taking anything. */
async function unmarked(db: Db, digest: DigestName, waiting: readonly Waiting[]): Promise<Due[]> {
  const marks = await findMarks(
    db,
    digest,
    waiting.map(({ id }) => id),
  )
  return waiting
    .filter(({ id, window }) => (marks.get(id)?.slot ?? '') < window.slot)
    .map((reader) => dueOf(reader, marks.get(reader.id)?.at))
}

function dueOf({ window, ...reader }: Waiting, mark: string | undefined): Due {
  return { ...reader, span: { from: isoTime(coveredFrom(window, mark)), until: isoTime(window.until) } }
}

/** From when on a digest covers: where the person's last one ended. */
function coveredFrom({ since }: Window, mark: string | undefined): number {
  const ended = mark === undefined ? since : Date.parse(mark)
  return ended < since - STALE ? since : ended
}

/** Writes the rows, or asks what would become of them. The guard is asked beforehand only where somebody wants to know. */
async function write(db: Db, ctx: DigestContext, drafts: readonly Draft[], work: PageWork): Promise<Prepared[]> {
  const { windows, options } = work
  const notices = drafts.map(({ notice }) => notice)
  const refusals = options.report ? await decideAll(db, ctx, notices) : []
  if (!options.dryRun) await notify(db, ctx, notices)
  return drafts.map(({ reader, notice, counts }, index) => ({
    to: reader.address,
    slot: windows.get(reader.zone)?.slot ?? '',
    span: reader.span,
    language: notice.language,
    counts,
    refused: refusals[index] ?? null,
  }))
}
