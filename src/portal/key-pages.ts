import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type CaseContext, mailboxNamed } from '../cases/context.ts'
import type { Language } from '../model/language.ts'
import type { PageView } from '../render/pages.ts'
import type { PortalDeps } from './portal.ts'
import { answerUnknown } from './unknown.ts'

type WithKey = { Params: { key: string } }

/** What a page that a key of a mail leads to may say of its case: the link may be in other hands by now. */
export interface KeyView {
  number: number
  language: Language
  mailbox: string
}

/** A page with one button, for the holder of a key. `look` changes nothing; null where the key is none. */
export interface KeyPage<View extends KeyView> {
  look(ctx: CaseContext, key: string): Promise<View | null>
  act(ctx: CaseContext, key: string): Promise<View | null>
  /** Which page shows what there is now. */
  kind(view: View): Extract<PageView, { number: number }>['kind']
}

/** Serves it at `path`/KEY: GET looks, for mail scanners follow links, and POST acts. POST needs nothing but the key. */
export function keyPage<View extends KeyView>(
  server: FastifyInstance,
  deps: PortalDeps,
  path: string,
  page: KeyPage<View>,
): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply, view: View | null): Promise<FastifyReply> => {
    if (!view) return await answerUnknown(deps, request, reply)
    const { number, language, mailbox } = view
    const { address } = mailboxNamed(deps.ctx.policy, mailbox)
    const shown = { kind: page.kind(view), number, brand: deps.brandOf(mailbox), address }
    return await reply.type('text/html; charset=utf-8').send(deps.pages.render(shown, language))
  }
  server.get<WithKey>(`${path}/:key`, async (request, reply) => {
    return await answer(request, reply, await page.look(deps.ctx, request.params.key))
  })
  server.post<WithKey>(`${path}/:key`, async (request, reply) => {
    const view = await page.act(deps.ctx, request.params.key)
    if (view) deps.committed()
    return await answer(request, reply, view)
  })
}
