import { createHash } from 'node:crypto'
import { decodeClientDataJSON } from '@simplewebauthn/server/helpers'
import { isoTime } from '../core/world.ts'
import { findChallenge, insertChallenge, takeChallenge } from '../store/accounts/challenges.ts'
import type { AccountContext } from './context.ts'
import { hashToken, newToken } from './tokens.ts'

/** Milliseconds in which a browser must answer. */
export const CHALLENGE_LIFE = 5 * 60_000
const KIND = 'webauthn'

/** Where passkeys are good for (WebAuthn level 3, 5.1.2): a host and the one origin whose pages may ask for them. */
export interface PasskeyPlace {
  host: string
  origin: string
}

/** The place of the configured URL; null where browsers know no passkeys: without TLS, or at a bare network address. */
export function passkeyPlace(portalUrl: string): PasskeyPlace | null {
  const { protocol, hostname: host, origin } = new URL(portalUrl)
  if (/^[\d.]+$|^\[/.test(host)) return null
  if (protocol !== 'https:' && host !== 'localhost' && !host.endsWith('.localhost')) return null
  return { host, origin }
}

/** What a challenge is for. */
export interface ChallengeUse {
  /** The cookie of the browser that asks: an answer counts from there alone. */
  browser: string
  /** Whoever adds a passkey to their account; null: somebody comes in by one. */
  personId: string | null
}

/** A new challenge, base64url of 32 bytes. Its hash is kept. */
export async function makeChallenge(ctx: AccountContext, { browser, personId }: ChallengeUse): Promise<string> {
  const { token, hash } = newToken(ctx.world)
  const now = ctx.world.now()
  const { db } = ctx.store
  await insertChallenge(db, {
    id: hash,
    kind: KIND,
    person_id: personId,
    data: JSON.stringify({ browser: hashToken(browser) }),
    tries: 0,
    created_at: isoTime(now),
    expires_at: isoTime(now + CHALLENGE_LIFE),
  })
  return token
}

/**
 * Spends the challenge that `clientData` (base64url of its JSON) answers, and gives it back; null where it was never given out
 * for this, is over, or was answered before. Right or wrong, an answer spends it.
 */
export async function spendChallenge(
  ctx: AccountContext,
  clientData: string,
  { browser, personId }: ChallengeUse,
): Promise<string | null> {
  const { db } = ctx.store
  const challenge = challengeIn(clientData)
  const row = challenge && (await findChallenge(db, KIND, hashToken(challenge), isoTime(ctx.world.now())))
  if (!row || !(await takeChallenge(db, row.id))) return null
  const data = JSON.parse(row.data) as { browser: string }
  return data.browser === hashToken(browser) && row.person_id === personId ? challenge : null
}

/** null where it is nothing that a browser makes, or was made in a frame on somebody else's page. */
function challengeIn(clientData: string): string | null {
  try {
    const { challenge, crossOrigin } = decodeClientDataJSON(clientData)
    return typeof challenge === 'string' && crossOrigin !== true ? challenge : null
  } catch {
    // No JSON: an answer to no challenge of ours.
    return null
  }
}

/** What a passkey keeps of its owner: always the same, and no word about them (WebAuthn level 3, 14.6.1). 32 bytes. */
export function userHandle(personId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(`posthorn:passkey:${personId}`).digest())
}
