import { AGENT_KINDS, type NoticeCase, type NoticeComment } from '../../model/notice.ts'
import type { OutboxRow } from '../outbox.ts'
import { impossible } from './context.ts'
import type { CaseRow, CommentRow, Gathered } from './gather.ts'

export function noticeCase(it: CaseRow): NoticeCase {
  return {
    number: Number(it.number),
    title: it.title,
    status: it.status,
    contact: { name: it.contact_name || null, address: it.contact_address ?? '' },
    assignee: it.assignee_name,
  }
}

/** What a row's notice says: its comment, or the case's description. Throws rather than show a customer what is internal. */
export function commentOf(row: OutboxRow, it: CaseRow, about: NoticeCase, gathered: Gathered): NoticeComment {
  const files = filesOf(it.id, row.comment_id, gathered)
  const held = AGENT_KINDS.has(row.kind) ? heldBecause(row.comment_id ?? it.id, gathered) : null
  if (row.comment_id === null) {
    const { description: text, created_at: at } = it
    return { author: about.contact, byAgent: false, visibility: 'public', text, at, ...files, held }
  }
  const comment = gathered.comments.get(row.comment_id)
  if (!comment || comment.case_id !== it.id) throw impossible(row, 'its comment does not exist')
  if (comment.visibility !== 'public' && !AGENT_KINDS.has(row.kind))
    throw impossible(row, 'its comment is internal, and the recipient is no agent')
  return { ...commentView(comment), ...files, held }
}

function commentView(comment: CommentRow): Omit<NoticeComment, 'attachments' | 'withheld' | 'held'> {
  return {
    author: { name: comment.author_name || null, address: comment.author_address },
    byAgent: comment.role === 'agent',
    visibility: comment.visibility,
    text: comment.text,
    at: comment.created_at,
  }
}

function heldBecause(id: string, { holds }: Gathered): string | null {
  const hold = holds.get(id)
  return hold?.state === 'held' ? hold.reason : null
}

/** What is withheld is named, and its content is not within reach of what makes mails. */
function filesOf(
  caseId: string,
  commentId: string | null,
  gathered: Gathered,
): Pick<NoticeComment, 'attachments' | 'withheld'> {
  const rows = (gathered.files.get(commentId ?? caseId) ?? []).filter((row) => row.case_id === caseId)
  const files = rows.map((row) => ({
    filename: row.filename ?? 'file',
    contentType: row.content_type,
    size: Number(row.size),
    sha256: row.sha256,
    withheld: row.withheld,
  }))
  return {
    attachments: files.filter((it) => it.withheld === null).map(({ withheld: _, ...file }) => file),
    withheld: files.filter((it) => it.withheld !== null).map(({ filename, size }) => ({ filename, size })),
  }
}
