import { provenIn } from './confirm.ts'
import type { AccountDeps, Answer, Asked } from './pages.ts'
import { returnPath, withReturn } from './return-to.ts'
import type { SignedIn } from './signed-in.ts'

/** Where a second factor is set up: in somebody's account, or before they get any further. */
export interface SetUpPlace {
  path: string
  /** Runs a page for whoever may set one up there; others are sent on. */
  guard<A extends Asked>(
    deps: AccountDeps,
    asked: A,
    path: string,
    page: (who: SignedIn, asked: A) => Promise<Answer>,
  ): Promise<Answer>
  /** Where somebody goes when it is done. */
  after: (asked: Asked) => string
}

/** Of whoever is signed in, and has proven themselves lately. */
export const IN_ACCOUNT: SetUpPlace = { path: '/account/second', guard: provenIn, after: () => '/account/second' }

/** Of whoever must have a second factor and has none: nothing else is open to them. */
export const BEFORE_ALL: SetUpPlace = {
  path: '/second/set-up',
  after: ({ query }) => returnPath(query.get('to')),
  guard: async (_deps, asked, path, page) => {
    const { visitor } = asked
    const { session, known } = visitor
    const to = returnPath(asked.query.get('to'))
    if (!session || !known) return { to: withReturn('/sign-in', to) }
    if (session.stage === 'full') return { to: path === BEFORE_ALL.path ? to : '/account/second' }
    if (session.stage === 'second') return { to: withReturn('/second', to) }
    return await page({ visitor, session, known }, asked)
  },
}

/** A path below a place, with the way back that was asked for. */
export function pathIn(place: SetUpPlace, below: string, { query }: Asked): string {
  return withReturn(`${place.path}${below}`, returnPath(query.get('to')))
}
