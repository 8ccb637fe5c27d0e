import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mailboxNamed } from '../cases/context.ts'
import { maskAddress } from '../model/address.ts'
import type { Mode } from '../model/preferences.ts'
import type { Choice, Offer, PreferencesView } from '../notify/preferences.ts'
import { chooseByKey, viewByKey } from '../notify/preferences-by-key.ts'
import type { SettingsGroup, SettingsOption } from '../render/pages.ts'
import { languageFor } from './language.ts'
import type { PortalDeps } from './portal.ts'
import { answerUnknown } from './unknown.ts'

type WithKey = { Params: { key: string } }

/** An agent of many mailboxes chooses for each of them. */
const MOST_BYTES = 16_384

/**
 * Where somebody chooses what to be told of, with the key of their mails. Looking changes nothing, for mail scanners follow
 * links. The form works without script; what is not the form that the page sends changes nothing and says so.
 */
export function settingsRoutes(server: FastifyInstance, deps: PortalDeps): void {
  server.get<WithKey>('/settings/:key', async (request, reply) => {
    const view = await viewByKey(deps.ctx, request.params.key)
    return view ? await answer(deps, request, reply, view, false) : await answerUnknown(deps, request, reply)
  })
  // A part of its own: nowhere else is a body read.
  server.register(async (part) => {
    part.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MOST_BYTES },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    )
    part.setErrorHandler(async (error: FastifyError, request, reply) => {
      if ((error.statusCode ?? 500) >= 500) throw error
      return await reject(deps, request, reply)
    })
    part.post<WithKey>('/settings/:key', { bodyLimit: MOST_BYTES }, async (request, reply) => {
      return await save(deps, request, reply, request.params.key)
    })
  })
}

async function save(
  deps: PortalDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
): Promise<FastifyReply> {
  const before = await viewByKey(deps.ctx, key)
  if (!before) return await answerUnknown(deps, request, reply)
  const choices = readForm(request.body, before.choices)
  if (!choices) return await reject(deps, request, reply)
  const view = await chooseByKey(deps.ctx, key, choices)
  if (!view) return await answerUnknown(deps, request, reply)
  deps.committed()
  return await answer(deps, request, reply, view, true)
}

/** One choice for each thing that is on offer, and nothing else; null where the form is none of ours. */
export function readForm(body: unknown, offers: readonly Offer[]): Choice[] | null {
  if (!(body instanceof URLSearchParams)) return null
  // As many fields as there are offers, and each of them there: so none is unknown, and none is there twice.
  if ([...body.keys()].length !== offers.length) return null
  const choices = offers.map(({ topic, mailbox, modes }) => {
    const given = body.get(fieldOf({ topic, mailbox }))
    const mode = modes.find((it) => wordFor(it) === given)
    return mode === undefined ? null : { topic, mailbox, mode }
  })
  return choices.every((choice) => choice !== null) ? choices : null
}

/** The name of a choice's fields. */
function fieldOf({ topic, mailbox }: Pick<Offer, 'topic' | 'mailbox'>): string {
  return mailbox === '' ? topic : `${topic}@${mailbox}`
}

function wordFor(mode: Mode | null): string {
  return mode ?? 'default'
}

/** The address is masked: the link may be in other hands by now. */
async function answer(
  deps: PortalDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { person, choices }: PreferencesView,
  saved: boolean,
): Promise<FastifyReply> {
  const { address, name } = mailboxNamed(deps.ctx.policy, '')
  const agent = person.kind === 'agent'
  const groups = choices.map((choice) => groupView(deps, agent, choice))
  const who = maskAddress(person.address)
  const view = { kind: 'settings' as const, who, agent, saved, groups, brand: deps.brandOf(name), address }
  return await send(reply, deps.pages.render(view, languageFor(deps, request, person.language)))
}

function groupView(deps: PortalDeps, isAgent: boolean, choice: PreferencesView['choices'][number]): SettingsGroup {
  const { topic, mailbox, modes, mode } = choice
  return {
    field: fieldOf(choice),
    comments: topic === 'comments' && !isAgent,
    agents: topic === 'comments' && isAgent,
    solutions: topic === 'solutions',
    areas: topic === 'areas',
    digests: topic === 'digests',
    mailbox: mailbox === '' ? null : mailboxNamed(deps.ctx.policy, mailbox).address,
    options: modes.map(
      (it): SettingsOption => ({
        field: fieldOf(choice),
        value: wordFor(it),
        checked: it === mode,
        inherit: it === null,
        now: it === 'now' && topic !== 'digests',
        digest: it === 'digest',
        off: it === 'off' && topic !== 'digests',
        on: it === 'now' && topic === 'digests',
        none: it === 'off' && topic === 'digests',
      }),
    ),
  }
}

/** 400: nothing was changed, and what to do. */
async function reject(deps: PortalDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { address, name } = mailboxNamed(deps.ctx.policy, '')
  const page = { kind: 'rejected' as const, brand: deps.brandOf(name), address }
  return await send(reply.code(400), deps.pages.render(page, languageFor(deps, request, null)))
}

async function send(reply: FastifyReply, page: string): Promise<FastifyReply> {
  return await reply.type('text/html; charset=utf-8').send(page)
}
