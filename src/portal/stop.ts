import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mailboxNamed } from '../cases/context.ts'
import { resumeByKey, type StopView, stopByKey, viewStop } from '../notify/preferences-by-key.ts'
import type { PageView } from '../render/pages.ts'
import { languageFor } from './language.ts'
import type { PortalDeps } from './portal.ts'
import { answerUnknown } from './unknown.ts'

interface WithKey {
  Params: { key: string }
  Querystring: { undo?: string }
}

/**
 * How somebody ends a kind of mail by one request (RFC 8058), and takes that back. Looking changes nothing, for mail
 * scanners follow links. POST needs nothing but the key; with `?undo`, which no mail holds, it is the button that undoes.
 */
export function stopRoutes(server: FastifyInstance, deps: PortalDeps): void {
  server.get<WithKey>('/stop/:key', async (request, reply) => {
    return await answer(deps, request, reply, await viewStop(deps.ctx, request.params.key), false)
  })
  server.post<WithKey>('/stop/:key', async (request, reply) => {
    const undo = request.query.undo !== undefined
    const verb = undo ? resumeByKey : stopByKey
    const view = await verb(deps.ctx, request.params.key)
    if (view) deps.committed()
    return await answer(deps, request, reply, view, undo)
  })
}

async function answer(
  deps: PortalDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  view: StopView | null,
  resumed: boolean,
): Promise<FastifyReply> {
  if (!view) return await answerUnknown(deps, request, reply)
  const { topic, stopped, person } = view
  const { address, name } = mailboxNamed(deps.ctx.policy, '')
  const common = { settings: `../settings/${view.settingsKey}`, brand: deps.brandOf(name), address }
  const about = {
    comments: topic === 'comments',
    solutions: topic === 'solutions',
    areas: topic === 'areas',
    digests: topic === 'digests',
  }
  const page: PageView = resumed
    ? { kind: 'resumed', ...common }
    : { kind: stopped ? 'stopped' : 'stop', ...about, ...common }
  const html = deps.pages.render(page, languageFor(deps, request, person.language))
  return await reply.type('text/html; charset=utf-8').send(html)
}
