import { createHmac, timingSafeEqual } from 'node:crypto'
import type { World } from '../core/world.ts'
import { normaliseAddress } from '../model/address.ts'
import type { Secrets } from '../model/thread-key.ts'

const TOKEN = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

/**
 * What a browser keeps once somebody has signed in with it, so that strangers who guess at their password do not slow them
 * (OWASP calls it a device cookie). It lets nobody in, and says of an address whether it has an account to nobody who has not
 * signed in with it.
 */
export function makeKnownBrowser(world: Pick<World, 'secret'>, secrets: Secrets, address: string): string {
  const nonce = world.secret(16).toString('base64url')
  return `${nonce}.${mac(secrets[0], nonce, address)}`
}

/** The name of the browser that a token was given to, or null where it was not given out for this address. */
export function knownBrowser(secrets: Secrets, address: string, token: string | null): string | null {
  const [, nonce, given] = TOKEN.exec(token ?? '') ?? []
  if (nonce === undefined || given === undefined) return null
  const right = secrets.map((secret) => timingSafeEqual(Buffer.from(mac(secret, nonce, address)), Buffer.from(given)))
  return right.includes(true) ? nonce : null
}

function mac(secret: string, nonce: string, address: string): string {
  return createHmac('sha256', secret)
    .update(`posthorn:browser:${nonce}:${normaliseAddress(address)}`)
    .digest('base64url')
}
