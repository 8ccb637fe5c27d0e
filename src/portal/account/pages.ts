import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountContext } from '../../accounts/context.ts'
import type { Providers } from '../../accounts/providers.ts'
import { describeError, PosthornError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { AccountPage, AccountPages } from '../../render/account-pages.ts'
import { isOwnForm } from './csrf.ts'
import { MOST_FORM_BYTES, parseForm } from './form-body.ts'
import { type Visitor, visitorOf } from './visitor.ts'

/** What the pages of accounts need. */
export interface AccountDeps {
  ctx: AccountContext
  pages: AccountPages
  /** 'Acme Support'. */
  brand: string
  /** The address that people write to when nothing helps. */
  address: string
  /** Of the configured URL: 'https://help.acme.test', '/support' (or ''), and whether it is https. */
  origin: string
  base: string
  secure: boolean
  /** IANA name: by which times are written. */
  timeZone: string
  log: Log
  providers: Providers
  /** Does work after the answer has gone, so that the time of an answer tells nothing. */
  later: (what: string, work: () => Promise<void>) => void
  /** There may be something to send now. */
  committed: () => void
}

/** What a page's handler answers: a page, or the way to another one: a path below the base, or `away`, at an OpenID provider. */
export type Answer = { page: AccountPage; status?: number } | { to: string } | { away: URL }

export interface Asked {
  visitor: Visitor
  /** Of the path, as `:token`. */
  params: Readonly<Record<string, string>>
  query: URLSearchParams
}

export interface Sent extends Asked {
  form: URLSearchParams
}

export interface PageHandlers {
  get?: (asked: Asked) => Promise<Answer>
  post?: (sent: Sent) => Promise<Answer>
}

/**
 * One page: GET shows it and changes nothing, POST takes its form, which must come from a page of ours. A form that no page of
 * ours sends is answered with a page that says so, and nothing happens.
 */
export function accountPage(part: FastifyInstance, deps: AccountDeps, path: string, handlers: PageHandlers): void {
  const { get, post } = handlers
  if (get)
    part.get(path, async (request, reply) => {
      const asked = await askedOf(deps, request, reply)
      return await send(deps, asked, request, reply, await get(asked))
    })
  if (post)
    part.post(path, { bodyLimit: MOST_FORM_BYTES }, async (request, reply) => {
      const asked = await askedOf(deps, request, reply)
      const form = request.body instanceof URLSearchParams ? request.body : null
      const own = { secrets: deps.ctx.policy.secrets, origin: deps.origin, visitor: asked.visitor.cookie('visitor') }
      if (!form || !isOwnForm(request, own, single(form, 'csrf')))
        return await send(deps, asked, request, reply, rejected(asked.visitor))
      const answer = await answerForm(deps, { ...asked, form }, post)
      deps.committed()
      return await send(deps, asked, request, reply, answer)
    })
}

async function answerForm(deps: AccountDeps, sent: Sent, post: (sent: Sent) => Promise<Answer>): Promise<Answer> {
  try {
    return await post(sent)
  } catch (error) {
    if (!(error instanceof PosthornError) || error.code !== 'busy') throw error
    deps.log.warn({ error: describeError(error) }, 'somebody was asked to try again')
    const { t } = sent.visitor
    return { status: 503, page: { ...EMPTY, title: t('busy.title'), lead: [t('busy.text')] } }
  }
}

/** A page with nothing on it but what is laid over. */
export const EMPTY: AccountPage = { title: '', lead: [], alerts: [], parts: [], also: [] }

/** 400: nothing was changed, and what to do. */
export function rejected({ t }: Visitor): Answer {
  const page = { ...EMPTY, title: t('rejected.title'), lead: [t('rejected.text')] }
  return { status: 400, page }
}

function single(form: URLSearchParams, name: string): string | null {
  const all = form.getAll(name)
  return all.length === 1 ? (all[0] ?? null) : null
}

async function askedOf(deps: AccountDeps, request: FastifyRequest, reply: FastifyReply): Promise<Asked> {
  const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '')
  const params = request.params as Readonly<Record<string, string>>
  return { visitor: await visitorOf(deps, request, reply), params, query }
}

async function send(
  deps: AccountDeps,
  { visitor }: Asked,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
): Promise<FastifyReply> {
  if ('away' in answer) return await reply.code(303).header('location', answer.away.href).send()
  // The whole URL of the configuration: a Host header decides nothing.
  if ('to' in answer) return await reply.code(303).header('location', `${deps.origin}${deps.base}${answer.to}`).send()
  const { language, csrf, known, session } = visitor
  const person = session?.stage === 'full' ? (known?.person.name ?? null) : null
  const path = encodeURIComponent(request.url.split('?', 1)[0] ?? '/')
  const html = deps.pages.render(answer.page, { brand: deps.brand, language, base: deps.base, csrf, person, path })
  return await reply
    .code(answer.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(html)
}

/** Lets a part of the server read forms, and nothing else. */
export function readForms(part: FastifyInstance): void {
  part.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: MOST_FORM_BYTES },
    (_request, body, done) => done(null, parseForm(body as Buffer)),
  )
}
