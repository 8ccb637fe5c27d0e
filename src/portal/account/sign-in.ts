import type { FastifyInstance } from 'fastify'
import { openLink } from '../../accounts/links.ts'
import { record } from '../../accounts/record.ts'
import { endSession } from '../../accounts/sessions.ts'
import { signIn, signInByLink } from '../../accounts/sign-in.ts'
import { isLanguage } from '../../model/language.ts'
import type { AccountPage } from '../../render/account-pages.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { identityLinks } from './identities.ts'
import { pathAfterMail } from './identity-visit.ts'
import { looksLikeAddress } from './looks-like-address.ts'
import { type AccountDeps, type Answer, type Asked, accountPage, EMPTY, rejected, type Sent } from './pages.ts'
import { passkeyButton } from './passkey-form.ts'
import { MOST_PASSWORD } from './password-fields.ts'
import { returnPath, withReturn } from './return-to.ts'
import { linkOver } from './set-password.ts'
import { stepInto } from './step-into.ts'
import type { Visitor } from './visitor.ts'

const ADDRESS_FIELDS = {
  address: { most: 320 },
  remember: { most: 3, optional: true },
  to: { most: 500, optional: true },
}
const PASSWORD_FIELDS = {
  address: { most: 320 },
  password: { most: MOST_PASSWORD, verbatim: true },
  remember: { most: 3, optional: true },
  to: { most: 500, optional: true },
}

/** Signing in: the address first, then the password. The pages are the same for an address that nobody has. */
export function signInPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, '/sign-in', {
    get: async ({ visitor, query }) => {
      const to = returnPath(query.get('to'))
      if (visitor.session?.stage === 'full') return { to }
      return { page: addressPage(deps, visitor, { address: visitor.cookie('address') ?? '', to, tried: false }) }
    },
    post: async (sent) => takeAddress(deps, sent),
  })
  accountPage(part, deps, '/sign-in/password', {
    get: async () => ({ to: '/sign-in' }),
    post: async (sent) => await takePassword(deps, sent),
  })
  accountPage(part, deps, '/link/:token', {
    get: async (asked) => await showLink(deps, asked),
    post: async (sent) => await takeLink(deps, sent),
  })
  accountPage(part, deps, '/sign-out', { post: async (sent) => await signOut(deps, sent) })
  accountPage(part, deps, '/language/:language', {
    get: async ({ visitor, params, query }) => {
      if (isLanguage(params.language)) visitor.set('language', params.language)
      return { to: returnPath(query.get('to')) }
    },
  })
}

function takeAddress(deps: AccountDeps, { visitor, form: sent }: Sent): Answer {
  const fields = readFields(sent, ADDRESS_FIELDS)
  if (!fields) return rejected(visitor)
  const to = returnPath(fields.to)
  if (!looksLikeAddress(fields.address))
    return { status: 422, page: addressPage(deps, visitor, { address: fields.address, to, tried: true }) }
  return { page: passwordPage(deps, visitor, { ...fields, to }, null) }
}

async function takePassword(deps: AccountDeps, { visitor, form: sent }: Sent): Promise<Answer> {
  const fields = readFields(sent, PASSWORD_FIELDS)
  if (!fields) return rejected(visitor)
  const { address, password } = fields
  const to = returnPath(fields.to)
  // Whoever has signed in with this browser before is not slowed by what others do to their account.
  const wish = { address, password, deviceToken: visitor.cookie('device'), browserToken: visitor.cookie('browser') }
  const signed = await signIn(deps.ctx, wish, visitor.visit)
  if (signed.kind !== 'in') return { status: 422, page: passwordPage(deps, visitor, { ...fields, to }, signed) }
  if (fields.remember === 'yes') visitor.set('address', address.toLowerCase())
  else visitor.drop('address')
  return stepInto(visitor, signed, to)
}

