import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccountContext, Visit } from '../../accounts/context.ts'
import type { Entered } from '../../accounts/enter.ts'
import { makeKnownBrowser } from '../../accounts/known-browser.ts'
import { findKnownById, isOpen, type Known } from '../../accounts/people.ts'
import { endSession, resumeSession, type Session } from '../../accounts/sessions.ts'
import { isToken } from '../../accounts/tokens.ts'
import { isLanguage, type Language } from '../../model/language.ts'
import type { Words } from '../../render/words.ts'
import { acceptedLanguage } from '../language.ts'
import { type CookieName, dropCookie, readCookie, setCookie } from './cookies.ts'
import { csrfToken } from './csrf.ts'
import { deviceName } from './device-name.ts'
import type { AccountDeps } from './pages.ts'

/** Whoever has asked for a page, with what their browser brought along. */
export interface Visitor {
  visit: Visit
  language: Language
  /** A text in their language; values fill its holes: `{name}`. */
  t: (key: string, values?: Readonly<Record<string, string | number>>) => string
  session: Session | null
  /** Whose session it is, however far it goes. */
  known: Known | null
  csrf: string
  cookie: (name: CookieName) => string | null
  set: (name: CookieName, value: string) => void
  drop: (name: CookieName) => void
  /** Gives the browser the session of somebody who has come in. The one that it had before ends (ASVS 5.0, 7.2.4). */
  become: (entered: Entered) => Promise<void>
}

/** Reads cookies and headers. A browser that has no visitor cookie gets one. */
export async function visitorOf(deps: AccountDeps, request: FastifyRequest, reply: FastifyReply): Promise<Visitor> {
  const { ctx, secure } = deps
  const cookie = (name: CookieName) => readCookie(request, secure, name)
  const set = (name: CookieName, value: string) => setCookie(reply, secure, name, value)
  const session = await resumeSession(ctx, cookie('session'))
  const found = session && (await findKnownById(ctx.store.db, session.personId))
  // A session of somebody who was disabled since is worth nothing.
  const known = found && isOpen(found.account) ? found : null
  const language = languageOf(deps, request, cookie('language'), known)
  const visitor = visitorCookie(ctx, cookie, set)
  const drop = (name: CookieName) => dropCookie(reply, secure, name)
  return {
    visit: { device: deviceName(request.headers['user-agent'] ?? ''), network: networkOf(request.ip) },
    language,
    t: translator(deps.pages.words[language]),
    session: known ? session : null,
    known,
    csrf: csrfToken(ctx.policy.secrets, visitor),
    cookie,
    set,
    drop,
    become: async ({ token, session: begun }) => {
      if (session && session.id !== begun.id) await endSession(ctx.store.db, session.personId, session.id)
      set('session', token)
      // What was planted in the browser before is worth nothing after.
      drop('visitor')
      const who = begun.stage === 'full' ? await findKnownById(ctx.store.db, begun.personId) : null
      if (who) set('browser', makeKnownBrowser(ctx.world, ctx.policy.secrets, who.person.address))
    },
  }
}

function visitorCookie(ctx: Pick<AccountContext, 'world'>, cookie: Visitor['cookie'], set: Visitor['set']): string {
  const known = cookie('visitor')
  if (isToken(known)) return known
  const made = ctx.world.secret(32).toString('base64url')
  set('visitor', made)
  return made
}

/** What they chose on a page, else what the person is written to in, else what the browser asks for, else the mailbox's. */
function languageOf(deps: AccountDeps, request: FastifyRequest, chosen: string | null, known: Known | null): Language {
  if (isLanguage(chosen)) return chosen
  const asked = acceptedLanguage(request.headers['accept-language'] ?? '')
  return known?.person.language ?? asked ?? deps.ctx.policy.mailboxes[0]?.language ?? 'en'
}

function translator(words: Words): Visitor['t'] {
  return (key, values = {}) => {
    const text = words[key]
    if (text === undefined) throw new Error(`templates/strings/account: there is no string '${key}'`)
    return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole))
  }
}

/** Somebody's IPv6 addresses change within the first half, which stays (RFC 8981). */
export function networkOf(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail = ''] = plain.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const gap = plain.includes('::') ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0') : []
  return `${[...left, ...gap, ...right].slice(0, 4).join(':')}::/64`
}
