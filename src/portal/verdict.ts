import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mailboxNamed } from '../cases/context.ts'
import { giveVerdict, type VerdictView, viewVerdict } from '../cases/verdict-by-key.ts'
import type { PageView } from '../render/pages.ts'
import type { PortalDeps } from './portal.ts'
import { answerUnknown } from './unknown.ts'

type WithKey = { Params: { key: string } }

/**
 * How a customer says whether a solution helped, with the keys of the mail that proposed it. Looking changes nothing, for mail
 * scanners follow links: the page has one button.
 */
export function verdictRoutes(server: FastifyInstance, deps: PortalDeps): void {
  server.get<WithKey>('/solution/:key', async (request, reply) => {
    return await answer(deps, request, reply, await viewVerdict(deps.ctx, request.params.key))
  })
  server.post<WithKey>('/solution/:key', async (request, reply) => {
    const view = await giveVerdict(deps.ctx, request.params.key)
    if (view) deps.committed()
    return await answer(deps, request, reply, view)
  })
}

/** As with leaving: the number and nothing else of the case. */
async function answer(
  deps: PortalDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  view: VerdictView | null,
): Promise<FastifyReply> {
  if (!view) return await answerUnknown(deps, request, reply)
  const { number, language, mailbox } = view
  const { address } = mailboxNamed(deps.ctx.policy, mailbox)
  const page = deps.pages.render({ kind: pageOf(view), number, brand: deps.brandOf(mailbox), address }, language)
  return await reply.type('text/html; charset=utf-8').send(page)
}

function pageOf({ verdict, state }: VerdictView): Extract<PageView['kind'], `solution-${string}`> {
  if (state === 'over') return 'solution-over'
  if (verdict === 'yes') return state === 'open' ? 'solution-yes' : 'solution-accepted'
  return state === 'open' ? 'solution-no' : 'solution-rejected'
}