function addressPage(
  deps: AccountDeps,
  visitor: Visitor,
  { address, to, tried }: { address: string; to: string; tried: boolean },
): AccountPage {
  const { base } = deps
  const { t, cookie } = visitor
  return {
    ...EMPTY,
    title: t('sign-in.title'),
    parts: [
      form({
        action: `${base}/sign-in`,
        fields: [
          field({
            name: 'address',
            label: t('field.address'),
            type: 'email',
            value: address,
            autocomplete: 'username webauthn',
            error: tried ? t('field.address.wrong') : '',
          }),
          field({
            name: 'remember',
            label: t('sign-in.remember'),
            type: 'checkbox',
            required: false,
            checked: cookie('address') !== null,
            hint: t('sign-in.shared'),
          }),
          field({ name: 'to', label: '', type: 'hidden', value: to }),
        ],
        button: t('sign-in.next'),
      }),
      ...passkeyButton(deps, visitor, to),
    ],
    also: [
      ...identityLinks(deps, visitor, to),
      { href: `${base}/forgotten`, text: t('link.forgotten') },
      { href: `${base}/sign-up`, text: t('link.sign-up') },
    ],
  }
}

function passwordPage(
  { base }: AccountDeps,
  { t }: Visitor,
  fields: { address: string; remember: string; to: string },
  failed: { kind: 'wrong' | 'wait'; wait: number } | null,
): AccountPage {
  const alerts = failed ? [{ tone: 'error' as const, text: failureText(t, failed) }] : []
  return {
    ...EMPTY,
    title: t('sign-in.title'),
    lead: [fields.address],
    alerts,
    parts: [
      form({
        action: `${base}/sign-in/password`,
        fields: [
          field({ name: 'address', label: '', type: 'hidden', value: fields.address, autocomplete: 'username' }),
          field({ name: 'remember', label: '', type: 'hidden', value: fields.remember }),
          field({ name: 'to', label: '', type: 'hidden', value: fields.to }),
          field({
            name: 'password',
            label: t('field.password'),
            type: 'password',
            autocomplete: 'current-password',
          }),
        ],
        button: t('sign-in.button'),
      }),
    ],
    also: [
      { href: `${base}/forgotten`, text: t('link.forgotten') },
      { href: `${base}${withReturn('/sign-in', fields.to)}`, text: t('sign-in.other') },
    ],
  }
}

/** Why somebody was not let in. */
export function failureText(t: Visitor['t'], { kind, wait }: { kind: 'wrong' | 'wait'; wait: number }): string {
  const seconds = Math.ceil(wait / 1_000)
  const pause = seconds > 0 ? ` ${t('sign-in.wait', { seconds })}` : ''
  return kind === 'wrong' ? `${t('sign-in.wrong')}${pause}` : t('sign-in.tooMany', { seconds })
}

/** A mail scanner that opens the link sees a page; only its button signs in. */
async function showLink(deps: AccountDeps, { visitor, params }: Asked): Promise<Answer> {
  const link = await openLink(deps.ctx.store.db, deps.ctx, ['sign-in'], params.token)
  if (link?.state !== 'open') return linkOver(deps, visitor, link?.state ?? 'unknown', params.token ?? '')
  const { t } = visitor
  const parts = [form({ fields: [], button: t('sign-in.button') })]
  return { page: { ...EMPTY, title: t('sign-in.title'), lead: [t('by-link.text', { address: link.address })], parts } }
}

async function takeLink(deps: AccountDeps, { visitor, params }: Sent): Promise<Answer> {
  const wish = { token: params.token, deviceToken: visitor.cookie('device') }
  const used = await signInByLink(deps.ctx, wish, visitor.visit)
  if (used.kind === 'in') return stepInto(visitor, used, await pathAfterMail(deps, visitor))
  return linkOver(deps, visitor, used.state, params.token ?? '')
}

async function signOut({ ctx }: AccountDeps, { visitor }: Sent): Promise<Answer> {
  const { session, visit } = visitor
  if (session)
    await ctx.store.transaction(async (tx) => {
      await endSession(tx, session.personId, session.id)
      await record(tx, ctx, { personId: session.personId, visit }, 'signed-out')
    })
  visitor.drop('session')
  visitor.drop('visitor')
  // Whoever comes next to a shared computer is not asked to link somebody else's.
  visitor.drop('identity')
  return { to: '/sign-in' }
}
