import type { FastifyRequest } from 'fastify'
import { mailboxNamed } from '../cases/context.ts'
import { type Language, writtenLanguage } from '../model/language.ts'
import type { PortalDeps } from './portal.ts'

/** What a page is written in: the person's language, else one that the browser asks for, else the first mailbox's. */
export function languageFor(deps: PortalDeps, request: FastifyRequest, own: Language | null): Language {
  const asked = acceptedLanguage(request.headers['accept-language'] ?? '')
  return own ?? asked ?? mailboxNamed(deps.ctx.policy, '').language
}

/** The first language of an Accept-Language header that we write (browsers list them by preference), or null. */
export function acceptedLanguage(header: string): Language | null {
  const asked = header.split(',', 20).map((range) => writtenLanguage(range.trim().slice(0, 2).toLowerCase()))
  return asked.find((language) => language !== null) ?? null
}
