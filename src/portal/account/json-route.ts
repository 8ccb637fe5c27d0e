import type { FastifyInstance } from 'fastify'
import { isOwnForm } from './csrf.ts'
import type { AccountDeps, rejected, Sent } from './pages.ts'
import { visitorOf } from './visitor.ts'

/** Bytes that a script of ours sends at the most: an attestation without certificates is far smaller. */
const MOST_JSON_BYTES = 16_384

/** What a script is answered: what to show its user, where to go, or what it asked for. */
export type ScriptAnswer =
  | { text: string; status: number; unknown?: boolean }
  /** A path below the base. */
  | { to: string }
  | { options: object }

/** Lets a part of the server read the JSON of our own scripts: one object of texts, as a form has fields. */
export function readScripts(part: FastifyInstance): void {
  part.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MOST_JSON_BYTES },
    (_request, body, done) => done(null, parseFlatJson(body as Buffer)),
  )
}

/** The texts of a JSON object, or null where it is anything else: another type, not UTF-8, or something within something. */
export function parseFlatJson(body: Buffer): URLSearchParams | null {
  const value = parse(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const entries = Object.entries(value)
  return entries.every((it): it is [string, string] => typeof it[1] === 'string' && !it[1].includes('\0'))
    ? new URLSearchParams(entries)
    : null
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    // No JSON, or no UTF-8: whoever sent it is told so.
    return null
  }
}

/** A route for a script of ours: checked as a form is, answered with JSON. It never takes a form, which needs no script. */
export function scriptRoute(
  part: FastifyInstance,
  deps: AccountDeps,
  path: string,
  handler: (sent: Sent & { browser: string }) => Promise<ScriptAnswer>,
): void {
  part.post(path, { bodyLimit: MOST_JSON_BYTES }, async (request, reply) => {
    const visitor = await visitorOf(deps, request, reply)
    const browser = visitor.cookie('visitor')
    const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '')
    const form = isJson && request.body instanceof URLSearchParams ? request.body : null
    const own = { secrets: deps.ctx.policy.secrets, origin: deps.origin, visitor: browser }
    const sent = { visitor, params: {}, query: new URLSearchParams(), form: form ?? new URLSearchParams() }
    const isOurs = browser !== null && form !== null && isOwnForm(request, own, form.get('csrf'))
    const answer = isOurs ? await handler({ ...sent, browser }) : badRequest(visitor)
    deps.committed()
    if ('to' in answer) return await reply.send({ to: `${deps.origin}${deps.base}${answer.to}` })
    if ('options' in answer) return await reply.send(answer)
    const { status, ...body } = answer
    return await reply.code(status).send(body)
  })
}

/** 400: what was sent is not what our script sends. */
export function badRequest({ t }: Pick<Parameters<typeof rejected>[0], 't'>): ScriptAnswer {
  return { status: 400, text: t('rejected.text') }
}
