import type { FastifyInstance } from 'fastify'
import { signUp } from '../../accounts/sign-up.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { looksLikeAddress } from './looks-like-address.ts'
import { type AccountDeps, type Answer, accountPage, EMPTY, rejected } from './pages.ts'
import type { Visitor } from './visitor.ts'

const FIELDS = { name: { most: 200 }, address: { most: 320 } }

/** Signing up: the same page for everybody, whoever has an account already and whoever has none. */
export function signUpPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, '/sign-up', {
    get: async ({ visitor }) => ({ page: signUpPage(deps, visitor, { name: '', address: '' }, false) }),
    post: async ({ visitor, form: sent }) => {
      const fields = readFields(sent, FIELDS)
      if (!fields) return rejected(visitor)
      if (fields.name === '' || !looksLikeAddress(fields.address))
        return { status: 422, page: signUpPage(deps, visitor, fields, true) }
      const wish = { ...fields, language: visitor.language }
      deps.later('a sign-up', async () => await signUp(deps.ctx, wish, visitor.visit))
      return { to: '/check-email' }
    },
  })
  accountPage(part, deps, '/check-email', { get: async ({ visitor }) => checkEmail(deps, visitor) })
}

function signUpPage({ base }: AccountDeps, { t }: Visitor, value: { name: string; address: string }, tried: boolean) {
  const nameError = tried && value.name === '' ? t('field.name.missing') : ''
  const addressError = tried && !looksLikeAddress(value.address) ? t('field.address.wrong') : ''
  return {
    ...EMPTY,
    title: t('sign-up.title'),
    lead: [t('sign-up.text')],
    parts: [
      form({
        fields: [
          field({ name: 'name', label: t('field.name'), value: value.name, autocomplete: 'name', error: nameError }),
          field({
            name: 'address',
            label: t('field.address'),
            type: 'email',
            value: value.address,
            autocomplete: 'email',
            error: addressError,
          }),
        ],
        button: t('sign-up.button'),
      }),
    ],
    also: [{ href: `${base}/sign-in`, text: t('sign-up.have') }],
  }
}

/** What everybody sees who was promised a mail. */
export function checkEmail({ base, address }: Pick<AccountDeps, 'base' | 'address'>, { t }: Visitor): Answer {
  const page = {
    ...EMPTY,
    title: t('check-email.title'),
    lead: [t('check-email.text'), t('check-email.spam', { address })],
    also: [{ href: `${base}/sign-in`, text: t('link.sign-in') }],
  }
  return { page }
}
