import type { FastifyInstance } from 'fastify'
import { giveVerdict, type VerdictView, viewVerdict } from '../cases/verdict-by-key.ts'
import { keyPage } from './key-pages.ts'
import type { PortalDeps } from './portal.ts'

/** How a customer says whether a solution helped, with the keys of the mail that proposed it. */
export function verdictRoutes(server: FastifyInstance, deps: PortalDeps): void {
  keyPage<VerdictView>(server, deps, '/solution', { look: viewVerdict, act: giveVerdict, kind: pageOf })
}

function pageOf({ verdict, state }: VerdictView) {
  if (state === 'over') return 'solution-over'
  if (verdict === 'yes') return state === 'open' ? 'solution-yes' : 'solution-accepted'
  return state === 'open' ? 'solution-no' : 'solution-rejected'
}
