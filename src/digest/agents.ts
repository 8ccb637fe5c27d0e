import type { DigestCase, DigestSection } from '../model/notice.ts'
import { modeOf } from '../model/preferences.ts'
import {
  type DigestCaseRow,
  type FailedRow,
  listFailed,
  listOpened,
  listSolved,
  listUnassigned,
  listWaiting,
  type MailboxFilter,
  type Span,
} from '../store/digest-cases.ts'
import { listAgentReaders } from '../store/digests.ts'
import type { Db } from '../store/schema.ts'
import {
  type DigestContext,
  type DigestData,
  type Draft,
  type DueReader,
  digestNotice,
  type Edition,
  MOST_LINES,
  mailboxFor,
  wantsDigests,
} from './edition.ts'

type Data = DigestData<'agent-digest'>
type Sections = Omit<Data, 'from' | 'until' | 'timeZone'>

/** What happened since the last digest, and what waits. Agents of the same zone and mailboxes read the same. */
export const agentsEdition: Edition = {
  readers: listAgentReaders,
  prepare: async (db, ctx, readers) => {
    const known = new Map<string, Sections>()
    const drafts: Draft[] = []
    for (const reader of readers.filter(wantsDigests)) {
      const mailboxes = mailboxesOf(ctx, reader)
      const key = JSON.stringify([reader.span, mailboxes])
      const sections = known.get(key) ?? (await readSections(db, mailboxes, reader.span))
      known.set(key, sections)
      const draft = draftOf(ctx, reader, sections)
      if (draft) drafts.push(draft)
    }
    return drafts
  },
}

/** The cases of a mailbox whose comments an agent wants to hear nothing of are left out. */
function mailboxesOf({ policy }: DigestContext, { preferences }: DueReader): MailboxFilter {
  const names = policy.mailboxes.map(({ name }) => name)
  const isOff = (name: string) => modeOf(preferences, 'comments', name) === 'off'
  // What is chosen for all mailboxes also holds for those that are gone from the configuration.
  return isOff('') ? { only: names.filter((name) => !isOff(name)) } : { but: names.filter(isOff) }
}

async function readSections(db: Db, mailboxes: MailboxFilter, span: Span): Promise<Sections> {
  const waiting = { before: null, order: 'desc', most: MOST_LINES } as const
  // Those that waited when the last digest was written, and still do.
  const longest = { before: span.from, order: 'asc', most: MOST_LINES } as const
  return {
    opened: section(await listOpened(db, mailboxes, span, MOST_LINES), caseLine),
    waitingOnUs: section(await listWaiting(db, mailboxes, waiting), caseLine),
    waitingLongest: section(await listWaiting(db, mailboxes, longest), caseLine),
    unassigned: section(await listUnassigned(db, mailboxes, MOST_LINES), caseLine),
    solved: section(await listSolved(db, mailboxes, span, MOST_LINES), caseLine),
    failed: section(await listFailed(db, mailboxes, span, MOST_LINES), failedLine),
  }
}

function section<Row extends { of: number }, Item>(rows: readonly Row[], line: (row: Row) => Item) {
  return { of: rows[0]?.of ?? 0, cases: rows.map(line) } satisfies DigestSection<Item>
}

function caseLine({ of: _, ...row }: DigestCaseRow): DigestCase {
  return { ...row, url: null }
}

function failedLine({ of: _, ...row }: FailedRow) {
  return row
}

function draftOf(ctx: DigestContext, reader: DueReader, sections: Sections): Draft | null {
  const counts = Object.fromEntries(Object.entries(sections).map(([name, { of }]) => [name, of]))
  if (Object.values(counts).every((of) => of === 0)) return null
  const data: Data = { ...reader.span, timeZone: reader.zone, ...sections }
  return { reader, notice: digestNotice(reader, mailboxFor(ctx, null), { kind: 'agent-digest', data }), counts }
}
