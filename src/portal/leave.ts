import type { FastifyInstance } from 'fastify'
import { type LeaveView, leaveByKey, viewLeaving } from '../cases/leave-by-key.ts'
import { keyPage } from './key-pages.ts'
import type { PortalDeps } from './portal.ts'

/**
 * How a participant leaves a case with the key of their mails. POST is the page's button, and what mail programs send in their
 * user's stead (RFC 8058).
 */
export function leaveRoutes(server: FastifyInstance, deps: PortalDeps): void {
  keyPage<LeaveView>(server, deps, '/leave', {
    look: viewLeaving,
    act: leaveByKey,
    kind: ({ left }) => (left ? 'left' : 'leave'),
  })
}
