import { accountContext } from '../account-setup.ts'
import type { AccountContext } from '../accounts/context.ts'
import { type Invited, invite } from '../accounts/invite.ts'
import { joinOrganisation } from '../accounts/manage.ts'
import { casePolicy } from '../app.ts'
import { PosthornError } from '../core/errors.ts'
import { realWorld } from '../core/world.ts'
import type { Language } from '../model/language.ts'
import { type Opened, printJson } from './open.ts'

/** Who stands in the security log for what is done on the command line. */
export const ACTOR = 'administrator'

export interface InviteOptions {
  name?: string
  language?: Language
  inviter?: string
  organisation?: string
}

/** What the verbs on accounts are called with. Accounts are for the web pages: without any there are none. */
export function accountsOf({ config, store }: Opened): AccountContext {
  if (config.portal)
    return accountContext(config, config.portal, { store, world: realWorld, policy: casePolicy(config) })
  throw new PosthornError('no-portal', 'there are no web pages in the configuration, so nobody can sign in', {
    temporary: false,
    hint: 'Set portal.url and portal.listen in posthorn.yaml.',
  })
}

/** Makes an account and writes the mail to activate it; the running program sends it. Throws where nobody is to be written to. */
export async function sendInvitation(
  opened: Opened,
  address: string,
  options: InviteOptions & { mayBeNew: boolean },
): Promise<Extract<Invited, { kind: 'invited' }>> {
  const ctx = accountsOf(opened)
  const { name = null, language = null, mayBeNew, organisation } = options
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw failure('bad-address', `'${address}' is no mail address`)
  const inviter = options.inviter ?? opened.config.brands[0]?.fromName ?? null
  return await opened.store.transaction(async (tx) => {
    const invited = await invite(tx, ctx, { address, name, language, inviter, mayBeNew, actor: ACTOR })
    if (invited.kind !== 'invited') throw refused(address, invited)
    if (organisation !== undefined) await joinOrganisation(tx, ctx, invited.person, organisation)
    return invited
  })
}

export function sayInvited(invited: Extract<Invited, { kind: 'invited' }>, { json }: { json?: boolean }): void {
  const { person, isNew, hours } = invited
  if (json) printJson([{ address: person.address, name: person.name, kind: person.kind, isNew, hours }])
  else process.stdout.write(`${person.address}: invited; the link in the mail works for ${hours} hours\n`)
}

function refused(address: string, invited: Exclude<Invited, { kind: 'invited' }>): PosthornError {
  switch (invited.kind) {
    case 'open':
      return failure(
        'has-account',
        `${invited.person.address} has an account that works`,
        "Whoever has forgotten the password gets a new one by 'Forgotten your password?' on the sign-in page.",
      )
    case 'disabled':
      return failure(
        'disabled',
        `the account of ${invited.person.address} is disabled`,
        `'posthorn user enable ${invited.person.address}' lets them in again.`,
      )
    case 'unknown':
      return failure(
        'no-such-person',
        `nobody has written from ${address}`,
        `'posthorn user add ${address}' makes an account for somebody new.`,
      )
    case 'own':
      return failure('own-address', `${address} is the address of a mailbox of ours`)
    case 'suppressed':
      return failure(
        'suppressed',
        `no mail is sent to ${address}: ${invited.reason}`,
        `'posthorn suppression remove ${address}' ends that.`,
      )
  }
}

function failure(code: string, message: string, hint?: string): PosthornError {
  return new PosthornError(code, message, { temporary: false, ...(hint === undefined ? {} : { hint }) })
}
