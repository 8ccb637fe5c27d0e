import { isoTime } from '../core/world.ts'
import { maskAddress, normaliseAddress } from '../model/address.ts'
import { spendLinksOf } from '../store/accounts/links.ts'
import { addAddress, findPersonByAddress, markVerified, setPrimary } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import { LINK_LIFE, makeLink, openLink, useLink } from './links.ts'
import { writeAccountMail } from './mails.ts'
import { findKnownById, isOpen, isOwnAddress } from './people.ts'
import { record } from './record.ts'
import { endSessions, isProven, type Session } from './sessions.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/**
 * Somebody who is signed in and has proven themselves lately wants another address. It gets a mail, and nothing changes
 * before that is answered. Where somebody else has it, nothing is sent, and the page says the same: nobody learns who has an
 * account.
 */
export async function askNewAddress(
  ctx: AccountContext,
  session: Session,
  wanted: string,
  visit: Visit,
): Promise<'asked' | 'unproven'> {
  if (!isProven(ctx, session)) return 'unproven'
  const address = normaliseAddress(wanted)
  await ctx.store.transaction(async (tx) => {
    const known = await findKnownById(tx, session.personId)
    if (!known || isOwnAddress(ctx, address) || known.person.address === address) return
    await record(tx, ctx, { personId: session.personId, visit }, 'address-change-asked', maskAddress(address))
    const holder = await findPersonByAddress(tx, address)
    if (holder && holder.id !== session.personId) return
    const url = await makeLink(tx, ctx, { purpose: 'change-address', personId: session.personId, address })
    const to = { ...known.person, name: null, address }
    const hours = LINK_LIFE['change-address'] / HOUR
    await writeAccountMail(tx, ctx, to, { kind: 'address-change', url, hours, newAddress: address }, true)
  })
  return 'asked'
}

export type AddressChange =
  | { kind: 'changed'; address: string }
  | { kind: 'link'; state: 'expired' | 'spent' | 'unknown' }
  /** Somebody else has come to have the address meanwhile. */
  | { kind: 'taken' }

/** The new address was proven: it is the person's from now on. The old one gets a notice with a link that takes it back. */
export async function changeAddress(ctx: AccountContext, token: unknown, visit: Visit): Promise<AddressChange> {
  return await ctx.store.transaction(async (tx) => {
    const link = await openLink(tx, ctx, ['change-address'], token)
    const known = link?.personId ? await findKnownById(tx, link.personId) : null
    if (!link || !known || !isOpen(known.account)) return { kind: 'link', state: 'unknown' }
    if (link.state !== 'open') return { kind: 'link', state: link.state }
    const holder = await findPersonByAddress(tx, link.address)
    if (holder && holder.id !== known.person.id) return { kind: 'taken' }
    if (!(await useLink(tx, ctx, link))) return { kind: 'link', state: 'spent' }
    await tellOldAddress(tx, ctx, known.person, link.address)
    await moveTo(tx, ctx, known.person.id, link.address)
    await record(tx, ctx, { personId: known.person.id, visit }, 'address-changed', maskAddress(link.address))
    return { kind: 'changed', address: link.address }
  })
}

/** Takes a change of address back, by the link that went to the old one. Whoever made it is signed out everywhere. */
export async function undoAddressChange(ctx: AccountContext, token: unknown, visit: Visit): Promise<AddressChange> {
  return await ctx.store.transaction(async (tx) => {
    const link = await openLink(tx, ctx, ['undo-address'], token)
    const known = link?.personId ? await findKnownById(tx, link.personId) : null
    if (!link || !known) return { kind: 'link', state: 'unknown' }
    if (link.state !== 'open') return { kind: 'link', state: link.state }
    if (!(await useLink(tx, ctx, link))) return { kind: 'link', state: 'spent' }
    await moveTo(tx, ctx, known.person.id, link.address)
    await spendLinksOf(tx, known.person.id, ['change-address', 'sign-in', 'reset-password'], isoTime(ctx.world.now()))
    await endSessions(tx, known.person.id, null)
    await record(tx, ctx, { personId: known.person.id, visit }, 'address-change-undone', maskAddress(link.address))
    return { kind: 'changed', address: link.address }
  })
}

/** Cases, follows and choices are the person's and stay; the old address stays theirs too, so that mail from it finds its cases. */
async function moveTo(tx: Db, ctx: AccountContext, personId: string, address: string): Promise<void> {
  const at = isoTime(ctx.world.now())
  await addAddress(tx, personId, address, at)
  await setPrimary(tx, personId, address)
  await markVerified(tx, address, at)
}

async function tellOldAddress(
  tx: Db,
  ctx: AccountContext,
  person: Parameters<typeof writeAccountMail>[2] & { id: string },
  newAddress: string,
): Promise<void> {
  const undoUrl = await makeLink(tx, ctx, { purpose: 'undo-address', personId: person.id, address: person.address })
  const days = LINK_LIFE['undo-address'] / DAY
  const mail = { kind: 'address-changed', undoUrl, days, newAddress: maskAddress(newAddress) } as const
  await writeAccountMail(tx, ctx, person, mail, false)
}
