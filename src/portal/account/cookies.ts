import type { FastifyReply, FastifyRequest } from 'fastify'
import { DEVICE_LIFE } from '../../accounts/devices.ts'
import { IDENTITY_LIFE } from '../../accounts/identity-visit.ts'
import { SESSION_LIFE } from '../../accounts/sessions.ts'

/** The cookies of the portal. All are sent to nobody else, and no script can read them. */
export type CookieName = 'session' | 'device' | 'browser' | 'visitor' | 'address' | 'language' | 'identity'

const DAY = 86_400

/** Seconds that each is kept, as long as what it stands for; null: until the browser is closed. */
const KEPT: Readonly<Record<CookieName, number | null>> = {
  session: SESSION_LIFE.whole / 1_000,
  device: DEVICE_LIFE / 1_000,
  browser: 365 * DAY,
  visitor: null,
  address: 365 * DAY,
  language: 365 * DAY,
  identity: IDENTITY_LIFE.proven / 1_000,
}

/**
 * Over TLS the names begin with __Host-: then a browser takes them from this host alone, with Secure and for all paths
 * (RFC 6265bis, 4.1.3.2), so that no neighbour can plant one.
 */
export function cookieName(secure: boolean, name: CookieName): string {
  return secure ? `__Host-${name}` : `posthorn-${name}`
}

/** The value of a cookie; null where there is none, or two: then one of them is somebody else's. */
export function readCookie(request: FastifyRequest, secure: boolean, name: CookieName): string | null {
  const wanted = `${cookieName(secure, name)}=`
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((it) => it.trim())
    .filter((it) => it.startsWith(wanted))
  return found.length === 1 ? decode(found[0]?.slice(wanted.length) ?? '') : null
}

function decode(value: string): string | null {
  return /^[\w.~%@+-]{0,1000}$/.test(value) && !/%(?![0-9A-Fa-f]{2})/.test(value) ? safeDecode(value) : null
}

function safeDecode(value: string): string | null {
  try {
    return decodeURIComponent(value)
  } catch {
    // Not UTF-8: nothing that we have written.
    return null
  }
}

/** Lax: a link in a mail finds its reader signed in, and no other site can send a form with it. */
export function setCookie(reply: FastifyReply, secure: boolean, name: CookieName, value: string): void {
  const kept = KEPT[name]
  write(reply, secure, name, encodeURIComponent(value), kept === null ? '' : `; Max-Age=${kept}`)
}

export function dropCookie(reply: FastifyReply, secure: boolean, name: CookieName): void {
  write(reply, secure, name, '', '; Max-Age=0')
}

function write(reply: FastifyReply, secure: boolean, name: CookieName, value: string, life: string): void {
  const cookie = `${cookieName(secure, name)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}${life}`
  const before = reply.getHeader('set-cookie')
  const list = before === undefined ? [] : [before].flat().map(String)
  // Of several of one name the last one counts.
  const others = list.filter((it) => !it.startsWith(`${cookieName(secure, name)}=`))
  reply.header('set-cookie', [...others, cookie])
}
