import { isLanguage } from '../model/language.ts'
import { LINK_PURPOSES, type LinkPurpose } from '../store/account-tables.ts'
import type { AccountContext } from './context.ts'
import { LINK_LIFE, makeLink, openLink } from './links.ts'
import { type AccountMail, writeAccountMail } from './mails.ts'
import { findFormerHolder, findKnown, isOpen } from './people.ts'
import { welcome } from './sign-up.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
/** What these are for is asked for anew by somebody who is signed in. */
const NOT_ANEW: readonly LinkPurpose[] = ['undo-address', 'change-address', 'move-identity']

/**
 * Sends a new link in the place of one that is over, to the same address and for the same purpose. Whoever holds the old link
 * learns nothing by it. A link that takes something back is not made anew: its time is part of what it is.
 */
export async function resendLink(ctx: AccountContext, token: unknown): Promise<void> {
  await ctx.store.transaction(async (tx) => {
    const link = await openLink(tx, ctx, LINK_PURPOSES, token)
    if (!link || link.state === 'open' || NOT_ANEW.includes(link.purpose)) return
    const known = await findKnown(tx, link.address)
    if (known?.account?.disabled_at || (await findFormerHolder(tx, link.address))) return
    if (!known || !isOpen(known.account)) {
      const { name = '', language = '' } = link.data
      const wish = { name, address: link.address, language: isLanguage(language) ? language : 'en' } as const
      return await welcome(tx, ctx, wish, known)
    }
    // Somebody who has an account by now needs a way back in, not a new account.
    const purpose = link.purpose === 'sign-in' ? 'sign-in' : 'reset-password'
    const url = await makeLink(tx, ctx, { purpose, personId: known.person.id, address: known.person.address })
    await writeAccountMail(tx, ctx, known.person, mailOf(purpose, url), true)
  })
}

function mailOf(purpose: 'sign-in' | 'reset-password', url: string): AccountMail {
  const life = LINK_LIFE[purpose]
  return purpose === 'sign-in'
    ? { kind: 'sign-in-link', url, minutes: life / MINUTE }
    : { kind: 'reset-password', url, hours: life / HOUR }
}
