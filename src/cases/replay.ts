import { PosthornError } from '../core/errors.ts'
import { findCase } from '../store/cases.ts'
import { type MailRow, updateMail } from '../store/mails.ts'
import type { Db } from '../store/schema.ts'
import { addComment, changeStatus } from './add-comment.ts'
import type { Applied } from './apply-decision.ts'
import type { CaseContext } from './context.ts'
import { judge } from './judge.ts'
import { mailRow } from './mail-rows.ts'
import type { ParsedMail } from './parsed-mail.ts'

/** Takes a quarantined mail in at last, now that it can be read, and closes the case that told of it. */
export async function replay(ctx: CaseContext, mail: ParsedMail, before: MailRow): Promise<Applied> {
  if (before.status !== 'quarantined') {
    throw new PosthornError(
      'not-quarantined',
      `the mail ${before.id} is not quarantined: it was taken in on ${before.taken_at}`,
      { temporary: false },
    )
  }
  return await ctx.store.transaction(async (tx) => {
    const applied = await receiveAgain(tx, ctx, mail, before)
    await closeReport(tx, ctx, before, applied)
    return applied
  })
}

async function closeReport(tx: Db, ctx: CaseContext, before: MailRow, applied: Applied): Promise<void> {
  const report = before.case_id ? await findCase(tx, before.case_id) : null
  if (!report) return
  const became = applied.caseId ? await findCase(tx, applied.caseId) : null
  await addComment(tx, ctx, report, {
    author: { id: null, name: 'posthorn', address: '' },
    role: 'system',
    visibility: 'internal',
    channel: 'cli',
    text: `The mail could be read: ${applied.decision}${became ? `, case #${became.number}` : ''}.`,
    quoted: '',
    signature: '',
    messageId: null,
    mailId: before.id,
    commands: [],
    heldBecause: null,
    tellPeople: false,
  })
  await changeStatus(tx, ctx, report, 'posthorn', 'closed')
}

/** Replaces what is known of a quarantined mail, when it could be read at last. */
async function receiveAgain(tx: Db, ctx: CaseContext, mail: ParsedMail, before: MailRow): Promise<Applied> {
  const { parsed } = mail
  if (parsed.kind === 'unreadable')
    throw new PosthornError('unreadable', `the mail ${before.id} is still unreadable: ${parsed.why}`, {
      temporary: false,
    })
  const applied = await judge(tx, ctx, before.id, mail, parsed.message)
  const { id: _id, identity: _identity, taken_at: _taken, ...set } = mailRow(ctx, before.id, mail, applied)
  await updateMail(tx, before.id, set)
  return applied
}
