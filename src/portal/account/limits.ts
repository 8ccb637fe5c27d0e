import { type Effort, judgeEffort } from '../../accounts/effort.ts'
import type { Asking } from '../../accounts/throttle.ts'
import { takeTurnToAsk } from '../../accounts/throttle.ts'
import { effortAlert } from './altcha.ts'
import { type AccountDeps, type Answer, EMPTY } from './pages.ts'
import type { Visitor } from './visitor.ts'

export interface Alert {
  tone: 'error'
  text: string
}

/** Whether somebody may ask for a mail now; else what their page says, with its status. It is the same for every address. */
export type MayAsk = { may: true } | { may: false; status: 422 | 429; alerts: Alert[] }

/** The page of whoever has to wait, where there is no form to come back to. */
export function tooMuchAsked({ t }: Visitor, { status, alerts }: { status: number; alerts: Alert[] }): Answer {
  return { status, page: { ...EMPTY, title: t('busy.title'), alerts } }
}

/** For a form that anybody can send: what it costs comes first, then the limits of the network that it came from. */
export async function mayAskWith({ ctx }: Pick<AccountDeps, 'ctx'>, visitor: Visitor, it: Effort): Promise<MayAsk> {
  const judged = await judgeEffort(ctx, it)
  // Whoever gets it wrong has asked, too: guessing is no way around the limits.
  const effort = judged.kind === 'made' ? judged.effort : 'question'
  const turn = await mayAsk({ ctx }, visitor, { effort })
  if (!turn.may || judged.kind === 'made') return turn
  return { may: false, status: 422, alerts: effortAlert(visitor, judged) }
}

/** The limits alone, for whoever has shown who they are, or holds a link of ours. */
export async function mayAsk(
  { ctx }: Pick<AccountDeps, 'ctx'>,
  visitor: Visitor,
  who: Omit<Asking, 'network'>,
): Promise<MayAsk> {
  const asking = { ...who, network: visitor.visit.network }
  const { wait } = await ctx.store.transaction(async (tx) => await takeTurnToAsk(tx, ctx, asking))
  if (wait === 0) return { may: true }
  const text = visitor.t('limits.wait', { seconds: Math.ceil(wait / 1_000) })
  return { may: false, status: 429, alerts: [{ tone: 'error', text }] }
}
