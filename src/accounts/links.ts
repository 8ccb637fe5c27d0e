import { isoTime } from '../core/world.ts'
import { pageUrl } from '../model/thread-key.ts'
import type { LinkPurpose } from '../store/account-tables.ts'
import { findLink, insertLink, type LinkRow, spendLink } from '../store/accounts/links.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext } from './context.ts'
import { hashToken, isToken, newToken } from './tokens.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long each kind of link works, in milliseconds. */
export const LINK_LIFE: Readonly<Record<LinkPurpose, number>> = {
  'create-password': DAY,
  activate: DAY,
  'reset-password': DAY,
  'sign-in': 15 * MINUTE,
  'change-address': DAY,
  'undo-address': 7 * DAY,
  'move-identity': HOUR,
}

/** The page of each kind of link; the token is its last part. */
const PAGES: Readonly<Record<LinkPurpose, string>> = {
  'create-password': 'activate',
  activate: 'activate',
  'reset-password': 'reset',
  'sign-in': 'link',
  'change-address': 'address',
  'undo-address': 'undo',
  'move-identity': 'move',
}

export interface NewLink {
  purpose: LinkPurpose
  /** null: nobody we know yet. */
  personId: string | null
  /** Where it is sent to. */
  address: string
  data?: Readonly<Record<string, string>>
}

/** Makes a link that works once, until its time is over. The whole URL comes back: nobody can make it again. */
export async function makeLink(tx: Db, ctx: AccountContext, link: NewLink): Promise<string> {
  const { token, hash } = newToken(ctx.world)
  const now = ctx.world.now()
  await insertLink(tx, {
    id: ctx.world.id(),
    token_hash: hash,
    purpose: link.purpose,
    person_id: link.personId,
    address: link.address,
    data: JSON.stringify(link.data ?? {}),
    created_at: isoTime(now),
    expires_at: isoTime(now + LINK_LIFE[link.purpose]),
    spent_at: null,
  })
  return pageUrl(ctx.policy.portalUrl, `${PAGES[link.purpose]}/${token}`)
}

/** What somebody holds who opened a link. */
export interface OpenedLink {
  state: 'open' | 'expired' | 'spent'
  purpose: LinkPurpose
  personId: string | null
  address: string
  data: Readonly<Record<string, string>>
  id: string
}

/** What a token is for; null where it was never given out for one of `purposes`. Looking changes nothing. */
export async function openLink(
  db: Db,
  ctx: AccountContext,
  purposes: readonly LinkPurpose[],
  token: unknown,
): Promise<OpenedLink | null> {
  if (!isToken(token)) return null
  const row = await findLink(db, hashToken(token))
  if (!row || !purposes.includes(row.purpose)) return null
  return {
    state: stateOf(row, isoTime(ctx.world.now())),
    purpose: row.purpose,
    personId: row.person_id,
    address: row.address,
    data: JSON.parse(row.data) as Record<string, string>,
    id: row.id,
  }
}

function stateOf(row: LinkRow, at: string): OpenedLink['state'] {
  if (row.spent_at !== null) return 'spent'
  return row.expires_at > at ? 'open' : 'expired'
}

/** Spends an open link. Says whether it was open: of two who come at once, one is told no. */
export async function useLink(tx: Db, ctx: AccountContext, link: OpenedLink): Promise<boolean> {
  return await spendLink(tx, link.id, isoTime(ctx.world.now()))
}
