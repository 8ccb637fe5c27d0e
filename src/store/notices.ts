import {
  AGENT_KINDS,
  type Notice,
  type NoticeCase,
  type SettingsWays,
  type VerdictWays,
  WHOLE_KINDS,
} from '../model/notice.ts'
import { topicOf } from '../model/preferences.ts'
import { bounceAddress, settingsKey, stopKey, stopLink, verdictAddress, verdictKey } from '../model/thread-key.ts'
import { commentOf, noticeCase } from './notices/comment.ts'
import { impossible, type NoticeContext } from './notices/context.ts'
import { isTitled, readData, readReceipt, readTooLarge } from './notices/data.ts'
import { type Gathered, gather } from './notices/gather.ts'
import { makeOnce, type Once, threadOf } from './notices/thread.ts'
import type { OutboxRow } from './outbox.ts'
import type { Db } from './schema.ts'

export type { NoticeContext }

/**
 * Outbox rows with their data filled in: the case, the comment (a row without one is about the case's description),
 * attachments, the reply address and the thread. By the row's id, a notice, or why there is none: a PosthornError that is
 * not temporary when the row can never be sent: its case is gone, its kind is unknown, or it would show an agents' matter
 * to somebody who is none. Throws when the store cannot be read.
 */
export async function loadNotices(
  db: Db,
  rows: readonly OutboxRow[],
  context: NoticeContext,
): Promise<Map<string, Notice | Error>> {
  const of = { ...context, gathered: await gather(db, rows), once: makeOnce() }
  return new Map(rows.map((row) => [row.id, noticeOrError(row, of)]))
}

/** The same for one row; throws why there is no notice. */
export async function loadNotice(db: Db, row: OutboxRow, context: NoticeContext): Promise<Notice> {
  const notice = (await loadNotices(db, [row], context)).get(row.id)
  if (notice === undefined || notice instanceof Error) throw notice
  return notice
}

type Making = NoticeContext & { gathered: Gathered; once: Once }

/** One row's mistake is its own. */
function noticeOrError(row: OutboxRow, of: Making): Notice | Error {
  try {
    return noticeOf(row, of)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function noticeOf(row: OutboxRow, of: Making): Notice {
  const { gathered } = of
  const envelope = envelopeOf(row, of)
  if (row.kind === 'mail-too-large') return { kind: row.kind, ...envelope, ...readTooLarge(row) }
  assertAgent(row, gathered)
  if (isWholeKind(row.kind)) return { kind: row.kind, ...envelope, ...readData(row) } as Notice
  const it = row.case_id === null ? undefined : gathered.cases.get(row.case_id)
  if (!it) throw impossible(row, 'its case does not exist')
  const about = { ...envelope, case: noticeCase(it), thread: threadOf(row, it, of) }
  switch (row.kind) {
    case 'case-received':
      return { kind: row.kind, ...about, titled: isTitled(row) }
    case 'command-receipt':
      return { kind: row.kind, ...about, ...readReceipt(row) }
    case 'case-opened':
    case 'comment-added':
    case 'comment-added-agent':
    case 'mail-held':
      return { kind: row.kind, ...about, comment: commentOf(row, it, about.case, gathered) }
    case 'solution-proposed': {
      const comment = commentOf(row, it, about.case, gathered)
      return { kind: row.kind, ...about, comment, verdict: verdictOf(row, about.case, of) }
    }
    case 'case-closed':
    case 'case-reopened':
      return { kind: row.kind, ...about }
    case 'case-assigned':
    case 'case-reopened-agent':
    case 'delivery-failed':
      return { kind: row.kind, ...about, ...readData(row) } as Notice
    default:
      throw impossible(row, `there is no kind of mail '${row.kind}'`)
  }
}

function isWholeKind(kind: string): kind is (typeof WHOLE_KINDS)[number] {
  return WHOLE_KINDS.some((it) => it === kind)
}

/** What is for agents goes to somebody who is one now, whoever they were when the row was written. */
function assertAgent(row: OutboxRow, { agents }: Gathered): void {
  // An alarm may also go to an administrator who is nobody in a case.
  if (!AGENT_KINDS.has(row.kind) || (row.kind === 'mailbox-alarm' && row.person_id === null)) return
  if (row.person_id === null || !agents.has(row.person_id)) throw impossible(row, 'its recipient is no agent')
}

function envelopeOf(row: OutboxRow, { secrets, mailbox, once }: Making) {
  const { address, verp } = mailbox(row.mailbox)
  return {
    row: row.id,
    messageId: row.message_id,
    bounceAddress: verp ? bounceAddress(secrets, address, row.id) : null,
    to: { name: row.to_name, address: row.to_address },
    language: row.language,
    mailbox: row.mailbox,
    at: row.created_at,
    settings: settingsOf(row, { secrets, mailbox, once }),
  }
}

function settingsOf(
  { kind, person_id: person, mailbox: name }: OutboxRow,
  { secrets, mailbox, once }: NoticeContext & { once: Once },
): SettingsWays | null {
  const topic = topicOf(kind)
  if (topic === null || person === null) return null
  const key = once(`stop ${topic} ${person}`, () => stopKey(secrets, topic, person))
  return {
    key: once(`settings ${person}`, () => settingsKey(secrets, person)),
    stop: { key, mailto: stopLink(mailbox(name), key) },
  }
}

/** How the reader of a solution says whether it helped. */
function verdictOf(row: OutboxRow, { number }: NoticeCase, { secrets, mailbox }: NoticeContext): VerdictWays {
  const [yes, no] = [verdictKey(secrets, 'yes', number, row.id), verdictKey(secrets, 'no', number, row.id)]
  return { yes, no, yesAddress: verdictAddress(mailbox(row.mailbox), yes) }
}
