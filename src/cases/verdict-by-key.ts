import { isoTime } from '../core/world.ts'
import type { Answering } from '../decision/verdict.ts'
import type { Language } from '../model/language.ts'
import { readVerdictKey, type Verdict } from '../model/thread-key.ts'
import { findPeople, markVerified } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { acceptSolution, rejectSolution } from './accept-solution.ts'
import type { CaseContext } from './context.ts'
import { findVerdict, type KeyHolder } from './find-verdict.ts'

/** What whoever has a key to say whether a solution helped may know: nothing that was said in the case. */
export interface VerdictView {
  /** The case's. */
  number: number
  /** The person's, or the case's. */
  language: Language
  /** The case's mailbox, by its name in the configuration. */
  mailbox: string
  verdict: Verdict
  state: Answering['state']
}

/** What a key is for, and what it can still do; null where it is not whole, or nobody's (any more). Changes nothing. */
export async function viewVerdict(ctx: CaseContext, text: string): Promise<VerdictView | null> {
  const { db } = ctx.store
  const found = await holderOf(db, ctx, text)
  return found && (await viewOf(db, found))
}

/** Says what the key says, where it still can; null as in viewVerdict. Twice is once. */
export async function giveVerdict(ctx: CaseContext, text: string): Promise<VerdictView | null> {
  return await ctx.store.transaction(async (tx) => {
    const found = await holderOf(tx, ctx, text)
    if (!found) return null
    const [person] = await findPeople(tx, [found.personId])
    if (person && found.state === 'open') {
      if (found.verdict === 'yes') await acceptSolution(tx, ctx, found.it, person)
      else await rejectSolution(tx, ctx, found.it, person, found.role)
      // The key was in one mail to this address: whoever presses the button reads there.
      await markVerified(tx, person.address, isoTime(ctx.world.now()))
    }
    // Read again: somebody else may have been faster, and a case is reopened only so often.
    const after = await holderOf(tx, ctx, text)
    return after && (await viewOf(tx, after))
  })
}

async function holderOf(db: Db, ctx: CaseContext, text: string): Promise<KeyHolder | null> {
  const key = readVerdictKey(text)
  return key && (await findVerdict(db, ctx.policy, key, ctx.world.now()))
}

async function viewOf(db: Db, { it, personId, verdict, state }: KeyHolder): Promise<VerdictView> {
  const [person] = await findPeople(db, [personId])
  return { number: it.number, language: person?.language ?? it.language, mailbox: it.mailbox, verdict, state }
}
