import type { Entered } from '../../accounts/enter.ts'
import type { Answer } from './pages.ts'
import { withReturn } from './return-to.ts'
import type { Visitor } from './visitor.ts'

/** Gives the browser its session, and shows the way: to where they wanted, or to what is still asked for first. */
export function stepInto(visitor: Visitor, { token, session }: Entered, to: string): Answer {
  visitor.set('session', token)
  // What was planted in the browser before is worth nothing after.
  visitor.drop('visitor')
  if (session.stage === 'full') return { to }
  return { to: withReturn(session.stage === 'second' ? '/second' : '/second/set-up', to) }
}
