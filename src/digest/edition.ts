import type { DigestsConfig } from '../config/config.ts'
import type { Notice, NoticeKind } from '../model/notice.ts'
import { modeOf, type Preference } from '../model/preferences.ts'
import type { NotifyContext, SendingMailbox } from '../notify/context.ts'
import type { NewNotice } from '../notify/notify.ts'
import type { Span } from '../store/digest-cases.ts'
import type { Reader, ReaderPage } from '../store/digests.ts'
import type { Store } from '../store/open.ts'
import type { Db } from '../store/schema.ts'

export const DIGESTS = ['agents', 'contacts', 'articles'] as const
export type DigestName = (typeof DIGESTS)[number]

/** What digests need besides their arguments. */
export interface DigestContext extends NotifyContext {
  store: Store
  schedules: DigestsConfig
  /** IANA name: the clock of people who have none of their own. */
  timeZone: string
}

/** Somebody for whom a digest is due, with what it covers. */
export interface DueReader extends Reader {
  span: Span
  /** IANA name: by which clock the digest is written. */
  zone: string
  preferences: readonly Preference[]
}

/** A digest that holds something. */
export interface Draft {
  reader: DueReader
  notice: NewNotice
  /** How much each of its parts holds. */
  counts: Record<string, number>
}

/** One of the digests: who may get it, and what it says. */
export interface Edition {
  readers(db: Db, page: ReaderPage): Promise<Reader[]>
  /** The digests of a page of readers, in a handful of queries; whoever has nothing to read is left out. */
  prepare(db: Db, ctx: DigestContext, readers: readonly DueReader[]): Promise<Draft[]>
}

/** Lines that a part of a digest shows at the most. */
export const MOST_LINES = 10

type InEveryNotice = 'kind' | 'row' | 'messageId' | 'bounceAddress' | 'to' | 'language' | 'mailbox' | 'at' | 'settings'

/** What a digest says beyond what stands in every notice. */
export type DigestData<K extends NoticeKind> = Omit<Extract<Notice, { kind: K }>, InEveryNotice>

/** Whether somebody wants digests at all: the guard would refuse them, but no row is needed to say so each day. */
export function wantsDigests({ preferences }: DueReader): boolean {
  return modeOf(preferences, 'digests', '') !== 'off'
}

/** Readers by what their digests cover: those of one zone have the same, as a rule. */
export function bySpan(readers: readonly DueReader[]): DueReader[][] {
  const groups = new Map<string, DueReader[]>()
  for (const reader of readers) {
    const key = `${reader.span.from} ${reader.span.until}`
    const group = groups.get(key)
    if (group) group.push(reader)
    else groups.set(key, [reader])
  }
  return [...groups.values()]
}

/** The mailbox of a name, else the first one. */
export function mailboxFor({ policy }: NotifyContext, name: string | null): SendingMailbox {
  const found = policy.mailboxes.find((mailbox) => mailbox.name === name) ?? policy.mailboxes[0]
  if (!found) throw new Error('there is no mailbox in the configuration')
  return found
}

/** What every digest is written with. */
export function digestNotice(
  reader: DueReader,
  mailbox: SendingMailbox,
  about: { kind: NoticeKind; data: object; language?: NewNotice['language'] },
): NewNotice {
  const { kind, data, language = mailbox.language } = about
  return { kind, to: reader, language: reader.language ?? language, mailbox, case: null, commentId: null, data }
}
