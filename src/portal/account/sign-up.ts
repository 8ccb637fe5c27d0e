import type { FastifyInstance } from 'fastify'
import { signUp } from '../../accounts/sign-up.ts'
import type { AccountPage } from '../../render/account-pages.ts'
import { EFFORT_FIELDS, effortPart } from './altcha.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { type Alert, mayAskWith } from './limits.ts'
import { looksLikeAddress } from './looks-like-address.ts'
import { type AccountDeps, type Answer, accountPage, EMPTY, rejected } from './pages.ts'
import type { Visitor } from './visitor.ts'

const FIELDS = { name: { most: 200 }, address: { most: 320 }, ...EFFORT_FIELDS }

/** Signing up: the same page for everybody, whoever has an account already and whoever has none. */
export function signUpPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, '/sign-up', {
    get: async ({ visitor }) => ({ page: await signUpPage(deps, visitor, { name: '', address: '' }) }),
    post: async ({ visitor, form: sent }) => {
      const fields = readFields(sent, FIELDS)
      if (!fields) return rejected(visitor)
      const again = async (status: number, said: Partial<SignUpSaid>) => ({
        status,
        page: await signUpPage(deps, visitor, { ...fields, ...said }),
      })
      if (fields.name === '' || !looksLikeAddress(fields.address)) return await again(422, { tried: true })
      const asked = await mayAskWith(deps, visitor, fields)
      if (!asked.may) return await again(asked.status, { alerts: asked.alerts })
      const { name, address } = fields
      const wish = { name, address, language: visitor.language }
      deps.later('a sign-up', async () => await signUp(deps.ctx, wish, visitor.visit))
      return { to: '/check-email' }
    },
  })
  accountPage(part, deps, '/check-email', { get: async ({ visitor }) => checkEmail(deps, visitor) })
}

interface SignUpSaid {
  name: string
  address: string
  tried?: boolean
  alerts?: Alert[]
}

async function signUpPage(deps: AccountDeps, visitor: Visitor, said: SignUpSaid): Promise<AccountPage> {
  const { t } = visitor
  const { name, address, tried = false, alerts = [] } = said
  const effort = await effortPart(deps, visitor)
  const own = [
    field({
      name: 'name',
      label: t('field.name'),
      value: name,
      autocomplete: 'name',
      error: tried && name === '' ? t('field.name.missing') : '',
    }),
    field({
      name: 'address',
      label: t('field.address'),
      type: 'email',
      value: address,
      autocomplete: 'email',
      error: tried && !looksLikeAddress(address) ? t('field.address.wrong') : '',
    }),
  ]
  return {
    ...EMPTY,
    title: t('sign-up.title'),
    lead: [t('sign-up.text')],
    alerts,
    parts: [form({ ...effort, fields: [...own, ...effort.fields], button: t('sign-up.button') })],
    also: [{ href: `${deps.base}/sign-in`, text: t('sign-up.have') }],
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
