import type { FastifyReply, FastifyRequest } from 'fastify'
import { mailboxNamed } from '../cases/context.ts'
import { languageFor } from './language.ts'
import type { PortalDeps } from './portal.ts'

/** 404: a link that leads nowhere, with the address to write to. In a language that the browser asks for. */
export async function answerUnknown(
  deps: PortalDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { address, name } = mailboxNamed(deps.ctx.policy, '')
  const language = languageFor(deps, request, null)
  const page = deps.pages.render({ kind: 'unknown', brand: deps.brandOf(name), address }, language)
  return await reply.code(404).type('text/html; charset=utf-8').send(page)
}
