import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mailboxNamed } from '../cases/context.ts'
import { type LeaveView, leaveByKey, viewLeaving } from '../cases/leave-by-key.ts'
import type { PortalDeps } from './portal.ts'
import { answerUnknown } from './unknown.ts'

type WithKey = { Params: { key: string } }

/**
 * How a participant leaves a case with the key of their mails. Looking changes nothing, for mail scanners follow links.
 * POST is the page's button, and what mail programs send in their user's stead (RFC 8058): it needs nothing but the key.
 */
export function leaveRoutes(server: FastifyInstance, deps: PortalDeps): void {
  server.get<WithKey>('/leave/:key', async (request, reply) => {
    return await answer(deps, request, reply, await viewLeaving(deps.ctx, request.params.key))
  })
  server.post<WithKey>('/leave/:key', async (request, reply) => {
    const view = await leaveByKey(deps.ctx, request.params.key)
    if (view) deps.committed()
    return await answer(deps, request, reply, view)
  })
}

/** The number and nothing else of the case: the link may be in other hands by now. */
async function answer(
  deps: PortalDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  view: LeaveView | null,
): Promise<FastifyReply> {
  if (!view) return await answerUnknown(deps, request, reply)
  const { left, number, language, mailbox } = view
  const { address } = mailboxNamed(deps.ctx.policy, mailbox)
  const kind = left ? 'left' : 'leave'
  const page = deps.pages.render({ kind, number, brand: deps.brandOf(mailbox), address }, language)
  return await reply.type('text/html; charset=utf-8').send(page)
}
