import type { Language } from '../model/language.ts'
import { readLeaveKey } from '../model/thread-key.ts'
import { findPeople } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext } from './context.ts'
import { findByKey, type KeyHolder } from './find-leaving.ts'
import { leaveCase } from './participants.ts'

/** What whoever has a key to leave a case may know: nothing that was said in it. */
export interface LeaveView {
  /** The case's. */
  number: number
  /** The participant's, or the case's. */
  language: Language
  /** The case's mailbox, by its name in the configuration. */
  mailbox: string
  left: boolean
}

/** What a key to leave a case is for; null where it is not whole, or nobody's (any more). Changes nothing. */
export async function viewLeaving(ctx: CaseContext, text: string): Promise<LeaveView | null> {
  const { db } = ctx.store
  const found = await holderOf(db, ctx, text)
  return found && (await viewOf(db, found, found.leftAt !== null))
}

/** Takes the participant whose key it is out of the case (leaveCase); null as in viewLeaving. Twice is once. */
export async function leaveByKey(ctx: CaseContext, text: string): Promise<LeaveView | null> {
  return await ctx.store.transaction(async (tx) => {
    const found = await holderOf(tx, ctx, text)
    if (!found) return null
    await leaveCase(tx, ctx, found.it.id, found.personId)
    return await viewOf(tx, found, true)
  })
}

async function holderOf(db: Db, ctx: CaseContext, text: string): Promise<KeyHolder | null> {
  const key = readLeaveKey(text)
  return key && (await findByKey(db, ctx.policy.secrets, key))
}

async function viewOf(db: Db, { it, personId }: KeyHolder, left: boolean): Promise<LeaveView> {
  const [person] = await findPeople(db, [personId])
  return { number: it.number, language: person?.language ?? it.language, mailbox: it.mailbox, left }
}
