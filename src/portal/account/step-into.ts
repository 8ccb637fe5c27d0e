import type { Entered } from '../../accounts/enter.ts'
import { withReturn } from './return-to.ts'
import type { Visitor } from './visitor.ts'

/** Gives the browser its session, and shows the way: to where they wanted, or to what is still asked for first. */
export async function stepInto(visitor: Visitor, entered: Entered, to: string): Promise<{ to: string }> {
  await visitor.become(entered)
  const { session } = entered
  if (session.stage === 'full') return { to }
  return { to: withReturn(session.stage === 'second' ? '/second' : '/second/set-up', to) }
}
