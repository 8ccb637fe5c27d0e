import type { FastifyReply, FastifyRequest } from 'fastify'
import { mailboxNamed } from '../cases/context.ts'
import { type Language, writtenLanguage } from '../model/language.ts'
import type { PortalDeps } from './portal.ts'

/** 404: a link that leads nowhere, with the address to write to. In a language that the browser asks for. */
export async function answerUnknown(
  deps: PortalDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { address, language, name } = mailboxNamed(deps.ctx.policy, '')
  const wanted = acceptedLanguage(request.headers['accept-language'] ?? '') ?? language
  const page = deps.pages.render({ kind: 'unknown', brand: deps.brandOf(name), address }, wanted)
  return await reply.code(404).type('text/html; charset=utf-8').send(page)
}

/** The first language of an Accept-Language header that we write (browsers list them by preference), or null. */
function acceptedLanguage(header: string): Language | null {
  const asked = header.split(',', 20).map((range) => writtenLanguage(range.trim().slice(0, 2).toLowerCase()))
  return asked.find((language) => language !== null) ?? null
}
