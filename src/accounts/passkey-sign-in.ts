import {
  generateAuthenticationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server'
import { isoBase64URL } from '@simplewebauthn/server/helpers'
import { isoTime } from '../core/world.ts'
import { findPasskey, notePasskeyUse, type PasskeyRow } from '../store/accounts/passkeys.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import { type Entered, enter, enterFully } from './enter.ts'
import { CHALLENGE_LIFE, makeChallenge, passkeyPlace, spendChallenge, userHandle } from './passkey-challenge.ts'
import { findKnownById, isOpen, type Known } from './people.ts'
import { record } from './record.ts'
import { raiseSession, type Session } from './sessions.ts'
import { noteSuccess, takeTurn } from './throttle.ts'
import { hashToken } from './tokens.ts'

/** What a browser needs to ask its user for a passkey; null where there can be none. It names nobody: passkeys know their owner. */
export async function askPasskey(
  ctx: AccountContext,
  browser: string,
): Promise<PublicKeyCredentialRequestOptionsJSON | null> {
  const place = passkeyPlace(ctx.policy.portalUrl)
  if (!place) return null
  const challenge = await makeChallenge(ctx, { browser, personId: null })
  return await generateAuthenticationOptions({
    rpID: place.host,
    challenge: isoBase64URL.toBuffer(challenge),
    timeout: CHALLENGE_LIFE,
    userVerification: 'required',
  })
}

/** What a browser answers in its user's name: base64url each. */
export interface PasskeyAnswer {
  id: string
  clientData: string
  authenticatorData: string
  signature: string
  userHandle: string
}

export type PasskeyEntered =
  | ({ kind: 'in' } & Entered)
  /** Too many wrong answers came before; milliseconds. */
  | { kind: 'wait'; wait: number }
  /**
   * late: the challenge is over, was answered, or is another browser's. unknown: nobody here has this passkey (any more).
   * other: somebody else is signed in. refused: the answer is wrong.
   */
  | { kind: 'late' | 'unknown' | 'other' | 'refused' }

/**
 * Signs in by a passkey alone. Whoever is signed in already, or is half-way in, proves themselves by it: their session gets a
 * new token (ASVS 5.0, 7.2.4).
 */
export async function enterByPasskey(
  ctx: AccountContext,
  wish: { answer: PasskeyAnswer; browser: string; session: Session | null },
  visit: Visit,
): Promise<PasskeyEntered> {
  const { db } = ctx.store
  const { answer, browser, session } = wish
  const attempt = { what: 'passkey', address: hashToken(answer.id), network: visit.network }
  const { wait } = await ctx.store.transaction(async (tx) => await takeTurn(tx, ctx, attempt))
  if (wait > 0) return { kind: 'wait', wait }
  const challenge = await spendChallenge(ctx, answer.clientData, { browser, personId: null })
  if (challenge === null) return { kind: 'late' }
  const passkey = await findPasskey(db, answer.id)
  const known = passkey && (await findKnownById(db, passkey.person_id))
  const problem = passkey ? await problemOf(ctx, passkey, answer, challenge) : { why: 'unknown' }
  const other = session?.stage === 'full' && known && session.personId !== known.person.id
  return await ctx.store.transaction(async (tx) => {
    const used =
      'counter' in problem && (await notePasskeyUse(tx, answer.id, problem.counter, isoTime(ctx.world.now())))
    if (!known || !isOpen(known.account) || !used) {
      const why = 'why' in problem ? problem.why : 'its counter has not grown, or the account is disabled'
      await record(tx, ctx, { personId: known?.person.id ?? null, visit }, 'passkey-refused', why)
      return { kind: passkey ? 'refused' : 'unknown' }
    }
    await noteSuccess(tx, attempt)
    if (other) return { kind: 'other' }
    return { kind: 'in', ...(await letIn(tx, ctx, known, session, visit)) }
  })
}

async function letIn(
  tx: Db,
  ctx: AccountContext,
  { person, account }: Known,
  session: Session | null,
  visit: Visit,
): Promise<Entered> {
  if (session?.personId === person.id)
    return session.stage === 'full'
      ? await raiseSession(tx, ctx, session, { stage: 'full', way: 'passkey' })
      : await enterFully(tx, ctx, person, session, 'passkey', visit)
  if (!account) throw new Error(`the account of person ${person.id} is gone`)
  return await enter(tx, ctx, { person, account, way: 'passkey', visit, deviceToken: null })
}

/** Verifies an answer (WebAuthn level 3, 7.2): its new counter, or what is wrong with it, as a text for the security log. */
async function problemOf(
  ctx: AccountContext,
  passkey: PasskeyRow,
  answer: PasskeyAnswer,
  challenge: string,
): Promise<{ counter: number } | { why: string }> {
  const place = passkeyPlace(ctx.policy.portalUrl)
  if (!place) return { why: 'portal.url is no place for passkeys' }
  if (answer.userHandle !== isoBase64URL.fromBuffer(userHandle(passkey.person_id)))
    return { why: 'it is said to be of somebody else' }
  const { clientData: clientDataJSON, authenticatorData, signature } = answer
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: answer.id,
        rawId: answer.id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON, authenticatorData, signature, userHandle: answer.userHandle },
      },
      expectedChallenge: challenge,
      expectedOrigin: place.origin,
      expectedRPID: place.host,
      credential: {
        id: passkey.id,
        publicKey: isoBase64URL.toBuffer(passkey.public_key),
        counter: Number(passkey.counter),
      },
      requireUserVerification: true,
    })
    return verified ? { counter: authenticationInfo.newCounter } : { why: 'its signature is wrong' }
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) }
  }
}
