import { isoTime } from '../core/world.ts'
import { findChallenge, insertChallenge, takeChallenge } from '../store/accounts/challenges.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext } from './context.ts'
import type { ProvenIdentity } from './proven-identity.ts'
import type { VisitSecrets } from './providers.ts'
import { hashToken, isSame, isToken, newToken } from './tokens.ts'

const MINUTE = 60_000
/**
 * Milliseconds. visit: to sign in at the provider and come back. proven: to decide what is done with an identity; whoever is
 * new makes an account meanwhile, by a mail.
 */
export const IDENTITY_LIFE = { visit: 15 * MINUTE, proven: 60 * MINUTE }

/** Why somebody goes to a provider. */
export interface VisitWish {
  /** Of the configuration. */
  provider: string
  /** enter: to sign in. link: to give the account of `personId` one more way in. */
  wants: 'enter' | 'link'
  personId: string | null
  /** Where they want to go after. */
  to: string
}

/** Somebody sets out for a provider. The token is for a cookie of their browser: only there the way back ends well. */
export async function beginVisit(
  ctx: AccountContext,
  wish: VisitWish,
): Promise<{ token: string; secrets: VisitSecrets }> {
  const secret = () => newToken(ctx.world).token
  const secrets = { state: secret(), nonce: secret(), verifier: secret() }
  const token = await keep(ctx.store.db, ctx, 'visit', wish.personId, { ...wish, secrets })
  return { token, secrets }
}

/** Somebody is back. null where nobody of this browser set out like this lately; a visit ends once. */
export async function endVisit(
  ctx: AccountContext,
  token: unknown,
  { provider, state }: { provider: string; state: string },
): Promise<(VisitWish & { secrets: VisitSecrets }) | null> {
  const { db } = ctx.store
  const kept = await look<VisitWish & { secrets: VisitSecrets }>(db, ctx, 'visit', token)
  if (!kept || kept.data.provider !== provider || !isSame(kept.data.secrets.state, state)) return null
  return (await takeChallenge(db, kept.id)) ? kept.data : null
}

/** An identity that was proven in this browser, and what its owner wanted with it. */
export interface KeptIdentity extends VisitWish {
  identity: ProvenIdentity
}

/** Keeps a proven identity until its owner has said what is to be done with it. The token is for the browser's cookie. */
export async function keepIdentity(tx: Db, ctx: AccountContext, it: KeptIdentity): Promise<string> {
  return await keep(tx, ctx, 'proven', it.personId, it)
}

/** The identity that a browser has kept; null where there is none any more. Looking changes nothing. */
export async function keptIdentity(
  db: Db,
  ctx: Pick<AccountContext, 'world'>,
  token: unknown,
): Promise<{ id: string; data: KeptIdentity } | null> {
  return await look<KeptIdentity>(db, ctx, 'proven', token)
}

async function keep(
  tx: Db,
  ctx: AccountContext,
  kind: keyof typeof IDENTITY_LIFE,
  personId: string | null,
  data: object,
): Promise<string> {
  const { token, hash } = newToken(ctx.world)
  const now = ctx.world.now()
  await insertChallenge(tx, {
    id: hash,
    kind: `identity-${kind}`,
    person_id: personId,
    data: JSON.stringify(data),
    tries: 0,
    created_at: isoTime(now),
    expires_at: isoTime(now + IDENTITY_LIFE[kind]),
  })
  return token
}

async function look<T>(
  db: Db,
  { world }: Pick<AccountContext, 'world'>,
  kind: keyof typeof IDENTITY_LIFE,
  token: unknown,
): Promise<{ id: string; data: T } | null> {
  if (!isToken(token)) return null
  const row = await findChallenge(db, `identity-${kind}`, hashToken(token), isoTime(world.now()))
  return row && { id: row.id, data: JSON.parse(row.data) as T }
}
