import {
  type ContactCaseRow,
  countNewComments,
  findStatusesBefore,
  findTitled,
  listContactCases,
} from '../store/digest-contacts.ts'
import { listContactReaders } from '../store/digests.ts'
import type { Db } from '../store/schema.ts'
import {
  bySpan,
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

type Data = DigestData<'customer-digest'>

/** What changed in the cases that a page of contacts take part in. */
interface News {
  cases: Map<string, ContactCaseRow[]>
  comments: Map<string, { authorId: string | null; count: number }[]>
  before: Map<string, string>
  titled: Set<string>
}

/** Their open cases, and what changed. Public comments alone are counted, and nobody's name is told but in the case's title. */
export const contactsEdition: Edition = {
  readers: listContactReaders,
  prepare: async (db, ctx, readers) => {
    const drafts: Draft[] = []
    for (const group of bySpan(readers.filter(wantsDigests))) {
      const news = await readNews(db, group)
      drafts.push(...group.map((reader) => draftOf(ctx, reader, news)).filter((draft) => draft !== null))
    }
    return drafts
  },
}

async function readNews(db: Db, readers: DueReader[]): Promise<News> {
  const span = readers[0]?.span ?? { from: '', until: '' }
  const ids = readers.map(({ id }) => id)
  const rows = await listContactCases(db, ids, span, MOST_LINES)
  const caseIds = [...new Set(rows.map(({ id }) => id))]
  return {
    cases: Map.groupBy(rows, ({ personId }) => personId),
    comments: Map.groupBy(await countNewComments(db, caseIds, span), ({ caseId }) => caseId),
    before: await findStatusesBefore(db, caseIds, span),
    titled: await findTitled(db, caseIds),
  }
}

function draftOf(ctx: DigestContext, reader: DueReader, news: News): Draft | null {
  const rows = news.cases.get(reader.id) ?? []
  const [newest] = rows
  if (!newest) return null
  const cases = rows.map((row) => caseLine(row, reader.id, news))
  const data: Data = { ...reader.span, timeZone: reader.zone, cases, of: newest.of }
  const about = { kind: 'customer-digest', data, language: newest.language } as const
  const counts = {
    cases: newest.of,
    comments: total(cases.map(({ comments }) => comments)),
    solved: cases.filter(({ solved }) => solved).length,
  }
  return { reader, notice: digestNotice(reader, mailboxFor(ctx, newest.mailbox), about), counts }
}

function caseLine(row: ContactCaseRow, readerId: string, { comments, before, titled }: News): Data['cases'][number] {
  const { id, number, status, openedAt, solvedAt } = row
  const title = titled.has(id) ? row.title : ''
  const was = before.get(id) ?? status
  return {
    // Whose case it is, and who of ours works on it, is not theirs to learn here.
    case: { number, title, status, contact: '', assignee: null, since: openedAt, url: null },
    comments: total((comments.get(id) ?? []).filter(({ authorId }) => authorId !== readerId).map(({ count }) => count)),
    solved: solvedAt !== null,
    was: was === status ? null : was,
  }
}

function total(counts: number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
