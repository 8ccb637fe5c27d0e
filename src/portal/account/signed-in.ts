import type { Known } from '../../accounts/people.ts'
import type { Session } from '../../accounts/sessions.ts'
import type { Answer, Asked } from './pages.ts'
import { withReturn } from './return-to.ts'
import type { Visitor } from './visitor.ts'

/** Whoever is signed in all the way. */
export interface SignedIn {
  visitor: Visitor
  session: Session
  known: Known
}

/** Runs a page for whoever is signed in; others are sent to sign in first, and come back. */
export async function signedIn<A extends Asked>(
  asked: A,
  path: string,
  page: (who: SignedIn, asked: A) => Promise<Answer>,
): Promise<Answer> {
  const { visitor } = asked
  const { session, known } = visitor
  if (!session || !known) return { to: withReturn('/sign-in', path) }
  if (session.stage === 'second') return { to: withReturn('/second', path) }
  if (session.stage === 'setup') return { to: withReturn('/second/set-up', path) }
  return await page({ visitor, session, known }, asked)
}
